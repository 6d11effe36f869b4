import type {Terminal} from '../../terminal.js';
import type {WatchSample} from '../model/sample.js';
import {alertFor, sequencesOf} from './alerts.js';
import {WatchApp} from './app.js';
import {mount} from './mount.js';
import {paced} from './pace.js';
import {PairsApp, type PairsSource} from './pairs.js';
import type {WatchPorts, WatchSource} from './source.js';

/** A source whose ages grow when it is ticked, once a second. */
export type TickingSource = WatchSource & {tick: () => void};

interface ScreenOptions {
  /** Rings and notifies on a transition; the title of the terminal is set in any case. Default true. */
  bell?: boolean;
  /** Leaves when aborted. */
  signal?: AbortSignal;
  /** Default: the process's own. */
  terminal?: Terminal;
}

export interface WatchScreenOptions extends ScreenOptions, WatchPorts {
  source: TickingSource;
}

/** A way to leave that q, Ctrl+C, SIGINT and the caller's signal all go. */
function leaving(signal: AbortSignal | undefined) {
  const own = new AbortController();
  const leave = () => own.abort();
  process.on('SIGINT', leave);
  return {
    leave,
    signal: signal === undefined ? own.signal : AbortSignal.any([own.signal, signal]),
    undo: () => {
      process.off('SIGINT', leave);
      own.abort();
    },
  };
}

/** Tells the terminal of each change of a pair, between two frames. */
function alerting(terminal: Terminal, bell: boolean): (after: WatchSample) => void {
  let before: WatchSample | undefined;
  return (after) => {
    const alert = alertFor(before, after);
    before = after;
    // One write of sequences that move nothing: Ink writes a frame whole, so this never lands within one.
    if (alert !== undefined) terminal.stdout.write(sequencesOf(alert, {bell}));
  };
}

/** The live view of a pair until q, Ctrl+C or `signal`. @throws what broke the drawing */
export async function watchScreen({
  source,
  bell = true,
  signal,
  terminal = process,
  ...ports
}: WatchScreenOptions): Promise<void> {
  const way = leaving(signal);
  const calm = paced(source);
  const tell = alerting(terminal, bell);
  tell(calm.snapshot().sample);
  const unsubscribe = calm.subscribe(() => tell(calm.snapshot().sample));
  try {
    const app = <WatchApp {...ports} source={calm} onLeave={way.leave} />;
    await mount(app, {terminal, signal: way.signal, tick: source.tick});
  } finally {
    unsubscribe();
    calm.close();
    way.undo();
  }
}

export interface PairsScreenOptions extends ScreenOptions {
  source: PairsSource & {tick: () => void};
  /** What the live view of one of them needs. */
  open: (pair: string) => WatchPorts & {source: WatchSource};
}

/** The list of several pairs, each of which can be opened, until q, Ctrl+C or `signal`. @throws what broke the drawing */
export async function pairsScreen({
  source,
  open,
  bell = true,
  signal,
  terminal = process,
}: PairsScreenOptions): Promise<void> {
  const way = leaving(signal);
  const tellers = new Map<string, (after: WatchSample) => void>();
  const tell = () => {
    for (const {pair, sample} of source.snapshot()) {
      if (sample === undefined) continue;
      const teller = tellers.get(pair) ?? alerting(terminal, bell);
      tellers.set(pair, teller);
      teller(sample);
    }
  };
  tell();
  const unsubscribe = source.subscribe(tell);
  const paces: (() => void)[] = [];
  const opened = (pair: string) => {
    const {source: own, ...ports} = open(pair);
    const calm = paced(own);
    paces.push(calm.close);
    return {...ports, source: calm};
  };
  try {
    const app = <PairsApp source={source} open={opened} onLeave={way.leave} />;
    await mount(app, {terminal, signal: way.signal, tick: source.tick});
  } finally {
    unsubscribe();
    for (const close of paces) close();
    way.undo();
  }
}
