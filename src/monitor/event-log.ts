import {constants} from 'node:fs';
import {open, rename, type FileHandle} from 'node:fs/promises';
import type {MonitorEvent} from './events.js';

/** events.jsonl, and two older ones beside it (`.1`, `.2`). */
export interface EventLog {
  /** Appends whole lines and has them on the disk when it returns. @throws the system's error (ENOSPC, EROFS …) */
  append(events: readonly MonitorEvent[]): Promise<void>;
  /** `seq` of the last complete line; 0 without one. */
  lastSeq(): Promise<number>;
  /** The newest events, oldest first: as many as lie in the last 64 KiB of the file. */
  tail(): Promise<MonitorEvent[]>;
}

export function eventLog(file: string, maxBytes = 1 << 20): EventLog {
  return {
    async append(events) {
      const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      await rotate(file, maxBytes, Buffer.byteLength(text));
      const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o644);
      try {
        const {size} = await handle.stat();
        if (size === 0) await handle.chmod(0o644);
        // A line that was cut off by a crash or a full disk must not swallow the next one.
        const whole = size === 0 || (await lastByte(handle, size)) === '\n';
        await appendOrUndo(handle, whole ? text : `\n${text}`, size);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },

    async lastSeq() {
      for (const name of [file, `${file}.1`]) {
        const last = (await tailOf(name)).findLast(({seq}) => typeof seq === 'number');
        if (last) return last.seq;
      }
      return 0;
    },

    tail: () => tailOf(file),
  };
}

async function rotate(file: string, maxBytes: number, growBytes: number): Promise<void> {
  const size = await sizeOf(file);
  if (size === 0 || size + growBytes <= maxBytes) return;
  await rename(`${file}.1`, `${file}.2`).catch(ignoreMissing);
  await rename(file, `${file}.1`).catch(ignoreMissing);
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

/** Bytes from the end of the file that are read for the newest events. */
const tailBytes = 64 * 1024;

/** Complete lines only, and only those that are events. Nothing was logged yet: none. */
async function tailOf(file: string): Promise<MonitorEvent[]> {
  try {
    const handle = await open(file, 'r');
    try {
      const {size} = await handle.stat();
      const length = Math.min(size, tailBytes);
      const {buffer} = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const lines = buffer.toString('utf8').split('\n').slice(0, -1);
      return lines.map(parseLine).filter((event) => event !== undefined);
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}

function parseLine(line: string): MonitorEvent | undefined {
  try {
    const tree: unknown = JSON.parse(line);
    return typeof tree === 'object' && tree !== null ? (tree as MonitorEvent) : undefined;
  } catch {
    return undefined;
  }
}
