import {isActive} from '../../../monitor/memory.js';
import {dim, inset, span, type Line} from '../../line.js';
import type {Situation} from '../../keys.js';
import {enlarge, isTooSmall, type Size} from '../../size.js';
import {barLines} from './bar.js';
import {chartLines} from './chart.js';
import {footerLine} from './footer.js';
import {ledgerPart, lowerPart, timelinePart, type Part, type TimelineRoom, type WholeView} from './lower.js';
import {beside} from './pane.js';
import {accountRowsFor, besideHeights, panesBeside, panesStacked, stackedAccountRows} from './panes.js';
import {policyFor, type Policy} from './policy.js';
import {sentenceLines, titleLines} from './title.js';
import {typingLine} from './typing.js';

export type {WholeView} from './lower.js';

export interface WatchLines {
  body: Line[];
  /** At the bottom edge. */
  bottom: Line[];
  room: TimelineRoom;
  /** Rows that each pane has for accounts. */
  accountRows: number;
}

type Parts = Part & Pick<WatchLines, 'accountRows'>;

/** The live view from top to bottom in exactly `size`. Pure. */
export function watchLayout(view: WholeView, size: Size): WatchLines {
  if (isTooSmall(size))
    return {body: [enlarge(size)], bottom: [], room: {columns: 0, rows: 0, page: 0}, accountRows: 1};
  const policy = policyFor(size);
  const rows = size.rows - 1;
  const title = titleLines(view.sample, policy.columns);
  const head = [...title, ...sentenceLines(view.sample, policy.columns, sentenceRows(size, title.length))];
  const area = rows - head.length;
  const part = policy.timeline === 'right' ? threeColumns(view, policy, area) : twoParts(view, policy, area);
  const body = [...head.map(inset), ...part.lines];
  return {
    body: Array.from({length: rows}, (_, row) => body[row] ?? []),
    bottom: [inset(bottomLine(view, policy.columns))],
    room: part.room,
    accountRows: part.accountRows,
  };
}

/** Rows for the verdict's sentence. */
function sentenceRows({rows}: Size, titleRows: number): number {
  if (rows >= 24) return 3;
  return rows >= 16 ? 2 : 3 - titleRows;
}

/** Rows that the timeline has at least, its heading among them. */
const timelineLeast = 6;
const stackedLeast = 4;

/** Panes, bar, and the timeline or the stages under them. */
function twoParts(view: WholeView, policy: Policy, area: number): Parts {
  const {columns} = policy;
  const bar = barLines(view.sample, columns, area >= 18 ? 2 : 1);
  const stages = view.sample.ledger?.stages.length ?? 0;
  if (policy.panes === 'stacked') {
    const wanted = Math.min(Math.max(stackedLeast, stages + 1), Math.max(2, Math.floor(area / 2)));
    const top = panesStacked(view, columns, Math.max(2, area - bar.length - wanted)).lines;
    return {...under([...top, ...bar.map(inset)], view, columns, area), accountRows: stackedAccountRows};
  }
  const heights = besideHeights(view, columns);
  const free = area - bar.length - heights(1);
  const wanted = stages > 0 ? stages + 1 : timelineLeast;
  const lower = Math.min(wanted, Math.max(timelineLeast, free));
  // Blank rows are the first to go, then rows for accounts, then what a pane can do without.
  const gaps = Math.max(0, Math.min(2, free - lower));
  const most = Math.max(4, area - bar.length - gaps - lower);
  const accountRows = accountRowsFor(view, heights, most);
  const top = panesBeside(view, columns, most, accountRows).lines;
  const blank: Line[] = [[]];
  const upper = [...(gaps >= 1 ? blank : []), ...top, ...(gaps >= 2 ? blank : []), ...bar.map(inset)];
  return {...under(upper, view, columns, area), accountRows};
}

function under(upper: readonly Line[], view: WholeView, columns: number, area: number): Part {
  const {lines, room} = lowerPart(view, columns, area - upper.length);
  return {lines: [...upper, ...lines], room};
}

/** Panes, bar and stages at the left, the timeline at the right from top to bottom. */
function threeColumns(view: WholeView, policy: Policy, area: number): Parts {
  const {left, columns} = policy;
  const rows = area - 1;
  const right = timelinePart(view, columns - left - 3, rows);
  const bar = barLines(view.sample, left, 2);
  const accountRows = accountRowsFor(view, besideHeights(view, left), Math.max(8, rows - bar.length - 14));
  const panes = panesBeside(view, left, rows - bar.length - 1, accountRows).lines;
  const upper = [...panes, [], ...bar.map(inset)];
  const free = rows - upper.length - 1;
  const stages =
    view.sample.ledger === null
      ? chart(view, left, free)
      : ledgerPart(view, left, free, {events: false}).lines;
  const column = [...upper, [], ...stages];
  const between = [dim('  ')];
  return {
    lines: [[], ...beside(column, right.lines, left + 1, () => between)],
    room: right.room,
    accountRows,
  };
}

function chart({sample}: WholeView, columns: number, rows: number): Line[] {
  return chartLines(sample, columns, Math.min(rows, 10)).map(inset);
}

/** What is true of the pair, as far as it decides which keys are offered. */
export function situationOf({sample}: Pick<WholeView, 'sample'>): Situation {
  const {monitor} = sample;
  return monitor.known ? {active: isActive(monitor.state), paused: monitor.paused} : {};
}

function bottomLine(view: WholeView, columns: number): Line {
  if (view.typing) return typingLine(view.filter, columns);
  if (view.note !== undefined) return [span(view.note)];
  return footerLine(['live'], columns, {situation: situationOf(view)});
}
