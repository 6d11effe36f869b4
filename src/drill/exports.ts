import type {History} from './history.js';
import {msOf} from './comparisons.js';
import {stageIds, type DrillReport} from './report.js';

/** What `drill history --json` prints: whole reports, failovers, and the trend; times ms and ISO as in the reports. */
export function historyJson({pair, reports, broken, failovers, notRead, trends}: History): object {
  return {pair, drills: reports, failovers, trend: trends, notRead, broken};
}

const fields: readonly [string, (report: DrillReport) => string | number | null][] = [
  ['id', ({id}) => id],
  ['pair', ({pair}) => pair],
  ['fault', ({fault}) => fault],
  ['started_at', ({startedAt}) => startedAt],
  ['fault_at', ({faultAt}) => faultAt],
  ['ended_at', ({endedAt}) => endedAt],
  ['result', ({verdict}) => verdict.result],
  ['outcome', ({outcome}) => outcome],
  ['rto_ms', ({rtoMs}) => rtoMs],
  ['rpo_ms', ({rpoMs}) => rpoMs],
  ['target_rto_ms', ({targets}) => targets.rtoMs],
  ['target_rpo_ms', ({targets}) => targets.rpoMs],
  ...stageIds
    .map((id) => [`${id.replaceAll('-', '_')}_ms`, (report: DrillReport) => msOf(report, id)] as const)
    .map(([name, of]): [string, (report: DrillReport) => number | null] => [name, of]),
  ['openclaw_primary', ({openclaw}) => openclaw.primary],
  ['openclaw_standby', ({openclaw}) => openclaw.standby],
  ['say', ({verdict}) => verdict.say],
];

/** One row for each drill, oldest first, under a row of names (RFC 4180); what was not measured is empty. */
export function historyCsv(reports: readonly DrillReport[]): string {
  const rows = [
    fields.map(([name]) => name),
    ...reports.map((report) => fields.map(([, of]) => cell(of(report)))),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run a text that begins so; the apostrophe makes it text, and is not shown.
  const text = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
