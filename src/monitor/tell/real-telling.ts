import {readFile} from 'node:fs/promises';
import os from 'node:os';
import {takeFile} from '../control.js';
import type {MonitorEvent} from '../events.js';
import {oneLine, readSmall} from '../files.js';
import type {MonitorPaths} from '../paths.js';
import {deliverInChild, ownProgram} from './child.js';
import {loadKept, saveKept} from './queue-file.js';
import {parseTargets} from './targets.js';
import {Telling} from './telling.js';

/** Bytes of the log that are looked through for what was not told; an event has about one thousand. */
const tailBytes = 256 * 1024;

/** Telling on the host itself. */
export function realTelling(
  paths: MonitorPaths,
  {pair, signal, nowMs}: {pair: string; signal: AbortSignal; nowMs: () => number},
): Telling {
  return new Telling(
    {
      nowMs,
      load: () => loadKept(paths.tellQueue),
      save: (kept) => saveKept(paths.tellQueue, kept),
      logged: () => newestEvents(paths.events),
      async targets() {
        const text = await readSmall(paths.notify, 64 * 1024);
        // Before setup writes it there is nobody to tell.
        return text === undefined ? [] : parseTargets(text);
      },
      async takeTest() {
        const word = oneLine((await readSmall(paths.tellTest, 256)) ?? '', 64);
        return word !== '' && (await takeFile(paths.tellTest)) ? word : undefined;
      },
      deliver: (work) => deliverInChild(ownProgram(paths.root), work, signal),
    },
    {pair, host: os.hostname()},
  );
}

async function newestEvents(file: string): Promise<MonitorEvent[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.slice(-tailBytes).split('\n').flatMap(parseEvent);
}

function parseEvent(line: string): MonitorEvent[] {
  try {
    const event = JSON.parse(line) as Partial<MonitorEvent> | null;
    const whole =
      typeof event?.seq === 'number' &&
      typeof event.say === 'string' &&
      typeof event.ms === 'number' &&
      typeof event.boot === 'string' &&
      typeof event.evidence === 'object' &&
      typeof event.durations === 'object';
    return whole ? [event as MonitorEvent] : [];
  } catch {
    return [];
  }
}
