import type {KeptDrills} from '../screens/watch/model/drill.js';
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
  for (const id of ids) {
    // oxlint-disable-next-line no-await-in-loop -- the first that counts is the first that is opened, mostly
    const read = await readReport(folder, id);
    // One that is broken hides none of the others.
    if (!('report' in read)) continue;
    const {startedAt, endedAt, rtoMs, fault, verdict} = read.report;
    const {result} = verdict;
    if (result !== 'stopped')
      return {newest: {endedAtMs: Date.parse(endedAt), rtoMs, result, fault}, stopped};
    stopped.push({fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt)});
  }
  return {newest: null, stopped};
}
