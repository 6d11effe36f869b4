import {table, type Row} from '../../monitor/machine.js';
import {stateNames} from '../../monitor/memory.js';
import {rules, type Rule} from '../../monitor/verdict.js';
import type {MonitorSettings} from '../../monitor/settings.js';

/** A row of the transition table as plain words, for people and programs. */
export interface StateRow {
  /** The states it is for; all of them in the order of the table. */
  from: readonly string[];
  everywhere: boolean;
  on: readonly string[];
  /** Absent: always. */
  if?: string;
  /** `same`: the state stays, and its age. */
  to: string;
  event: string;
  level: string;
  act: readonly string[];
  /** With `{words}` that are filled in when it is said. */
  say: string;
}

/** The transition table in its order: the first row that fits wins. */
export function stateRows(rows: readonly Row[] = table): StateRow[] {
  return rows.map(({from, on, to, event, level, act, say, ...row}) => ({
    from,
    everywhere: stateNames.every((state) => from.includes(state)),
    on,
    ...(row.if !== undefined && {if: row.if}),
    to,
    event,
    level,
    act,
    say,
  }));
}

/** A row of the verdict table: what bad probes and answers mean, and for how long that must hold to be a verdict. */
export interface ReasonRow {
  reason: string;
  evidence: string;
  /** ms; null: it never is one. */
  deadAfterMs: number | null;
  /** Separate looks that have to say so. */
  looks: number;
}

/** The verdict table in its order, with the times of these settings and nothing learned yet. */
export function reasonRows(settings: MonitorSettings, rows: readonly Rule[] = rules): ReasonRow[] {
  return rows.map(({reason, title, holdMs, looks}) => {
    const ms = holdMs(settings, {restarts: []});
    return {reason, evidence: title, deadAfterMs: Number.isFinite(ms) ? ms : null, looks};
  });
}
