import {clean, clip, widthOf} from '../../clip.js';
import {clock, count, measured, timeOfDay} from '../../format.js';
import {clipLine, dim, lineWidth, span, type Line, type Span} from '../../line.js';
import {glyph} from '../../theme.js';
import type {Ledger, LedgerStage} from '../model/sample.js';
import {heading} from './heading.js';
import {firstFit, joined, markOf} from './item.js';

/** ms since it began, while it goes on; null: it has ended. */
export function runningMs(ledger: Ledger | null, nowMs: number): number | null {
  return ledger === null || ledger.endedMs !== null ? null : Math.max(0, nowMs - ledger.beganMs);
}

const kinds: Readonly<Record<Ledger['kind'], string>> = {takeover: 'takeover', 'give-back': 'giving back'};

/** What stands in the rule above the stages: what it is, and at the right how it ended. */
export function ledgerHeading({kind, outcome}: Ledger, columns: number): Line {
  const left: Line = [span(kinds[kind], {bold: true})];
  if (outcome === null) return heading(left, [], columns);
  const words = clip(clean(outcome.words), Math.max(8, columns - lineWidth(left) - 10));
  return heading(left, [span(`${markOf(outcome.tone)} ${words}`, {tone: outcome.tone})], columns);
}

const marks: Readonly<Record<LedgerStage['state'], Span>> = {
  done: span(glyph.done, {tone: 'good'}),
  running: span(glyph.open, {tone: 'warn', bold: true}),
  waiting: span(glyph.waiting, {dim: true}),
  failed: span(glyph.failed, {tone: 'bad'}),
};

/** Local time of day to a tenth of a second: `14:21:07.2`. */
export function tenths(epochMs: number): string {
  return `${timeOfDay(epochMs)}.${Math.floor((epochMs % 1000) / 100)}`;
}

interface Columns {
  name: number;
  /** The time of day. */
  time: boolean;
  /** The usual time has a column of its own; else it stands where a note would. */
  usual: boolean;
}

const timeWidth = 10;
const sinceWidth = 8;
const usualWidth = 13;
/** What is left for a note beside everything else. */
const noteWidth = 24;
/** A note of fewer columns is not worth the place. */
const leastNote = 10;

/** Names are whole as long as the elapsed time beside them is; everything else needs room. */
function columnsFor(stages: readonly LedgerStage[], columns: number): Columns {
  const longest = Math.max(...stages.map(({name}) => widthOf(clean(name))), 0);
  const name = Math.max(4, Math.min(longest, columns - 2 - 2 - sinceWidth));
  const rest = columns - 2 - name - 2 - sinceWidth;
  // What runs has to be read whole; the time of day can be told from the others.
  const open = stages.filter(({state}) => state === 'running' || state === 'waiting');
  const needed = Math.max(usualWidth, ...open.map((stage) => lineWidth(trailing(stage)[0]!)));
  return {
    name,
    time: rest >= timeWidth + 2 + needed + 2,
    usual: rest >= timeWidth + 2 + usualWidth + 2 + noteWidth,
  };
}

const usualWords = ({usualMs}: LedgerStage) =>
  usualMs === null || usualMs === 0 ? '' : `usually ${Math.round(usualMs / 1000)} s`;

/** What stands behind the elapsed time where the usual time has no column of its own; longest first. */
function trailing(stage: LedgerStage): Line[] {
  const usual: Line = usualWords(stage) === '' ? [] : [dim(usualWords(stage))];
  const note: Line = stage.note === '' ? [] : [span(clean(stage.note))];
  const both = joined([usual, note].filter((part) => part.length > 0));
  // The note is of now.
  return note.length === 0 ? [both] : [both, note];
}

/** Elapsed time of a stage: when it was reached, or for how long all of it has been going on. */
function sinceWords({state, sinceMs}: LedgerStage, elapsedMs: number | null): string {
  // In a drill a probe may be bad before the gateway has let go of its port.
  if (sinceMs !== null && sinceMs < 0) return `−${measured(-sinceMs)}`;
  if (sinceMs !== null) return sinceMs === 0 ? '' : `+${measured(sinceMs)}`;
  return state === 'running' && elapsedMs !== null ? `+${Math.floor(elapsedMs / 1000)} s` : '';
}

/** Slower than usual by more than this much wants to be seen. */
const late = 1.5;

function stageLine(stage: LedgerStage, widths: Columns, columns: number, elapsedMs: number | null): Line {
  const {name, state, atMs, usualMs} = stage;
  const words = clip(clean(name), widths.name);
  const since = sinceWords(stage, elapsedMs);
  const spent = stage.sinceMs ?? (state === 'running' ? elapsedMs : null);
  const isLate = spent !== null && usualMs !== null && usualMs > 0 && spent > usualMs * late + 1000;
  const usual = usualWords(stage);
  const front: Span[] = [
    marks[state],
    span(` ${words}${' '.repeat(widths.name - widthOf(words))}`, {
      bold: state === 'running',
      dim: state === 'waiting',
    }),
    ...(widths.time
      ? [dim(`  ${(atMs === null || state === 'running' ? '' : tenths(atMs)).padStart(timeWidth)}`)]
      : []),
    span(`  ${since.padStart(sinceWidth)}`, {bold: state === 'running', ...(isLate && {tone: 'warn'})}),
    ...(widths.usual ? [dim(`  ${usual.padEnd(usualWidth)}`)] : []),
  ];
  const used = front.reduce((sum, {text}) => sum + widthOf(text), 0);
  const room = columns - used - 2;
  // Of what was as quick as ever the usual time says nothing new.
  const usualSaid = widths.usual || (state === 'done' && !isLate);
  const said = firstFit(trailing(usualSaid ? {...stage, usualMs: null} : stage), room);
  return clipLine(said.length === 0 || room < leastNote ? front : [...front, span('  '), ...said], columns);
}

/** With fewer rows than this the stages themselves are worth more than how many are not shown. */
const leastCounted = 4;

/**
 * The stages, each in a row of `columns`, at most `rows`: when there are more, those that were done first are counted
 * in one row.
 */
export function ledgerLines(
  ledger: Ledger,
  {columns, rows, nowMs}: {columns: number; rows: number; nowMs: number},
): Line[] {
  const {stages} = ledger;
  const widths = columnsFor(stages, columns);
  const elapsed = runningMs(ledger, nowMs);
  const lines = stages.map((stage) => stageLine(stage, widths, columns, elapsed));
  if (lines.length <= rows) return lines;
  if (rows <= 0) return [];
  const open = stages.findIndex(({state}) => state === 'running' || state === 'waiting');
  const counted = rows >= leastCounted ? 1 : 0;
  const room = rows - counted;
  // What runs, and what comes next, is what one looks for.
  const last = open < 0 ? lines.length : Math.min(lines.length, Math.max(open + Math.min(2, room), room));
  const first = Math.max(0, last - room);
  const before: Line = [dim(`… ${count(first, 'stage')} before`)];
  return [...(counted ? [before] : []), ...lines.slice(first, last)];
}

/** Beside the verdict while it goes on: `0:26`. */
export function clockWords(ledger: Ledger | null, nowMs: number): string {
  const ms = runningMs(ledger, nowMs);
  return ms === null ? '' : clock(ms);
}
