import type {Line} from '../../line.js';

/** What is seen of a list whose entries take one row or several, the newest at the bottom. */
export interface Window<E> {
  lines: Line[];
  /** Entries that are shown, the first of them perhaps only its beginning. */
  shown: readonly E[];
  /** Entries after the last one shown. */
  newer: number;
}

/** The part that ends with the entry `anchor` (absent: with the last), in at most `rows`. */
export function windowOf<E>(
  entries: readonly E[],
  linesOf: (entry: E, isLast: boolean) => readonly Line[],
  {anchor, rows}: {anchor?: number | undefined; rows: number},
): Window<E> {
  if (rows <= 0 || entries.length === 0) return {lines: [], shown: [], newer: 0};
  const end = Math.max(0, Math.min(anchor ?? entries.length - 1, entries.length - 1));
  const parts: (readonly Line[])[] = [];
  let free = rows;
  let first = end + 1;
  while (first > 0 && free > 0) {
    const lines = linesOf(entries[first - 1]!, first - 1 === end);
    parts.unshift(lines.length <= free ? lines : cutAfter(lines, free));
    free -= Math.min(free, lines.length);
    first -= 1;
  }
  return {lines: parts.flat(), shown: entries.slice(first, end + 1), newer: entries.length - 1 - end};
}

/** The beginning of an entry for which there are not rows enough. */
function cutAfter(lines: readonly Line[], rows: number): Line[] {
  const kept = lines.slice(0, rows);
  const last = kept.at(-1) ?? [];
  const end = last.at(-1);
  if (end === undefined) return kept;
  return [...kept.slice(0, -1), [...last.slice(0, -1), {...end, text: `${end.text.replace(/.$/u, '')}…`}]];
}

/** The smallest anchor with which `rows` are full: as far as one can scroll up. */
export function firstFull<E>(entries: readonly E[], heightOf: (entry: E) => number, rows: number): number {
  let used = 0;
  for (const [index, entry] of entries.entries()) {
    used += heightOf(entry);
    if (used >= rows) return used > rows ? Math.max(0, index - 1) : index;
  }
  return Math.max(0, entries.length - 1);
}

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'top' | 'bottom';

export const isMove = (action: string): action is Move =>
  ['up', 'down', 'pageUp', 'pageDown', 'top', 'bottom'].includes(action);

/** The anchor after a key; undefined follows what comes. `page`: entries on the screen; `top`: the smallest anchor. */
export function moved(
  move: Move,
  anchor: number | undefined,
  {count, page, top}: {count: number; page: number; top: number},
): number | undefined {
  if (count === 0) return undefined;
  const last = count - 1;
  const at = anchor ?? last;
  const step = Math.max(1, page - 1);
  const next = {up: at - 1, down: at + 1, pageUp: at - step, pageDown: at + step, top: 0, bottom: last}[move];
  const bounded = Math.max(Math.min(top, last), next);
  return bounded >= last ? undefined : bounded;
}
