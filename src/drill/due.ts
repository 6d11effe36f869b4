import type {DrillReport} from './report.js';

/** ms; the whole way is to be tested once a month. */
export const everyMs = 30 * 86_400_000;
/** ms; a drill that passed this lately has done for its month, also where the next date comes a little after it is due. */
export const freshMs = everyMs / 2;

/** How it stands with the drills of a pair. Times are epoch ms of this machine. */
export interface Due {
  /** The end of the newest drill in which the standby took over, and that passed, remarks or not; null: none has. */
  passedMs: number | null;
  /** From when on the next one is due; null: since ever, because none has passed. */
  dueMs: number | null;
  isDue: boolean;
  /** One has failed since, and none has passed. */
  failed: boolean;
  /** The newest of all, however it ended; null: there was none. */
  newest: {id: string; endedMs: number; result: DrillReport['verdict']['result']; say: string} | null;
}

/** When the next drill is due by the reports of the earlier ones, in any order. Pure. */
export function dueOf(
  reports: readonly Pick<DrillReport, 'id' | 'endedAt' | 'verdict' | 'outcome'>[],
  nowMs: number,
): Due {
  const drills = reports
    .map(({id, endedAt, outcome, verdict: {result, say}}) => ({
      id,
      endedMs: Date.parse(endedAt),
      result,
      say,
      whole: hasTested({outcome, verdict: {result}}),
    }))
    .toSorted((one, other) => one.endedMs - other.endedMs);
  const passedMs = drills.findLast(({whole}) => whole)?.endedMs ?? null;
  const dueMs = passedMs === null ? null : passedMs + everyMs;
  const failed = drills.some(({result, endedMs}) => result === 'failed' && endedMs > (passedMs ?? -Infinity));
  const isDue = dueMs === null || nowMs >= dueMs;
  return {passedMs, dueMs, isDue, failed, newest: drills.at(-1) ?? null};
}

/**
 * The whole way was gone, and well: remarks are things to look at. A primary that was back before the standby was
 * needed, and a standby that kept still, say nothing of a takeover.
 */
export const hasTested = ({
  outcome,
  verdict: {result},
}: {
  outcome: DrillReport['outcome'];
  verdict: Pick<DrillReport['verdict'], 'result'>;
}): boolean => outcome === 'takeover' && (result === 'passed' || result === 'remarks');
