import type {DrillReport} from './report.js';

/** ms; the whole way is to be tested once a month. */
export const everyMs = 30 * 86_400_000;
/** ms; a drill that passed this lately has done for its month, also where the next date comes a little after it is due. */
export const freshMs = everyMs / 2;

/** How it stands with the drills of a pair. Times are epoch ms of this machine. */
export interface Due {
  /** The end of the newest drill that passed, remarks or not; null: none has. */
  passedMs: number | null;
  /** From when on the next one is due; null: since ever, because none has passed. */
  dueMs: number | null;
  isDue: boolean;
  /** The newest of all, however it ended; null: there was none. */
  newest: {id: string; endedMs: number; result: DrillReport['verdict']['result']; say: string} | null;
}

/** When the next drill is due by the reports of the earlier ones, in any order. Pure. */
export function dueOf(
  reports: readonly Pick<DrillReport, 'id' | 'endedAt' | 'verdict'>[],
  nowMs: number,
): Due {
  const drills = reports
    .map(({id, endedAt, verdict: {result, say}}) => ({id, endedMs: Date.parse(endedAt), result, say}))
    .toSorted((one, other) => one.endedMs - other.endedMs);
  const passedMs = drills.findLast(({result}) => hasPassed(result))?.endedMs ?? null;
  const dueMs = passedMs === null ? null : passedMs + everyMs;
  return {passedMs, dueMs, isDue: dueMs === null || nowMs >= dueMs, newest: drills.at(-1) ?? null};
}

/** Remarks are things to look at; the way was gone all the same. */
export const hasPassed = (result: DrillReport['verdict']['result']) =>
  result === 'passed' || result === 'remarks';
