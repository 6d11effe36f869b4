import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit} from '../../errors.js';
import type {SetupPort, SetupSummary} from '../../plan/events.js';
import type {HostName} from '../../ssh/host.js';
import {drawScreen} from '../draw.js';
import type {Terminal} from '../terminal.js';
import {mayColour, paint} from '../theme.js';
import {SetupApp, type Next} from './app.js';
import {SetupStore} from './store.js';
import {standingLines, summaryLines} from './summary.js';

export interface SetupScreenOptions {
  pair: string;
  version: string;
  /** Ask nothing: reviews are applied, a failure quits, and the screen leaves by itself at the end. */
  yes: boolean;
  /** How the operator named the hosts, shown in the header. */
  targets?: Partial<Record<HostName, string>>;
  /** Default: the process's own. */
  terminal?: Terminal;
}

export interface SetupEnd {
  summary?: SetupSummary;
  /** What the engine threw. It is not printed here: the program has one place that prints errors and exits. */
  error?: unknown;
  next: Next;
}

export interface SetupScreen {
  port: SetupPort;
  /**
   * Shows the screen while `engine` runs, gives the terminal back, prints the summary to stdout (or to stderr where
   * things stand, when the engine threw). Never throws.
   */
  run(engine: () => Promise<SetupSummary>): Promise<SetupEnd>;
}

// After the second Ctrl+C the engine may still say goodbye to the hosts; it is not waited for longer than this.
const forcedMs = 1500;
const tickMs = 1000;

type Outcome = {summary: SetupSummary} | {error: unknown};

/** The screen that setup runs in. Nothing is drawn before `run`. */
export function setupScreen({pair, version, yes, targets, terminal}: SetupScreenOptions): SetupScreen {
  const store = new SetupStore({pair, version, yes, targets});
  return {
    port: store.port,
    run: async (engine) => show(store, engine, {yes, terminal: terminal ?? process}),
  };
}

async function show(
  store: SetupStore,
  engine: () => Promise<SetupSummary>,
  {yes, terminal}: {yes: boolean; terminal: Terminal},
): Promise<SetupEnd> {
  const left = Promise.withResolvers<Next>();
  const app = drawScreen(<SetupApp store={store} onLeave={left.resolve} />, terminal);
  const ticking = setInterval(() => store.dispatch(), tickMs);
  const interrupt = () => store.interrupt();
  process.on('SIGINT', interrupt);
  // When drawing itself breaks, the step in hand still has to end well: stop as on Ctrl+C and tell it afterwards.
  const broken = app.waitUntilExit().then(
    () => undefined,
    (error: unknown) => ({error}),
  );
  void broken.then((fault) => fault && !store.port.stop.aborted && store.interrupt());
  try {
    const outcome = await settle(engine, store);
    const next =
      'summary' in outcome && !yes
        ? await Promise.race([left.promise, broken.then(() => 'quit' as const)])
        : 'quit';
    app.unmount();
    const fault = await broken;
    tell(store, outcome, terminal);
    if (fault && !('error' in outcome)) return {...outcome, error: fault.error, next: 'quit'};
    return {...outcome, next};
  } finally {
    clearInterval(ticking);
    process.off('SIGINT', interrupt);
  }
}

/** The engine's end, or that it was left behind after the second Ctrl+C. */
async function settle(engine: () => Promise<SetupSummary>, store: SetupStore): Promise<Outcome> {
  const running = engine().then(
    (summary): Outcome => {
      if (!store.view().summary) store.dispatch({type: 'done', summary});
      return {summary};
    },
    (error: unknown): Outcome => ({error}),
  );
  const leave = Promise.withResolvers<void>();
  store.port.force.addEventListener('abort', () => leave.resolve(), {once: true});
  const forced = leave.promise.then(async (): Promise<Outcome> => {
    await sleep(forcedMs);
    return {error: interrupted()};
  });
  return Promise.race([running, forced]);
}

function interrupted(): Abort {
  return new Abort('Setup was left in the middle of a step.', {
    next: ['Run the same command again; it continues from what the hosts say.'],
    exit: Exit.interrupted,
  });
}

/** The alternate screen is gone with everything on it: print what should stay. */
function tell(store: SetupStore, outcome: Outcome, {stdout, stderr}: Terminal): void {
  const view = store.view();
  const done = 'summary' in outcome;
  const lines = done ? summaryLines(outcome.summary, view) : standingLines(view);
  const stream = done ? stdout : stderr;
  stream.write(`${lines.map((line) => paint(line, mayColour(stream))).join('\n')}\n`);
}
