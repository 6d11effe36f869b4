import type {LiveTold} from '../../../sampler/told.js';
import type {Episode, Mark, StageId} from './episode.js';
import type {Heard} from './host-state.js';
import {holdWords} from './reason-words.js';
import type {Ledger, LedgerStage} from './sample.js';
import {usualMs} from './usual.js';

/** ms for which one that has ended stays on the screen. */
const shownMs = 120_000;
/** ms by which the live sample may be behind the newest event. */
const behindMs = 2_000;

const names: Readonly<Record<StageId, {done: string; running: string; waiting: string}>> = {
  'last-ok': {done: 'last good probe', running: '', waiting: ''},
  'first-bad': {done: 'first bad probe', running: '', waiting: ''},
  asked: {done: 'suspect, asked around', running: 'suspect, asking around', waiting: 'asked around'},
  verdict: {done: 'verdict', running: 'verdict', waiting: 'verdict'},
  workspace: {done: 'workspace ready', running: '', waiting: ''},
  started: {done: 'gateway started', running: 'gateway starting', waiting: 'gateway started'},
  ready: {done: 'gateway ready', running: 'gateway getting ready', waiting: 'gateway ready'},
  connected: {done: 'channel connected', running: 'channel connecting', waiting: 'channel connected'},
  back: {done: 'primary back, first good probe', running: '', waiting: ''},
  well: {done: 'stayed well', running: 'staying well', waiting: 'stays well'},
  demoting: {done: 'giving back', running: 'giving back', waiting: 'giving back'},
  rest: {done: 'at rest', running: 'going to sleep', waiting: 'at rest'},
  beside: {done: '', running: '', waiting: ''},
};

/** The failover or the way back that goes on, or that has just ended; null: neither. Pure. */
export function ledgerOf(
  episodes: readonly Episode[],
  live: Heard<LiveTold | null> | null,
  nowMs: number,
): Ledger | null {
  const current = episodes.at(-1);
  if (current === undefined) return null;
  const {kind, beganMs, endedMs, outcome} = current;
  // One that ended in the future did so by a clock that was wrong.
  if (endedMs !== null && Math.abs(nowMs - endedMs) > shownMs) return null;
  if (endedMs === null && isOver(current, live)) return null;
  return {kind, beganMs, endedMs, outcome, stages: stagesOf(episodes, current, live, nowMs)};
}

const goingOn: Readonly<Record<Ledger['kind'], readonly string[]>> = {
  takeover: ['suspect', 'promoting'],
  'give-back': ['recovering', 'demoting'],
};

/** The monitor is in another state than the newest event left it in: the log was cut, or could not be written. */
function isOver({kind, newest}: Episode, live: Heard<LiveTold | null> | null): boolean {
  const now = live?.value;
  // Until an operator gives back nothing is on its way.
  if (now?.byHand && !now.failbackAsked && now.state === 'recovering') return true;
  if (!now || goingOn[kind].includes(now.state)) return false;
  // The sample of a change may be there before its event.
  if (now.inStateMs < behindMs) return false;
  return now.boot !== newest.boot || now.ms > newest.ms + behindMs;
}

function stagesOf(
  episodes: readonly Episode[],
  current: Episode,
  live: Heard<LiveTold | null> | null,
  nowMs: number,
): LedgerStage[] {
  const {marks, ahead, endedMs, beganMs} = current;
  const earlier = episodes.slice(0, -1);
  const usual = (id: StageId) => {
    const ms = usualMs(earlier, current, id);
    return ms === null ? null : Math.round(ms);
  };
  const newest = marks.at(-1);
  const lasts = endedMs === null && newest?.lasts === true;
  const done = marks.map((mark) => reached(mark, beganMs, usual(mark.id), lasts && mark === newest));
  // What ended well has nothing ahead; of what did not, the rest of the way is left open.
  const rest = endedMs !== null && current.outcome?.tone === 'good' ? [] : ahead;
  const begunMs = newest?.atMs ?? beganMs;
  const open = rest.map((id, index): LedgerStage => {
    const running = index === 0 && endedMs === null && !lasts;
    return {
      name: running ? names[id].running : names[id].waiting,
      state: running ? 'running' : 'waiting',
      atMs: running ? begunMs : null,
      sinceMs: null,
      usualMs: usual(id),
      note: running ? counted(id, live, nowMs) : '',
    };
  });
  return [...done, ...open];
}

function reached(mark: Mark, beganMs: number, usual: number | null, lasts: boolean): LedgerStage {
  const {id, name, atMs, failed, note} = mark;
  return {
    name: name ?? names[id].done,
    state: failed ? 'failed' : lasts ? 'running' : 'done',
    atMs,
    sinceMs: Math.max(0, Math.round(atMs - beganMs)),
    usualMs: usual,
    note: note ?? '',
  };
}

/** What the stage that goes on counts. */
function counted(id: StageId, live: Heard<LiveTold | null> | null, nowMs: number): string {
  const now = live?.value;
  if (!live || !now) return '';
  const byMs = Math.max(0, nowMs - live.atMs);
  if (id === 'verdict' || id === 'asked') {
    if (now.held !== null) return `held back: ${holdWords(now.held)}`;
    if (now.verdictInMs === null) return '';
    return `verdict in ${Math.ceil(Math.max(0, now.verdictInMs - byMs) / 1000)} s`;
  }
  if (id !== 'well' || now.rise === null || now.state !== 'recovering') return '';
  const forMs = (now.good?.forMs ?? 0) + byMs;
  const minMs = now.failbackAsked ? 0 : (now.minActiveInMs ?? 0) - byMs;
  if (minMs > now.rise.ms - forMs && minMs > 0) return `active for ${Math.ceil(minMs / 1000)} more s`;
  const whole = Math.round(now.rise.ms / 1000);
  return `${Math.min(whole, Math.floor(forMs / 1000))} of ${whole} s`;
}
