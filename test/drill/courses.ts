import {readFileSync} from 'node:fs';
import {parseTold} from '../../src/sampler/parse.js';
import type {EventTold} from '../../src/sampler/told.js';
import {folderOf, type Kept} from '../explain/recorded.js';

/** A log of the monitor that is kept beside the tests of `explain`, as it comes over to a watching machine. */
export function keptEvents(name: Kept): EventTold[] {
  return readFileSync(`${folderOf(name)}/events.jsonl`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const told = parseTold(`event ${line}`);
      if (told?.kind !== 'event') throw new TypeError(`no event: ${line}`);
      return told.event;
    });
}

/** The same log on a standby whose clock was set by `ms`, from the event `seq` on. */
export const clockSet = (events: readonly EventTold[], ms: number, seq = 0): EventTold[] =>
  events.map((event) => (event.seq < seq ? event : {...event, atMs: event.atMs + ms}));
