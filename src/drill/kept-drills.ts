import type {KeptDrills} from '../screens/watch/model/drill.js';
import {hasTested} from './due.js';
import {idsIn, readReport} from './store.js';

/** Reports that are opened at most: one after the other may have been stopped. */
const mostRead = 20;

/**
 * Tells what the newest reports in a folder say, for who looks at the pair: at first, and then when there is another
 * newest one; undefined: nothing has changed, or the folder cannot be read. Never throws.
 */
export function keptDrillsIn(folder: string): () => Promise<KeptDrills | undefined> {
  let known: string | undefined;
  return async () => {
    try {
      const ids = await idsIn(folder);
      const newest = ids.at(-1) ?? '';
      if (newest === known) return undefined;
      known = newest;
      return await newestOf(folder, ids.slice(-mostRead).toReversed());
    } catch {
      return undefined;
    }
  };
}

async function newestOf(folder: string, ids: readonly string[]): Promise<KeptDrills> {
  const stopped: {fromMs: number; toMs: number}[] = [];
  let newest: KeptDrills['newest'] = null;
  for (const id of ids) {
    // oxlint-disable-next-line no-await-in-loop -- the first that counts is the first that is opened, mostly
    const read = await readReport(folder, id);
    // One that is broken hides none of the others.
    if (!('report' in read)) continue;
    const {startedAt, endedAt, rtoMs, fault, verdict} = read.report;
    const {result} = verdict;
    const endedAtMs = Date.parse(endedAt);
    if (result !== 'stopped') newest ??= {endedAtMs, rtoMs, result, fault};
    if (!hasTested(read.report)) stopped.push({fromMs: Date.parse(startedAt), toMs: endedAtMs});
    else return {newest, stopped, testedMs: endedAtMs};
  }
  return {newest, stopped, testedMs: null};
}
