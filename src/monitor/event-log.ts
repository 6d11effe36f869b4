import {open} from 'node:fs/promises';
import type {MonitorEvent} from './events.js';
import {appendLines} from './growing-file.js';

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
    append: (events) =>
      appendLines(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''), {
        maxBytes,
        older: 2,
        sync: true,
      }),

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
