import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {chaptersIn} from '../../src/explain/chapters.js';
import {parseEvents, parseRecord} from '../../src/explain/parse.js';
import {storiesIn} from '../../src/explain/stories.js';
import {draw, type Variant} from '../simulator/sequence.js';
import {run, type Outcome} from '../simulator/run.js';
import {parseShort} from '../simulator/story.js';

/** A run of the simulator, told by its faults in short form, or by its seed. */
export const played = (faults: string | number, variant: Variant = 'usual'): Promise<Outcome> =>
  run(typeof faults === 'number' ? draw(faults) : {seed: 1, variant, faults: parseShort(faults)});

/** The runs whose files lie beside this one; `npx tsx test/explain/record-runs.ts` writes them anew. */
export const kept = {
  /** An operator stops the primary's gateway, and forgets it. */
  stopped: '4@20000+300000#1',
  /** The same, and starts it again in time. */
  cleared: '4@20000+12000#1',
  /** Only the private network is cut. */
  partition: '23@20000+60000#1',
  /** The primary's unit fails in a pause. */
  paused: 'pause@12000+60000#1 2@20000+200000#1',
} as const;
export type Kept = keyof typeof kept;

export const folderOf = (name: Kept) => fileURLToPath(new URL(`recorded/${name}`, import.meta.url));

/** What a standby has kept of a run. */
export function keptRun(name: Kept) {
  const read = (file: string) => readFileSync(`${folderOf(name)}/${file}`, 'utf8');
  return {
    stories: storiesIn(parseEvents(read('events.jsonl'))),
    chapters: chaptersIn(parseRecord(read('record.jsonl'))),
  };
}
