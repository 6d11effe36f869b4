import {constants} from 'node:fs';
import {open, rename, type FileHandle} from 'node:fs/promises';

/** How a file of lines grows. */
export interface Growth {
  /** bytes; before it would be larger it gets another name. */
  maxBytes: number;
  /** How many older ones stay beside it: `.1` is the newest of them. */
  older: number;
  /** Whether the lines are on the disk itself when it returns, and survive a power cut. */
  sync: boolean;
}

/**
 * Appends whole lines, all of them or nothing; readable by everybody, as nothing secret reaches the monitor.
 * @throws the system's error (ENOSPC, EROFS …)
 */
export async function appendLines(
  file: string,
  text: string,
  {maxBytes, older, sync}: Growth,
): Promise<void> {
  await rotate(file, maxBytes, Buffer.byteLength(text), older);
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o644);
  try {
    const {size} = await handle.stat();
    if (size === 0) await handle.chmod(0o644);
    // A line that was cut off by a crash or a full disk must not swallow the next one.
    const whole = size === 0 || (await lastByte(handle, size)) === '\n';
    await appendOrUndo(handle, whole ? text : `\n${text}`, size);
    if (sync) await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function rotate(file: string, maxBytes: number, growBytes: number, older: number): Promise<void> {
  const size = await sizeOf(file);
  if (size === 0 || size + growBytes <= maxBytes) return;
  const names = [file, ...Array.from({length: older}, (_, index) => `${file}.${index + 1}`)];
  // The oldest first, so that none is written over before it has moved on.
  for (let at = names.length - 1; at > 0; at--)
    // oxlint-disable-next-line no-await-in-loop
    await rename(names[at - 1]!, names[at]!).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** All of the text or nothing: on a disk that fills up in the middle the file gets its old length back. */
async function appendOrUndo(handle: FileHandle, text: string, size: number): Promise<void> {
  try {
    await handle.writeFile(text);
  } catch (error) {
    await handle.truncate(size).catch(() => {});
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const handle = await open(file, 'r');
    const {size} = await handle.stat().finally(() => handle.close());
    return size;
  } catch {
    return 0;
  }
}

async function lastByte(handle: FileHandle, size: number): Promise<string> {
  const {buffer} = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString('latin1');
}
