import {dim, lineWidth, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import type {TimelineEntry, WatchSample} from '../model/sample.js';
import {filtered, filterWords} from './filter.js';
import {heading} from './heading.js';
import {ledgerHeading, ledgerLines} from './ledger.js';
import type {ViewState} from './state.js';
import {anchorIndex, timelineWindow} from './timeline.js';

export type WholeView = ViewState & {
  readonly sample: WatchSample;
  readonly timeline: readonly TimelineEntry[];
};

/** Where the timeline is on the screen; keys that scroll it need to know. */
export interface TimelineRoom {
  columns: number;
  rows: number;
  /** Entries that are shown. */
  page: number;
}

export interface Part {
  lines: Line[];
  room: TimelineRoom;
}

/** Something was looked for in the timeline, so the stages of a failover make way for it. */
export const isSearching = ({anchor, filter, level}: ViewState): boolean =>
  anchor !== undefined || filter.trim() !== '' || level !== 'all';

/** The marked heading of a part that has the arrows. */
export function mark(line: Line, focused: boolean): Line {
  return [span(focused ? glyph.open : ' ', {bold: focused}), ...line];
}

const least = 3;

/** The timeline in `rows` with its heading; where there are too few rows for a heading, without it. */
export function timelinePart(view: WholeView, columns: number, rows: number): Part {
  const entries = filtered(view.timeline, view);
  const headed = rows >= least;
  const room = Math.max(0, headed ? rows - 1 : rows);
  const anchor = anchorIndex(entries, view.timeline, view.anchor);
  const window = timelineWindow(entries, {
    rows: room,
    columns,
    nowMs: view.sample.atMs,
    ...(anchor !== undefined && {anchor}),
  });
  const none = view.timeline.length === 0 ? 'Nothing has happened yet.' : 'Nothing like that has happened.';
  const lines = window.shown.length === 0 && room > 0 ? [[dim(none)]] : window.lines;
  const head = headed ? [timelineHeading(view, {columns, found: entries.length, newer: window.newer})] : [];
  return {
    lines: [...head, ...lines.map((line) => mark(line, false))],
    room: {columns, rows: room, page: window.shown.length},
  };
}

function timelineHeading(
  view: WholeView,
  {columns, found, newer}: {columns: number; found: number; newer: number},
): Line {
  const focused = view.focus === 'timeline';
  const by = filterWords(view);
  const all = view.timeline.length;
  const parts = [
    by === '' ? '' : `${by} · ${found} of ${all}`,
    newer > 0 ? `${newer} newer below, End follows` : '',
  ].filter(Boolean);
  const left: Line = [focused ? span('timeline', {bold: true}) : dim('timeline')];
  const rights = [parts.join('   '), newer > 0 ? `${newer} newer below` : by, ''];
  const right = rights.find((text) => text.length + lineWidth(left) + 8 <= columns) ?? '';
  // How to filter is said where there is no filter, and nothing else to say.
  const hint: Line = right === '' && all > 0 ? [span('/', {bold: true}), dim(' filter')] : [];
  return mark(heading(left, right === '' ? hint : [span(right)], columns), focused);
}

/** The stages of what goes on, and under them what was told of it, as far as there are rows. */
export function ledgerPart(
  view: WholeView,
  columns: number,
  rows: number,
  {events}: {events: boolean},
): Part {
  const {ledger, atMs} = view.sample;
  if (ledger === null) return timelinePart(view, columns, rows);
  const stages = ledgerLines(ledger, {columns, rows: rows - 1, nowMs: atMs});
  const lines = [ledgerHeading(ledger, columns), ...stages].map((line) => mark(line, false));
  const free = rows - lines.length;
  if (!events || free < 2) return {lines: lines.slice(0, rows), room: {columns, rows: 0, page: 0}};
  const under = timelinePart(view, columns, free);
  return {lines: [...lines, ...under.lines], room: under.room};
}

/** What stands under the panes. */
export function lowerPart(view: WholeView, columns: number, rows: number): Part {
  if (rows <= 0) return {lines: [], room: {columns, rows: 0, page: 0}};
  return view.sample.ledger !== null && !isSearching(view)
    ? ledgerPart(view, columns, rows, {events: true})
    : timelinePart(view, columns, rows);
}
