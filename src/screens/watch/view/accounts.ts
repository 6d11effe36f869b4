import {isInCharge} from '../../../monitor/memory.js';
import {clean, clip, widthOf} from '../../clip.js';
import {dim, lineWidth, span, type Line, type Span} from '../../line.js';
import {glyph} from '../../theme.js';
import type {AccountSample, HostSample, WatchSample} from '../model/sample.js';
import {firstFit, said, unknown, warning, type Item} from './item.js';

export interface AccountWindow {
  /** Rows that accounts may take. */
  rows: number;
  /** The first account that is shown. */
  from: number;
}

/** The accounts that a host is meant to log in; a host with none has one row that says so. */
export function ownedAccounts({accounts}: HostSample): readonly AccountSample[] {
  return 'unknown' in accounts ? [] : accounts.filter((each) => each.enabled);
}

/** Every account with `connected` or `not connected`, as many as there are rows for, and how many more there are. */
export function accountsItem(sample: WatchSample, host: HostSample, window: AccountWindow): Item {
  const label = host.host === 'primary' ? 'channels' : 'owns';
  const only = (line: Line): Item => ({label, rank: 2, rows: () => [line], brief: line});
  if ('unknown' in host.accounts) return only([unknown(clean(host.accounts.unknown))]);
  const owned = ownedAccounts(host);
  if (owned.length === 0) return only([host.host === 'primary' ? dim('none') : warning('none')]);
  const shown = windowOf(owned, window);
  const states = new Map(owned.map((account) => [account, stateOf(sample, host, account)]));
  return {
    label,
    rank: 2,
    brief: briefOf(owned, states),
    rows: (columns) => {
      const longest = Math.max(...owned.map((each) => widthOf(nameOf(each, owned))));
      const lines = shown.list.map((account) =>
        accountLine(account, {name: nameOf(account, owned), state: states.get(account)!, columns, longest}),
      );
      return shown.above + shown.below === 0 ? lines : withMore(lines, shown, columns);
    },
  };
}

/** The last row also says how many there are beyond the edges. */
function withMore(lines: readonly Line[], {above, below}: Beyond, columns: number): Line[] {
  const last = lines.at(-1) ?? [];
  const long = [above > 0 ? `↑${above}` : '', below > 0 ? `↓${below} more` : ''].filter(Boolean).join(' ');
  const more = lineWidth(last) + widthOf(long) + 2 <= columns ? long : long.replace(' more', '');
  const room = columns - widthOf(more) - 1;
  const cut = lineWidth(last) <= room ? last : [span(clip(last.map(({text}) => text).join(''), room))];
  const gap = ' '.repeat(Math.max(1, columns - lineWidth(cut) - widthOf(more)));
  return [...lines.slice(0, -1), [...cut, span(gap), dim(more)]];
}

/** Accounts that are not shown, before and after those that are. */
interface Beyond {
  above: number;
  below: number;
}

function windowOf(owned: readonly AccountSample[], {rows, from}: AccountWindow) {
  const count = Math.max(1, rows);
  const above = Math.max(0, Math.min(from, owned.length - count));
  const list = owned.slice(above, above + count);
  return {list, above, below: owned.length - above - list.length};
}

/** The channel; and the account's name where that is not clear without it. */
function nameOf({channel, account}: AccountSample, all: readonly AccountSample[]): string {
  const alone = all.filter((each) => each.channel === channel).length === 1;
  return clean(alone || account === 'default' ? channel : `${channel} ${account}`);
}

const connected = said(glyph.well, 'connected', 'good');
const untold = dim(`${glyph.waiting} not told yet`);

/** In charge, the monitor looks at the standby's account also when nobody asked its gateway. */
function stateOf({monitor}: WatchSample, host: HostSample, {state}: AccountSample): Span {
  switch (state) {
    case 'connected':
      return connected;
    case 'unsteady':
      return warning('unsteady');
    case 'off':
      return said(glyph.failed, 'not connected', 'bad');
    case 'unknown':
      return unknown('not known');
    case 'untold':
      return untold;
    case null:
      break;
  }
  if (host.host === 'primary') return span(`${glyph.unknown} not asked`);
  if (!monitor.known || !isInCharge(monitor.state)) return span(`${glyph.rest} not connected`);
  if (monitor.channelConnected === null) return span(`${glyph.unknown} not asked`);
  return monitor.channelConnected ? connected : said(glyph.failed, 'not connected', 'bad');
}

interface Placed {
  name: string;
  state: Span;
  columns: number;
  /** Columns of the longest name. */
  longest: number;
}

function accountLine(
  {account, channel, identity, why}: AccountSample,
  {name, state, columns, longest}: Placed,
): Line {
  const [mark = '', ...words] = state.text.split(' ');
  const stateWords = words.join(' ');
  const room = columns - widthOf(stateWords) - 4;
  const width = Math.max(1, Math.min(longest, room));
  const short = clip(name, width);
  const line: Line = [
    {...state, text: `${mark} `},
    span(short + ' '.repeat(Math.max(0, width - widthOf(short)))),
    span('  '),
    {...state, text: stateWords},
  ];
  const whole = clean(`${channel} ${account}`);
  const who = identity === null ? (name === whole ? '' : clean(account)) : clean(identity);
  const error = why === null ? '' : clean(why);
  const wordings = [[who, error], [error === '' ? who : error], []].map((extra): Line => [
    ...line,
    ...extra.filter(Boolean).map((text) => dim(`  ${text}`)),
  ]);
  return firstFit(wordings, columns);
}

/** For a row that is shared: `discord ● connected, slack ● connected`, or how many of many. */
function briefOf(owned: readonly AccountSample[], states: ReadonlyMap<AccountSample, Span>): Line {
  const one = (account: AccountSample): Line => [
    span(`${nameOf(account, owned)} `),
    states.get(account) ?? span(''),
  ];
  if (owned.length <= 2)
    return owned.flatMap((each, index) => [...(index ? [span(', ')] : []), ...one(each)]);
  // Before anything was told none of them is known to be down.
  if (owned.every(({state}) => state === 'untold')) return [untold];
  const up = owned.filter((each) => states.get(each) === connected).length;
  const words = `${up} of ${owned.length} connected`;
  return [up === owned.length ? said(glyph.well, words, 'good') : warning(words)];
}
