import {hasTested} from './due.js';
import type {DrillReport} from './report.js';
import {idsIn, readReport} from './store.js';

/**
 * The reports that say when the next drill is due: from the newest back to the first that tested the whole way, newest
 * first. What is no report, or of another version, is passed over.
 * @param folder `drills` of a pair; one that is not there holds none
 * @param most reports that are opened at most
 */
export async function newestDrillsOf(
  folder: string,
  most = Number.POSITIVE_INFINITY,
): Promise<DrillReport[]> {
  const found: DrillReport[] = [];
  for (const id of (await idsIn(folder)).toReversed().slice(0, most)) {
    // One after the other, because the first or second is usually the last that is needed.
    // oxlint-disable-next-line no-await-in-loop
    const read = await readReport(folder, id);
    if (!('report' in read)) continue;
    found.push(read.report);
    if (hasTested(read.report)) break;
  }
  return found;
}
