import {clean, clip, widthOf} from '../../clip.js';
import {clipLine, dim, fill, lineWidth, span, spread, type Line} from '../../line.js';
import type {HostSample, WatchSample} from '../model/sample.js';
import {accountsItem, ownedAccounts, type AccountWindow} from './accounts.js';
import {gatewayItem} from './gateway.js';
import {healthItem} from './health.js';
import {faded, joined, labelColumns, oneRow, warning, type Item} from './item.js';
import {ageWords, isOld, linkBrief, linkRows, wasHeard} from './link.js';
import {clockItem, machineItem, versionItem} from './machine.js';
import {heartbeatItem, monitorItem} from './monitor.js';
import {workspaceItem} from './workspace.js';

/**
 * `full`: a row for each thing, labels in a column. `compact`: as many things in a row as fit. `line`: the host in
 * one row, in few words.
 */
export type Density = 'full' | 'compact' | 'line';

export interface PaneOptions {
  columns: number;
  density: Density;
  /** At most so many rows, its title among them. */
  rows: number;
  accounts: AccountWindow;
}

/** Everything there is to say of a host, in the order in which it is read. */
function itemsOf(sample: WatchSample, host: HostSample, accounts: AccountWindow): Item[] {
  const own =
    host.host === 'primary'
      ? [healthItem(sample), ...problem(sample.monitor.known ? sample.monitor.primaryNotReady : null)]
      : [monitorItem(sample), ...problemsOfStandby(sample)];
  return [
    gatewayItem(sample, host),
    ...own,
    versionItem(sample, host),
    accountsItem(sample, host, accounts),
    ...(host.host === 'standby' ? [heartbeatItem(sample)] : []),
    machineItem(host),
    workspaceItem(host),
    clockItem(host),
  ];
}

/** What the monitor says is wrong, beside its state; the verdict has room for the first thing only. */
function problemsOfStandby({monitor}: WatchSample): Item[] {
  if (!monitor.known) return [];
  return [
    ...problem(monitor.notReady),
    ...problem(monitor.degraded),
    ...problem(monitor.disk === null ? null : `its disk takes nothing: ${monitor.disk}`),
  ];
}

const problem = (words: string | null): Item[] =>
  words === null ? [] : [oneRow('', 3, [[warning(clean(words))]])];

/** Its name and where it is; how old the data is where that matters. */
export function paneTitle(host: HostSample, columns: number): Line {
  const role: Line = [span(host.host.toUpperCase(), {bold: true})];
  const old = ageWords(host.link);
  const right: Line = old === '' ? [] : [warning(old)];
  const room = columns - lineWidth(role) - (old === '' ? 0 : lineWidth(right) + 2);
  const name = clean(host.hostname ?? '');
  const address = clean(host.address ?? '');
  const both = [name, address].filter(Boolean).join('  ');
  // Of a long name the beginning says enough; an address is whole or not there.
  const nameRoom = address === '' ? room - 2 : room - widthOf(address) - 4;
  const who =
    widthOf(both) + 2 <= room
      ? both
      : nameRoom >= 8
        ? `${clip(name, nameRoom)}  ${address}`
        : clip(name, room - 2);
  return spread([...role, span(who.trim() === '' ? '' : `  ${who.trim()}`)], right, columns);
}

/** One host, each row in `columns`; dim, with what is done about it, when nothing was heard of it lately. */
export function paneLines(sample: WatchSample, host: HostSample, options: PaneOptions): Line[] {
  const {columns, density, rows, accounts} = options;
  const items = wasHeard(host.link) ? itemsOf(sample, host, accounts) : heardElsewhere(sample, host);
  if (density === 'line') return [clipLine(lineOf(sample, host), columns)];
  const status = linkRows(host.link, columns, density === 'full' ? 3 : 1);
  const room = Math.max(0, rows - 1 - status.length);
  const old = isOld(host.link);
  const shade = (item: Item, line: Line) => (old && !item.bright ? faded(line) : line);
  const body =
    density === 'full' ? fullRows(items, columns, room, shade) : compactRows(items, columns, room, shade);
  return [paneTitle(host, columns), ...status, ...body]
    .slice(0, Math.max(1, rows))
    .map((line) => clipLine(line, columns));
}

/** The primary's health is known as soon as the standby is heard. */
function heardElsewhere(sample: WatchSample, {host}: HostSample): Item[] {
  return host === 'primary' && sample.health !== null ? [healthItem(sample)] : [];
}

type Shade = (item: Item, line: Line) => Line;

function fullRows(items: readonly Item[], columns: number, room: number, shade: Shade): Line[] {
  const inner = columns - labelColumns;
  const drawn = items.map((item) => ({
    item,
    rows: item
      .rows(item.label === '' ? columns : inner)
      .map((line, index): Line =>
        shade(
          item,
          item.label === '' ? line : [dim((index === 0 ? item.label : '').padEnd(labelColumns)), ...line],
        ),
      ),
  }));
  const kept = keepWithin(drawn, room);
  return kept.flatMap(({rows}) => rows);
}

/** Where rows are few, second rows go first, then whole things, the least important first. */
function keepWithin(drawn: readonly {item: Item; rows: readonly Line[]}[], room: number) {
  const kept = drawn.map((each) => ({...each}));
  const total = () => kept.reduce((sum, {rows}) => sum + rows.length, 0);
  while (total() > room && kept.length > 0) {
    const many = kept.filter(({rows}) => rows.length > 1).at(-1);
    const least = Math.max(...kept.map(({item}) => item.rank));
    if (many !== undefined && least <= 3) many.rows = many.rows.slice(0, -1);
    else
      kept.splice(
        kept.findLastIndex(({item}) => item.rank === least),
        1,
      );
  }
  return kept;
}

const compactGap = 3;
/** A thing that shares its row says as much as fits into so many columns. */
const compactColumns = 20;

/** Things one after the other, as many as fit in a row; what does not fit by itself is cut. */
function compactRows(items: readonly Item[], columns: number, room: number, shade: Shade): Line[] {
  const rows: Line[][] = [];
  // What is cut off at the end is what matters least.
  for (const item of items.toSorted((a, b) => a.rank - b.rank)) {
    const said = lineWidth(item.brief) >= compactColumns ? item.brief : (item.rows(compactColumns)[0] ?? []);
    const part = clipLine(
      shade(item, [...(item.label === '' ? [] : [dim(`${item.label} `)]), ...said]),
      columns,
    );
    const last = rows.at(-1);
    if (last !== undefined && lineWidth(joined([...last, part], compactGap)) <= columns) last.push(part);
    else rows.push([part]);
  }
  return rows.slice(0, room).map((parts) => joined(parts, compactGap));
}

/** `PRIMARY  ● running  health ● ok   4 ms` */
function lineOf(sample: WatchSample, host: HostSample): Line {
  const role: Line = [span(host.host.toUpperCase(), {bold: true})];
  const second = host.host === 'primary' ? healthItem(sample) : monitorItem(sample);
  const gateway = gatewayItem(sample, host).brief;
  if (!isOld(host.link)) return joined([role, gateway, second.brief], 2);
  if (!wasHeard(host.link)) return joined([role, linkBrief(host.link)], 2);
  const seen = second.bright ? second.brief : faded(gateway);
  return joined([role, linkBrief(host.link), seen], 2);
}

/** How many rows the pane would like, with one of them for accounts. */
export function wantedRows(sample: WatchSample, host: HostSample, columns: number): number {
  const options = {columns, density: 'full', rows: 99, accounts: {rows: 1, from: 0}} as const;
  return paneLines(sample, host, options).length;
}

export const accountCount = (host: HostSample): number => Math.max(1, ownedAccounts(host).length);

/** `left` and `right` beside each other, `width` columns for the left one. */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  width: number,
  between: (row: number) => Line,
): Line[] {
  return Array.from({length: Math.max(left.length, right.length)}, (_, row): Line => [
    ...fill(left[row] ?? [], width),
    ...between(row),
    ...(right[row] ?? []),
  ]);
}
