import {measured} from '../../screens/format.js';
import {stageIds, stageNames, type DrillReport, type StageId, type StageReport} from '../report.js';

/** A stage as a row of a report, in words that a screen and Markdown share. */
export interface StageRow {
  id: StageId;
  name: string;
  /** `missed`: it should have been reached; `late`: it was, much later than usual or than was promised. */
  state: 'reached' | 'late' | 'missed' | 'open';
  ms: number | null;
  usualMs: number | null;
  promisedMs: number | null;
  plainMs: number | null;
  slowest: boolean;
  note: string;
}

/** What everything is counted from needs no row, and what was before it is said in a sentence. */
const unlisted: ReadonlySet<StageId> = new Set(['stopping', 'fault']);

/** What a takeover cannot do without. */
const needed: ReadonlySet<StageId> = new Set(['first-bad', 'verdict', 'started', 'ready', 'connected']);

/** Slower than usual by more than this much wants to be seen, as in the live view. */
const lateFactor = 1.5;
const lateMs = 1000;

/** A report may leave out what was not reached. */
const unreached = {ms: null, usualMs: null, promisedMs: null, plainMs: null, note: ''};

/** The stages that have something to say, in their usual order. */
export function stageRows(report: DrillReport): StageRow[] {
  const all = stageIds.map((id) => report.stages.find((stage) => stage.id === id) ?? {...unreached, id});
  return all
    .filter((stage) => !unlisted.has(stage.id) && (stage.ms !== null || isMissed(report, stage)))
    .map((stage): StageRow => {
      const {id, ms, usualMs, promisedMs, plainMs} = stage;
      const slowest = report.verdict.slowest?.id === id;
      return {
        id,
        name: stageNames[id],
        state: stateOf(report, stage),
        ms,
        usualMs,
        promisedMs,
        plainMs,
        slowest,
        note: noteOf(stage, slowest ? (report.verdict.slowest?.tookMs ?? null) : null),
      };
    });
}

/** Not reached, although earlier drills did or a takeover had to. */
function isMissed({expected, outcome, verdict}: DrillReport, {id, usualMs}: StageReport): boolean {
  if (outcome === 'takeover') return usualMs !== null || needed.has(id);
  return expected === 'takeover' && verdict.result !== 'stopped' && needed.has(id);
}

const isOver = ({ms, promisedMs}: StageReport) => ms !== null && promisedMs !== null && ms > promisedMs;

function stateOf(report: DrillReport, stage: StageReport): StageRow['state'] {
  const {ms, usualMs, id} = stage;
  if (ms === null) return report.verdict.result === 'failed' && needed.has(id) ? 'missed' : 'open';
  const slow = usualMs !== null && usualMs > 0 && ms > usualMs * lateFactor + lateMs;
  return slow || isOver(stage) ? 'late' : 'reached';
}

function noteOf(stage: StageReport, slowestMs: number | null): string {
  return [
    slowestMs === null ? '' : `slowest, ${measured(slowestMs)}`,
    isOver(stage) ? `promised ${measured(stage.promisedMs!)}` : '',
    stage.note,
  ]
    .filter(Boolean)
    .join('; ');
}

export type NumberColumn = 'usualMs' | 'promisedMs' | 'plainMs';
export const columnNames: Readonly<Record<NumberColumn, string>> = {
  usualMs: 'usual',
  promisedMs: 'promised',
  plainMs: 'plain rule',
};

/** The columns that have anything in them. */
export function columnsWith(rows: readonly StageRow[]): NumberColumn[] {
  const all: NumberColumn[] = ['usualMs', 'promisedMs', 'plainMs'];
  return all.filter((column) => rows.some((row) => row[column] !== null));
}
