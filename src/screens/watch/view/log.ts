import {clean, clip, wrapHanging} from '../../clip.js';
import {dim, inset, span, spread, type Line} from '../../line.js';
import {rule} from '../../footer.js';
import type {Size} from '../../size.js';
import {footerLine} from './footer.js';
import {warning} from './item.js';
import {typingLine} from './typing.js';
import {firstFull, windowOf} from './window.js';

/** What can be followed, and how it is called. */
export const journals = [
  {what: 'primary-gateway', label: 'Gateway of the primary'},
  {what: 'standby-gateway', label: 'Gateway of the standby'},
  {what: 'monitor', label: 'Health monitor, on the standby'},
  {what: 'workspace-push', label: 'Workspace push, on the primary'},
  {what: 'sync', label: 'Workspace sync, on the standby'},
] as const;
export type Journal = (typeof journals)[number]['what'];

/** A journal as far as it was read. */
export interface LogLines {
  /** Cleaned, oldest first. */
  lines: readonly string[];
  /** Older ones that are not kept. */
  dropped: number;
  /** It has ended, with the reason when it broke; absent: it goes on. */
  ended?: {error?: string};
}

export interface LogView {
  filter: string;
  typing: boolean;
  /** Said at the bottom for a moment. */
  note?: string | undefined;
  /** Number of the line at the bottom since the beginning, dropped ones counted; absent: it follows. */
  anchor?: number;
}

const hang = 2;
/** Rows of a page that are not its content: title, rule, footer. */
const around = 3;

const drawn = (line: string, columns: number): Line[] =>
  wrapHanging(line, columns, hang).map((text): Line => [span(text)]);

/** Lines with every word of the filter, each with its number since the beginning. */
export function matching({lines, dropped}: LogLines, filter: string): {number: number; line: string}[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.flatMap((line, index) => {
    const lower = words.length === 0 ? '' : line.toLowerCase();
    return words.every((word) => lower.includes(word)) ? [{number: dropped + index, line}] : [];
  });
}

export const logRows = ({rows}: Size): number => Math.max(1, rows - around);

/** The page of a journal in exactly `size`. */
export function logLayout(
  log: LogLines,
  {filter, typing, anchor, note}: LogView,
  {title, badge, size}: {title: string; badge: Line; size: Size},
): {body: Line[]; bottom: Line[]; shown: number} {
  const columns = size.columns - 2;
  const found = matching(log, filter);
  const at =
    anchor === undefined
      ? undefined
      : Math.max(
          0,
          found.findLastIndex(({number}) => number <= anchor),
        );
  const status = statusLine(log, found.length);
  const rows = logRows(size) - (status === undefined ? 0 : 1);
  const window = windowOf(found, ({line}) => drawn(line, columns), {anchor: at, rows});
  const body = [
    spread([span(title, {bold: true})], badge, columns),
    rule(columns),
    ...window.lines,
    ...(status ? [status] : []),
  ];
  const {newer} = window;
  const ended = log.ended !== undefined;
  const state = {filter, typing, newer, ended, found: found.length, all: log.lines.length};
  const bottom = note === undefined ? bottomLine(state, columns) : [span(note)];
  return {body: body.map(inset), bottom: [inset(bottom)], shown: window.shown.length};
}

function statusLine({lines, ended}: LogLines, found: number): Line | undefined {
  if (ended?.error !== undefined) return [warning(clean(ended.error))];
  if (ended !== undefined) return [dim('That is all of it.')];
  if (lines.length === 0) return [dim('reading …')];
  return found === 0 ? [dim('Nothing like that so far.')] : undefined;
}

interface Bottom {
  filter: string;
  typing: boolean;
  newer: number;
  ended: boolean;
  found: number;
  all: number;
}

function bottomLine({filter, typing, newer, ended, found, all}: Bottom, columns: number): Line {
  if (typing) return typingLine(filter, columns);
  const end = ended ? 'ended' : 'following';
  const hint = newer === 0 ? end : `${newer} newer, ${ended ? 'ended' : 'End follows'}`;
  const by = filter === '' ? '' : `/${clip(filter, 20)} · ${found} of ${all}`;
  const hints = by === '' ? [hint] : [`${by}   ${hint}`, by];
  return footerLine(['page', 'live-log'], columns, {hints});
}

/** The smallest anchor with which the page is full. */
export function logTop(found: readonly {line: string}[], size: Size): number {
  return firstFull(found, ({line}) => drawn(line, size.columns - 2).length, logRows(size));
}
