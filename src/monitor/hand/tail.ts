import {open, type FileHandle} from 'node:fs/promises';

/** bytes read at once; an event is far shorter. */
const chunkBytes = 64 * 1024;

/** Lines that are appended to a file from now on, also after it was rotated; asked for by `take`, never waiting. */
export interface Tail {
  take(): Promise<string | undefined>;
  close(): void;
}

/** A file that is not there yet is waited for. @throws the system's error for one that cannot be read */
export async function tailOf(file: string): Promise<Tail> {
  const lines: string[] = [];
  let rest = '';
  let at: {handle: FileHandle; inode: number; offset: number} | undefined;

  const openIt = async (from: 'end' | 'start') => {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return undefined;
    const {ino, size} = await handle.stat();
    return {handle, inode: ino, offset: from === 'end' ? size : 0};
  };

  const readOn = async () => {
    if (!at) return;
    const {buffer, bytesRead} = await at.handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at.offset);
    at.offset += bytesRead;
    // latin1 keeps bytes apart: a character may lie across two chunks.
    const parts = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => Buffer.from(part, 'latin1').toString('utf8')));
  };

  const followRotation = async () => {
    const fresh = await openIt('start');
    if (!fresh) return;
    if (at && fresh.inode === at.inode) {
      await fresh.handle.close();
      return;
    }
    await at?.handle.close();
    at = fresh;
    rest = '';
    await readOn();
  };

  at = await openIt('end');
  return {
    async take() {
      if (lines.length === 0) await readOn();
      if (lines.length === 0) await followRotation();
      return lines.shift();
    },
    close: () => void at?.handle.close().catch(() => {}),
  };
}
