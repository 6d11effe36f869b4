import {measured} from '../../screens/format.js';
import {glyph} from '../../screens/theme.js';
import {momentOf} from '../id.js';
import type {DrillReport} from '../report.js';
import {escaped, table} from './markdown-text.js';
import {monthsOf} from './months.js';
import {columnNames, columnsWith, stageRows, type StageRow} from './stage-rows.js';
import {
  leftWords,
  proofNames,
  resultWords,
  spanText,
  stoppingWords,
  targetWords,
  uncertaintyOf,
  workspaceWords,
} from './words.js';

/**
 * A report to paste into an issue or a wiki. Text that comes from hosts is escaped.
 * @param others the kept reports, oldest first; this one may be among them
 */
export function reportMarkdown(report: DrillReport, others: readonly DrillReport[]): string {
  const {sign, words} = resultWords[report.verdict.result];
  const {say, reasons, remarks} = report.verdict;
  const stopping = stoppingWords(report);
  const forced = report.preflight.forced
    ? report.preflight.checks
        .filter(({sign: one}) => one === 'stop')
        .map(({say: why}) => `Begun all the same: ${why}`)
    : [];
  return [
    `## Drill ${momentOf(report.id)}: ${sign} ${words}`,
    '',
    escaped(stopping === '' ? say : `${say} Before that, ${stopping}.`),
    ...bullets([...reasons, ...remarks, ...forced]),
    '',
    ...stages(report),
    '',
    ...table(['', ''], facts(report, others)),
    '',
  ].join('\n');
}

const bullets = (texts: readonly string[]) =>
  texts.length === 0 ? [] : ['', ...texts.map((text) => `- ${escaped(text)}`)];

const signs: Readonly<Record<StageRow['state'], string>> = {
  reached: glyph.done,
  late: glyph.warn,
  missed: glyph.failed,
  open: glyph.waiting,
};

function stages(report: DrillReport): string[] {
  const rows = stageRows(report);
  if (rows.length === 0) return ['No stage was reached.'];
  const columns = columnsWith(rows);
  return table(
    ['since the fault', 'this', ...columns.map((column) => columnNames[column]), 'note'],
    rows.map((row) => {
      const name = `${signs[row.state]} ${row.name}`;
      return [
        row.slowest ? `**${name}**` : name,
        spanText(row.ms),
        ...columns.map((column) => (row[column] === null ? '' : spanText(row[column]))),
        escaped(row.note),
      ];
    }),
    1 + columns.length,
  );
}

function facts(report: DrillReport, others: readonly DrillReport[]): string[][] {
  const target = targetWords(report);
  const months = monthsOf(report, others);
  const uncertain = uncertaintyOf(report);
  const {primary, standby} = report.openclaw;
  const proofs = report.proofs.map(({kind, ok, ms, detail}) =>
    [
      `${ok ? glyph.done : glyph.failed} ${proofNames[kind]}`,
      ms === null ? '' : ` ${measured(Math.max(0, ms))}`,
      detail === '' ? '' : `: ${escaped(detail)}`,
    ].join(''),
  );
  return [
    ['pair', escaped(report.pair)],
    ['fault', report.fault],
    ...(target === '' ? [] : [['measured against', target]]),
    ...(months === null ? [] : [[months.label, `${months.bars} ${months.words}, ${months.since}`]]),
    ...(proofs.length === 0 ? [] : [['proofs', proofs.join('<br>')]]),
    ['workspace', escaped(workspaceWords(report))],
    ['hosts', escaped(leftWords(report).words)],
    ...(uncertain === null ? [] : [['clocks', `times of the hosts are known to ±${uncertain} ms`]]),
    [
      'OpenClaw',
      `${escaped(primary ?? 'not known')} on the primary, ${escaped(standby ?? 'not known')} on the standby`,
    ],
    ['failover-wizard', escaped(report.program)],
    ['began', `${report.startedAt}, ended ${report.endedAt}`],
  ];
}
