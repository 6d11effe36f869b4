import type {DrillView} from '../../drill/events.js';
import {stageNames, type StageId} from '../../drill/report.js';
import {measured} from '../format.js';
import type {Ledger, LedgerStage} from '../watch/model/sample.js';

/** The stages of a drill as the rows of a failover are drawn: what was reached, what is waited for, what is to come. Pure. */
export function ledgerOfDrill({
  faultAtMs,
  timeline,
  ahead,
  usual,
  promised,
  sinceMs,
  fault,
}: DrillView): Ledger {
  const reached = (id: StageId) => timeline[id];
  const ids = [
    ...ahead,
    ...(['held', 'handed-back'] as const).filter((id) => reached(id) && !ahead.includes(id)),
  ];
  const inOrder = ids.toSorted((a, b) => rank(a, reached(a)?.atMs, ahead) - rank(b, reached(b)?.atMs, ahead));
  // What was passed over may still come, and is not what is waited for.
  const last = ahead.findLastIndex((id) => reached(id) !== undefined);
  const next = ahead.find((id, index) => index > last && reached(id) === undefined);
  const stages = inOrder.map((id): LedgerStage => {
    const at = reached(id);
    const running = at === undefined && id === next;
    return {
      name: stageName(id, fault),
      state: at ? 'done' : running ? 'running' : 'waiting',
      atMs: at?.atMs ?? (running ? sinceMs : null),
      sinceMs:
        at === undefined || id === 'stopping' || faultAtMs === null ? null : Math.round(at.atMs - faultAtMs),
      usualMs: usual[id] ?? null,
      note: at ? noteOf(id, at, faultAtMs) : promisedWords(promised[id]),
    };
  });
  return {kind: 'takeover', beganMs: faultAtMs ?? sinceMs, endedMs: null, outcome: null, stages};
}

/** The words for a stage of a drill with this fault, in the past. */
export const stageName = (id: StageId, fault: DrillView['fault']): string =>
  id === 'fault' ? faultNames[fault] : stageNames[id];

const faultNames: Readonly<Record<DrillView['fault'], string>> = {
  stop: 'primary stopped',
  kill: 'primary killed',
  hang: 'primary halted',
  partition: 'network cut',
  reboot: 'reboot asked for',
};

/** What was before the fault has no time since it. */
function noteOf(id: StageId, {atMs, note}: {atMs: number; note: string}, faultAtMs: number | null): string {
  return id === 'stopping' && faultAtMs !== null ? `it took ${measured(faultAtMs - atMs)} to stop` : note;
}

const promisedWords = (ms: number | undefined) =>
  ms === undefined ? '' : `promised within ${Math.round(ms / 1000)} s`;

/** What was reached stands where it was reached; what is to come keeps its order behind that. */
const rank = (id: StageId, atMs: number | undefined, ahead: readonly StageId[]) =>
  atMs ?? Number.MAX_SAFE_INTEGER - 1000 + ahead.indexOf(id);
