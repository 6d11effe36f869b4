import type {HostName} from '../../../ssh/host.js';
import type {Action} from '../../keys.js';
import {ownedAccounts} from './accounts.js';
import {filtered} from './filter.js';
import {isSearching, type TimelineRoom, type WholeView} from './lower.js';
import {emptyView, nextFocus, nextLevel, type ViewState} from './state.js';
import {anchorIndex, topAnchor} from './timeline.js';
import {isMove, moved, type Move} from './window.js';

/** Where things are on the screen that the key was pressed on. */
export interface Placed {
  room: TimelineRoom;
  /** Rows that each pane has for accounts. */
  accountRows: number;
}

/** The view after a key that only moves it; `undefined`: the key is for somebody else. Pure. */
export function pressed(whole: WholeView, action: Action, placed: Placed): ViewState | undefined {
  const {sample: _sample, timeline: _timeline, ...state} = whole;
  if (action === 'nextPane') return {...state, focus: nextFocus(state.focus, 1)};
  if (action === 'previousPane') return {...state, focus: nextFocus(state.focus, -1)};
  if (action === 'level') return {...state, level: nextLevel(state.level)};
  if (action === 'filter') return {...state, typing: true, focus: 'timeline'};
  if (action === 'back' && !isAtRest(state)) return {...emptyView, from: state.from};
  if (!isMove(action)) return undefined;
  return state.focus === 'timeline'
    ? scrolledTimeline(whole, state, action, placed.room)
    : scrolledAccounts(whole, state, action, state.focus, placed.accountRows);
}

/** There is nothing that Esc would undo. */
const isAtRest = (state: ViewState) => !isSearching(state) && state.focus === 'timeline';

function scrolledTimeline(whole: WholeView, state: ViewState, move: Move, room: TimelineRoom): ViewState {
  const entries = filtered(whole.timeline, state);
  const rows = {...room, nowMs: whole.sample.atMs};
  const next = moved(move, anchorIndex(entries, whole.timeline, state.anchor), {
    count: entries.length,
    page: room.page,
    // While the stages of a failover have its place, there is no room yet that could be full.
    top: room.rows === 0 ? 0 : topAnchor(entries, rows),
  });
  const {anchor: _before, ...rest} = state;
  const entry = next === undefined ? undefined : entries[next];
  return entry === undefined ? rest : {...rest, anchor: entry.key};
}

function scrolledAccounts(
  {sample}: WholeView,
  state: ViewState,
  move: Move,
  host: HostName,
  rows: number,
): ViewState {
  const last = Math.max(0, ownedAccounts(sample[host]).length - rows);
  const at = Math.min(state.from[host], last);
  const next = {up: at - 1, down: at + 1, pageUp: at - rows, pageDown: at + rows, top: 0, bottom: last}[move];
  return {...state, from: {...state.from, [host]: Math.max(0, Math.min(last, next))}};
}
