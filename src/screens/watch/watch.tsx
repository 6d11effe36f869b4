import {render} from 'ink';
import type {Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import {claimTerminal, type Terminal} from '../terminal.js';
import {WatchApp} from './app.js';
import {poll, type HostReaders} from './poll.js';
import {WatchStore} from './store.js';

export interface WatchOptions {
  pair: string;
  /** Each host is read by its own function, in a loop of its own. */
  read: HostReaders;
  split: (primary: HostFacts, standby: HostFacts) => Split;
  /** ms between two readings of a host. Default 5 000. */
  intervalMs?: number;
  /** Leaves when aborted. */
  signal?: AbortSignal;
  /** Default: the process's own. */
  terminal?: Terminal;
}

/** The live view until q, Ctrl+C or `signal`. Changes nothing on the hosts. @throws what broke the drawing. */
export async function watchScreen({
  pair,
  read,
  split,
  intervalMs = 5000,
  signal,
  terminal = process,
}: WatchOptions): Promise<void> {
  const leaving = new AbortController();
  const stop = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
  const store = new WatchStore({pair, split});
  const polling = poll({
    read,
    intervalMs,
    signal: stop,
    onResult: (host, result) => store.observe(host, result),
  });
  claimTerminal(terminal);
  const source = {subscribe: store.subscribe, snapshot: store.snapshot, refresh: () => polling.now()};
  const leave = () => leaving.abort();
  const app = render(<WatchApp source={source} onLeave={leave} />, {
    stdout: terminal.stdout,
    stdin: terminal.stdin,
    stderr: terminal.stderr,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
  });
  // Ages grow between readings.
  const ticking = setInterval(() => store.tick(), 1000);
  process.on('SIGINT', leave);
  const unmount = () => app.unmount();
  if (stop.aborted) unmount();
  stop.addEventListener('abort', unmount, {once: true});
  try {
    await app.waitUntilExit();
  } finally {
    clearInterval(ticking);
    process.off('SIGINT', leave);
    leaving.abort();
  }
}
