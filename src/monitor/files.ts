import {constants} from 'node:fs';
import {open, rename, unlink} from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces a file in one step: a temporary file beside it, fsync, rename. World-readable: what the monitor keeps
 * holds no secrets and is read by `watch` without root.
 * @throws the system's error (ENOSPC, EROFS …); nothing half-written stays behind.
 */
export async function replaceFile(file: string, text: string, {sync = true} = {}): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.new`);
  const handle = await open(temporary, 'w', 0o644);
  try {
    await handle.writeFile(text);
    // The umask of the unit is 0077.
    await handle.chmod(0o644);
    if (sync) await handle.sync();
    await handle.close();
    await rename(temporary, file);
    if (sync) await syncFolder(path.dirname(file));
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The text of a small file that somebody else writes: regular files only, never through a link, never waiting (a
 * FIFO), never more than `maxBytes`. undefined: not there, or not such a file.
 */
export async function readSmall(file: string, maxBytes = 8192): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const {bytesRead, buffer} = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Untrusted text on one line: control characters become spaces, cut to `length` characters. */
export const oneLine = (text: string, length = 200) =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, length);
