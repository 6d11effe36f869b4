import type {PairRow} from '../view/pairs.js';
import type {Snapshot} from '../model/store.js';

/** ms between two frames while there is news, and while there is none. */
export const pressingMs = 100;
export const calmMs = 1000;

/** Whether an operator wants to see it at once; what only grows older waits for the next second. Pure. */
export function isPressing(before: Snapshot, after: Snapshot): boolean {
  const key = ({timeline}: Snapshot) => timeline.at(-1)?.key;
  return key(before) !== key(after) || newsOf(before) !== newsOf(after);
}

/** What is news when it changes, as one text. */
function newsOf({sample}: Snapshot): string {
  const {verdict, split, primary, standby, monitor, health, ledger} = sample;
  const hosts = [primary, standby].flatMap(({link, gateway, accounts, version}) => [
    link.state,
    link.stale,
    'unknown' in gateway ? '' : gateway.state,
    version,
    'unknown' in accounts ? '' : accounts.map(({state}) => state).join(),
  ]);
  return [
    verdict.state,
    verdict.tone,
    split.state,
    ...hosts,
    monitor.known && monitor.running ? monitor.state : '',
    monitor.known && monitor.paused,
    health?.class,
    ledger?.endedMs,
    ledger?.stages.map(({state}) => state).join(),
  ].join(' ');
}

/** The same for the list of several pairs: a verdict that changes is news, the ages in its sentence are not. */
export function isPressingList(before: readonly PairRow[], after: readonly PairRow[]): boolean {
  const key = (rows: readonly PairRow[]) =>
    rows
      .map(({pair, sample, error}) => [pair, sample?.verdict.words, sample?.verdict.tone, error].join())
      .join(' ');
  return key(before) !== key(after);
}

/** When something may be done; Node's own, or a test's. */
export interface Timing {
  nowMs: () => number;
  later: (ms: number, run: () => void) => () => void;
}

const realTiming: Timing = {
  nowMs: () => performance.now(),
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Whatever can be looked at, and tells when it may have changed. */
export interface Looked<S> {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => S;
}

/**
 * The same told at most ten times a second, and once a second while nothing that presses changes: a frame costs more
 * than everything else that the view does.
 */
export function paced<S>(
  source: Looked<S>,
  presses: (before: S, after: S) => boolean,
  {nowMs, later}: Timing = realTiming,
): Looked<S> & {close: () => void} {
  const listeners = new Set<() => void>();
  let shown = source.snapshot();
  let shownMs = nowMs();
  let waiting: {cancel: () => void; atMs: number} | undefined;
  const publish = () => {
    waiting?.cancel();
    waiting = undefined;
    shown = source.snapshot();
    shownMs = nowMs();
    for (const listener of listeners) listener();
  };
  const hear = () => {
    const next = source.snapshot();
    if (next === shown) return;
    const atMs = shownMs + (presses(shown, next) ? pressingMs : calmMs);
    if (atMs <= nowMs()) return publish();
    if (waiting !== undefined && waiting.atMs <= atMs) return;
    waiting?.cancel();
    waiting = {atMs, cancel: later(atMs - nowMs(), publish)};
  };
  const unsubscribe = source.subscribe(hear);
  return {
    snapshot: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      unsubscribe();
      waiting?.cancel();
    },
  };
}
