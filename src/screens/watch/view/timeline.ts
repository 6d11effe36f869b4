import {clean, clip, wrap} from '../../clip.js';
import {timeOfDay} from '../../format.js';
import {dim, span, type Line, type Tone} from '../../line.js';
import {glyph} from '../../theme.js';
import type {TimelineEntry} from '../model/sample.js';
import {firstFull, windowOf, type Window} from './window.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();

/** `14:02:11`, and of another day than `nowMs` `20 Nov 14:02`. */
export function momentWords(atMs: number, nowMs: number): string {
  if (sameDay(atMs, nowMs)) return timeOfDay(atMs);
  const at = new Date(atMs);
  return `${at.getDate()} ${months[at.getMonth()]} ${timeOfDay(atMs).slice(0, 5)}`;
}

/** An alert is what whoever is told is told of; the sign says it without the colour. */
const signs: Readonly<Record<TimelineEntry['level'], {mark: string; tone?: Tone}>> = {
  info: {mark: ' '},
  warning: {mark: glyph.warn, tone: 'warn'},
  alert: {mark: '!', tone: 'bad'},
};

// The longest is `standby`.
const hostColumns = 7;
/** Under so many columns an entry has no room for its host and its seconds. */
const narrow = 52;
/** Rows of one entry; more of a sentence than this is for whoever copies it. */
const mostRows = 4;

interface Layout {
  columns: number;
  nowMs: number;
  timeColumns: number;
}

/** Rows of one entry: when, about whom, and its sentence in a column of its own. */
function entryLines(entry: TimelineEntry, {columns, nowMs, timeColumns}: Layout, marked: boolean): Line[] {
  const {mark, tone} = signs[entry.level];
  const small = columns < narrow;
  const when = momentWords(entry.atMs, nowMs);
  const time = small
    ? when.length > 8
      ? when.slice(0, 6).trim().padEnd(6)
      : `${when.slice(0, 5)} `
    : `${when.padEnd(timeColumns)}  `;
  const host = small ? '' : `${entry.host.padEnd(hostColumns)} `;
  const front = time.length + host.length + 2;
  const texts = wrap(clean(entry.sentence), Math.max(8, columns - front));
  const rows =
    texts.length <= mostRows
      ? texts
      : [...texts.slice(0, mostRows - 1), clip(texts.slice(mostRows - 1).join(' '), columns - front)];
  return rows.map((text, index): Line => {
    const body = span(text, {bold: entry.level === 'alert' || marked});
    if (index > 0) return [span(' '.repeat(front)), body];
    return [dim(`${time}${host}`), span(`${mark} `, {...(tone && {tone}), bold: tone !== undefined}), body];
  });
}

function layoutFor(entries: readonly TimelineEntry[], columns: number, nowMs: number): Layout {
  const other = entries.some(({atMs}) => !sameDay(atMs, nowMs));
  return {columns, nowMs, timeColumns: other ? 12 : 8};
}

/** How many rows back from now on are looked at for the width of the time. */
const lookedAt = 60;

/**
 * The part of the timeline that ends with `anchor` (absent: with the newest), the newest at the bottom, in at most
 * `rows`.
 */
export function timelineWindow(
  entries: readonly TimelineEntry[],
  {anchor, rows, columns, nowMs}: {anchor?: number; rows: number; columns: number; nowMs: number},
): Window<TimelineEntry> {
  const end = Math.min(anchor ?? Infinity, entries.length - 1);
  const layout = layoutFor(entries.slice(Math.max(0, end - lookedAt), end + 1), columns, nowMs);
  const drawn = (entry: TimelineEntry, isLast: boolean) =>
    entryLines(entry, layout, isLast && anchor !== undefined);
  return windowOf(entries, drawn, {anchor, rows});
}

/** Index among `entries` of the newest one that is not newer than the entry `key` of the whole timeline. */
export function anchorIndex(
  entries: readonly TimelineEntry[],
  timeline: readonly TimelineEntry[],
  key: string | undefined,
): number | undefined {
  if (key === undefined) return undefined;
  const direct = entries.findIndex((entry) => entry.key === key);
  if (direct >= 0) return direct;
  const place = timeline.findIndex((entry) => entry.key === key);
  // The oldest are given up one day; then the oldest that is left is the nearest.
  if (place < 0) return entries.length === 0 ? undefined : 0;
  const order = new Map(timeline.map((entry, index) => [entry.key, index]));
  const found = entries.findLastIndex((entry) => (order.get(entry.key) ?? 0) <= place);
  return found < 0 ? 0 : found;
}

/** The smallest anchor with which the screen is full: what is scrolled up to. */
export function topAnchor(
  entries: readonly TimelineEntry[],
  {rows, columns, nowMs}: {rows: number; columns: number; nowMs: number},
): number {
  const layout = layoutFor(entries.slice(0, lookedAt), columns, nowMs);
  return firstFull(entries, (entry) => entryLines(entry, layout, false).length, rows);
}

/** An entry as a line that is copied. */
export function entryText({atMs, host, sentence}: TimelineEntry): string {
  return `${new Date(atMs).toISOString()} ${host}: ${clean(sentence)}`;
}
