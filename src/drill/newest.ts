import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {hasTested} from './due.js';
import {drillReport, type DrillReport} from './report.js';

const reportName = /^(\d{4}-\d\d-\d\dT\d{4})(?:-(\d+))?\.json$/;

/**
 * The reports that say when the next drill is due: from the newest back to the first that passed, newest first. What
 * is no report, or of another version, is passed over.
 * @param folder `drills` of a pair; one that is not there holds none
 */
export async function newestDrillsOf(folder: string): Promise<DrillReport[]> {
  const found: DrillReport[] = [];
  for (const name of newestFirst(await namesIn(folder))) {
    // One after the other, because the first or second is usually the last that is needed.
    // oxlint-disable-next-line no-await-in-loop
    const report = await reportIn(join(folder, name));
    if (report === undefined) continue;
    found.push(report);
    if (hasTested(report)) break;
  }
  return found;
}

/** By the time in the name, then by the number behind it, which is no text: `-10` comes after `-9`. */
function newestFirst(names: readonly string[]): string[] {
  return names
    .flatMap((name) => {
      const match = reportName.exec(name);
      return match ? [{name, time: match[1] ?? '', number: Number(match[2] ?? 0)}] : [];
    })
    .toSorted((one, other) => other.time.localeCompare(one.time) || other.number - one.number)
    .map(({name}) => name);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function reportIn(path: string): Promise<DrillReport | undefined> {
  try {
    const {success, data} = drillReport.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}
