import {dim, fill, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import {accountCount, paneLines, wantedRows, type Density, type PaneOptions} from './pane.js';
import {mark, type WholeView} from './lower.js';

const hosts = ['primary', 'standby'] as const;
type Name = (typeof hosts)[number];

/** Rows with the margin at their left, which holds the sign of the pane that has the arrows. */
interface Panes {
  lines: Line[];
}

const paneOf = (view: WholeView, name: Name, options: Omit<PaneOptions, 'accounts'>, accountRows: number) =>
  paneLines(view.sample, view.sample[name], {
    ...options,
    accounts: {rows: accountRows, from: view.from[name]},
  });

const leftOf = (columns: number) => Math.floor((columns - 3) / 2);

/** How high two panes beside each other would like to be, by how many rows each has for accounts. */
export type Heights = (accountRows: number) => number;

/** Each pane is drawn once for it: a further account is a further row. */
export function besideHeights({sample}: WholeView, columns: number): Heights {
  const left = leftOf(columns);
  const heights = hosts.map((name) => {
    const host = sample[name];
    const least = wantedRows(sample, host, name === 'primary' ? left : columns - 3 - left);
    return {least, accounts: accountCount(host)};
  });
  return (accountRows) =>
    Math.max(...heights.map(({least, accounts}) => least + Math.min(accountRows, accounts) - 1));
}

/** The most rows for accounts, 1 or more, with which two panes are not higher than `rows`. */
export function accountRowsFor({sample}: WholeView, heights: Heights, rows: number): number {
  const most = Math.max(accountCount(sample.primary), accountCount(sample.standby));
  let found = 1;
  while (found < most && heights(found + 1) <= rows) found += 1;
  return found;
}

/** Two panes beside each other in `columns`, at most `rows`. */
export function panesBeside(view: WholeView, columns: number, rows: number, accountRows: number): Panes {
  const width = leftOf(columns);
  const left = paneOf(view, 'primary', {columns: width, density: 'full', rows}, accountRows);
  const right = paneOf(view, 'standby', {columns: columns - 3 - width, density: 'full', rows}, accountRows);
  const lines = Array.from({length: Math.max(left.length, right.length)}, (_, row): Line => [
    ...mark(fill(left[row] ?? [], width), row === 0 && view.focus === 'primary'),
    dim(` ${glyph.bar}`),
    ...mark(right[row] ?? [], row === 0 && view.focus === 'standby'),
  ]);
  return {lines};
}

/** Rows that each of two panes has for accounts where one is above the other. */
export const stackedAccountRows = 8;

interface Stack {
  density: Density;
  gap: boolean;
  /** At most so many rows for each pane. */
  rows?: number;
}

function stack(view: WholeView, columns: number, {density, gap, rows = 99}: Stack): Line[] {
  const accountRows = density === 'full' ? stackedAccountRows : 1;
  return hosts.flatMap((name, index) => {
    const lines = paneOf(view, name, {columns, density, rows}, accountRows);
    const marked = lines.map((line, row) => mark(line, row === 0 && view.focus === name));
    return index > 0 && gap ? [[span(' ')], ...marked] : marked;
  });
}

/** One pane above the other, the fullest way that takes at most `rows`. */
export function panesStacked(view: WholeView, columns: number, rows: number): Panes {
  const half = Math.floor(rows / 2);
  const ways: readonly Stack[] = [
    {density: 'full', gap: true},
    {density: 'compact', gap: false},
    ...(half >= 3 ? [{density: 'compact', gap: false, rows: half} as const] : []),
    {density: 'line', gap: false},
  ];
  const drawn = ways.map((way) => stack(view, columns, way));
  return {lines: drawn.find((lines) => lines.length <= rows) ?? drawn.at(-1)!.slice(0, rows)};
}
