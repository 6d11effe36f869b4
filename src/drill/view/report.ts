import {clean, clip, widthOf, wrap, wrapHanging} from '../../screens/clip.js';
import {measured} from '../../screens/format.js';
import {
  blank,
  clipLine,
  dim,
  inset,
  lineWidth,
  span,
  spread,
  wrapLine,
  type Line,
  type Span,
} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import {momentOf} from '../id.js';
import type {DrillReport} from '../report.js';
import {monthsOf, type Months} from './months.js';
import {columnNames, columnsWith, stageRows, type NumberColumn, type StageRow} from './stage-rows.js';
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

export interface ReportContext {
  /** The kept reports, oldest first; this one may be among them. */
  others: readonly DrillReport[];
  /** Of the terminal; 80 and more are used. */
  columns: number;
  /** Where the Markdown lies; null: it is not kept. */
  path: string | null;
}

/** Wider lines are not read more easily. */
const widest = 118;
const labelColumns = 12;

/** A report as rows for a terminal; those of a takeover without remarks fit 80x24. */
export function reportLines(report: DrillReport, {others, columns, path}: ReportContext): Line[] {
  const width = Math.min(widest, Math.max(40, columns - 2));
  const lines = [
    titleLine(report, width),
    ...sentences(report, width),
    ...stageLines(report, width),
    blank,
    ...footLines(report, others, width),
    ...(path === null ? [] : [labelled('report', [span(path)])]),
  ];
  return lines.map(inset);
}

function titleLine(report: DrillReport, width: number): Line {
  const {sign, words, tone} = resultWords[report.verdict.result];
  const target = targetWords(report);
  const front = (...words: Span[]): Line => [
    span(`Drill ${momentOf(report.id)}   `, {bold: true}),
    ...words,
    span(report.fault, {bold: true}),
  ];
  const right: Line = [
    span(`${sign} ${words}`, {tone, bold: true}),
    ...(target === '' ? [] : [dim(`   ${target}`)]),
  ];
  const fault = dim('fault: ');
  const wordings = [front(dim(`${clean(report.pair)}   `), fault), front(fault), front()];
  const room = width - lineWidth(right) - 2;
  return spread(wordings.find((left) => lineWidth(left) <= room) ?? front(), right, width);
}

/** What came of it, then why; each in as many rows as it needs. */
function sentences(report: DrillReport, width: number): Line[] {
  const {say, reasons, remarks} = report.verdict;
  return [
    ...wrap(clean(say), width).map((text): Line => [span(text)]),
    ...reasons.flatMap((text) => signed(glyph.failed, text, 'bad', width)),
    ...remarks.flatMap((text) => signed(glyph.warn, text, 'warn', width)),
    ...report.preflight.checks
      .filter(({sign}) => sign === 'stop' && report.preflight.forced)
      .flatMap(({say: why}) => signed(glyph.warn, `Begun all the same: ${why}`, 'warn', width)),
  ];
}

function signed(sign: string, text: string, tone: 'warn' | 'bad', width: number): Line[] {
  return wrapHanging(clean(text), width - 2, 0).map((row, index): Line => [
    index === 0 ? span(`${sign} `, {tone, bold: true}) : span('  '),
    span(row),
  ]);
}

const signs: Readonly<Record<StageRow['state'], Span>> = {
  reached: span(glyph.done, {tone: 'good'}),
  late: span(glyph.warn, {tone: 'warn'}),
  missed: span(glyph.failed, {tone: 'bad'}),
  open: span(glyph.waiting, {dim: true}),
};

const gap = 2;
const numberColumns = 8;
/** A note with fewer columns than this gives nothing to read. */
const leastNote = 20;

function stageLines(report: DrillReport, width: number): Line[] {
  const rows = stageRows(report);
  if (rows.length === 0) return [];
  const uncertain = uncertaintyOf(report);
  const head = `since the fault${uncertain === null ? '' : ` ±${uncertain} ms`}`;
  const name = Math.max(widthOf(head) - 2, ...rows.map((row) => widthOf(row.name)));
  const shown = fitting(columnsWith(rows), width - 2 - name - gap - numberColumns);
  const header = [
    head.padEnd(2 + name),
    'this'.padStart(numberColumns + gap),
    ...shown.map((column) => columnNames[column].padStart(widthOfColumn(column) + gap)),
  ];
  const stopping = stoppingWords(report);
  const before = stopping === '' ? '' : `${' '.repeat(gap)}${stopping}`;
  return [
    clipLine([dim(`${header.join('')}${before}`)], width),
    ...rows.flatMap((row) => stageRowLines(row, name, shown, width)),
  ];
}

const widthOfColumn = (column: NumberColumn) => Math.max(numberColumns, columnNames[column].length);

/** What was promised is said in a note where it was missed, so that it gives way first. */
function fitting(columns: NumberColumn[], room: number): NumberColumn[] {
  const needed = columns.reduce((sum, column) => sum + widthOfColumn(column) + gap, 0);
  const fits = needed + gap + leastNote <= room;
  return fits || columns.length < 3 ? columns : columns.filter((column) => column !== 'promisedMs');
}

/** Rows of a note; more of it is in the file. */
const mostNoteRows = 2;

function stageRowLines(row: StageRow, name: number, shown: readonly NumberColumn[], width: number): Line[] {
  const cells: Line = [
    signs[row.state],
    span(` ${row.name.padEnd(name)}`, {bold: row.slowest, dim: row.ms === null}),
    span(spanText(row.ms).padStart(numberColumns + gap), {
      bold: row.slowest,
      ...(row.state === 'late' && {tone: 'warn' as const}),
    }),
    ...shown.map((column) => {
      const ms = row[column];
      return dim((ms === null ? '' : spanText(ms)).padStart(widthOfColumn(column) + gap));
    }),
  ];
  const note = clean(row.note);
  const last = cells.findLastIndex(({text}) => text.trim() !== '');
  if (note === '') return [clipLine(cells.slice(0, last + 1), width)];
  const front = lineWidth(cells) + gap;
  const room = Math.max(1, width - front);
  const all = wrap(note, room);
  const texts =
    all.length <= mostNoteRows
      ? all
      : [...all.slice(0, mostNoteRows - 1), clip(all.slice(mostNoteRows - 1).join(' '), room)];
  return texts.map((text, index): Line => {
    const said = row.slowest ? span(text) : dim(text);
    if (index > 0) return clipLine([span(' '.repeat(front)), said], width);
    return clipLine([...cells, span(' '.repeat(gap)), said], width);
  });
}

function footLines(report: DrillReport, others: readonly DrillReport[], width: number): Line[] {
  const months = monthsOf(report, others);
  const left = leftWords(report);
  return [
    ...(months === null ? [] : [monthsLine(months, width)]),
    ...(report.proofs.every(({kind, ok}) => ok && kind !== 'model')
      ? []
      : [clipLine(labelled('proofs', proofLine(report)), width)]),
    ...paragraph('workspace', clean(workspaceWords(report)), width),
    ...paragraph('hosts', clean(left.words), width, left.tone === 'good' ? undefined : left.tone),
  ];
}

function monthsLine({label, bars, words, since}: Months, width: number): Line {
  const line = (text: string) => labelled(label, [span(bars), dim(`   ${text}`)]);
  const long = line(`${words}, ${since}`);
  return lineWidth(long) <= width ? long : clipLine(line(words), width);
}

/** What has a stage of its own is shown again only beside what has failed. */
function proofLine({proofs}: DrillReport): Line {
  return proofs.flatMap(({kind, ok, ms, detail}, index): Line => {
    const when = ms === null ? '' : ` ${measured(Math.max(0, ms))}`;
    const why = ok || detail === '' ? '' : `: ${clean(detail)}`;
    return [
      span(index === 0 ? '' : '   '),
      span(ok ? glyph.done : glyph.failed, {tone: ok ? 'good' : 'bad'}),
      span(` ${proofNames[kind]}${when}${why}`),
    ];
  });
}

const labelled = (label: string, line: Line): Line => [dim(label.padEnd(labelColumns)), ...line];

function paragraph(label: string, text: string, width: number, tone?: 'warn' | 'bad'): Line[] {
  const rows = wrapLine([span(text, tone && {tone})], width - labelColumns);
  return rows.map((row, index) => labelled(index === 0 ? label : '', row));
}
