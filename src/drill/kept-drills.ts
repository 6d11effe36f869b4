import type {KeptDrills} from '../screens/watch/model/drill.js';
import {hasTested} from './due.js';
import {newestDrillsOf} from './newest.js';
import type {DrillReport} from './report.js';
import {idsIn} from './store.js';

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
      const newest = (await idsIn(folder)).at(-1) ?? '';
      if (newest === known) return undefined;
      known = newest;
      return keptOf(await newestDrillsOf(folder, mostRead));
    } catch {
      return undefined;
    }
  };
}

/** What is to be known of reports, newest first, of which only the last one may have tested the whole way. Pure. */
function keptOf(reports: readonly DrillReport[]): KeptDrills {
  const [newest = null] = reports.flatMap(({endedAt, rtoMs, fault, verdict: {result}}) =>
    result === 'stopped' ? [] : [{endedAtMs: Date.parse(endedAt), rtoMs, result, fault}],
  );
  const tested = reports.findLast(hasTested);
  return {
    newest,
    stopped: reports
      .filter((report) => report !== tested)
      .map(({startedAt, endedAt}) => ({fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt)})),
    testedMs: tested ? Date.parse(tested.endedAt) : null,
  };
}
