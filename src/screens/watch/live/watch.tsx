import type {Terminal} from '../../terminal.js';
import {alerting, listTitle} from './alerts.js';
import {WatchApp} from './app.js';
import {mount} from './mount.js';
import {isPressing, isPressingList, paced} from './pace.js';
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

/** The live view of a pair until q, Ctrl+C or `signal`. @throws what broke the drawing */
export async function watchScreen({
  source,
  bell = true,
  signal,
  terminal = process,
  ...ports
}: WatchScreenOptions): Promise<void> {
  const way = leaving(signal);
  const calm = paced(source, isPressing);
  const tell = alerting(terminal.stdout, bell);
  const unsubscribe = calm.subscribe(() => tell(calm.snapshot().sample));
  try {
    const app = <WatchApp {...ports} source={{...calm, refresh: source.refresh}} onLeave={way.leave} />;
    const drawn = mount(app, {terminal, signal: way.signal, tick: source.tick});
    // Not before the title that was there is kept.
    tell(calm.snapshot().sample);
    await drawn;
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
  const tellers = new Map<string, ReturnType<typeof alerting>>();
  const list = paced(source, isPressingList);
  const tell = () => {
    const rows = list.snapshot();
    for (const {pair, sample} of rows) {
      if (sample === undefined) continue;
      const teller = tellers.get(pair) ?? alerting(terminal.stdout, bell);
      tellers.set(pair, teller);
      teller(sample, listTitle(rows));
    }
  };
  const unsubscribe = list.subscribe(tell);
  let opened: (() => void) | undefined;
  const show = (pair: string) => {
    const {source: own, ...ports} = open(pair);
    const calm = paced(own, isPressing);
    opened = calm.close;
    return {...ports, source: {...calm, refresh: own.refresh}};
  };
  try {
    const app = <PairsApp source={list} open={show} onBack={() => opened?.()} onLeave={way.leave} />;
    const drawn = mount(app, {terminal, signal: way.signal, tick: source.tick});
    tell();
    await drawn;
  } finally {
    unsubscribe();
    list.close();
    opened?.();
    way.undo();
  }
}
