import {setTimeout as timer} from 'node:timers/promises';
import {Abort, Exit, messageOf} from '../errors.js';
import type {Host, HostName, Script} from '../ssh/host.js';
import type {HostSource} from '../ssh/source.js';
import {stripControl} from '../ssh/strip.js';
import {untilAborted} from '../ssh/until-aborted.js';
import {parseTold} from './parse.js';
import type {LinkState, Told} from './told.js';

/** All that a stream knows of time. */
export interface StreamClock {
  /** epoch ms */
  now(): number;
  /** ms that never jump */
  monotonicMs(): number;
  /** Resolves after so many ms, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface StreamOptions {
  host: HostName;
  source: HostSource;
  /** The sampler for the host that was reached; asked anew each time. */
  script: (connected: Host) => Script | Promise<Script>;
  /** Ends it. */
  signal: AbortSignal;
  onTold: (told: Told) => void;
  onLink: (link: LinkState) => void;
  clock?: StreamClock;
}

export interface Stream {
  /** Tries again now, where it waits before the next try. */
  poke(): void;
  /** Resolves once the signal has ended it. */
  ended: Promise<void>;
}

/** ms without a line after which a connection is given up: a healthy sampler says something every 2 s. */
const silentMs = 10_000;
/** ms before the next try, after so many that failed. */
const waitsMs = [500, 1000, 2000, 4000, 8000];
/** ms that a stream has to last before the waits begin from the shortest again. */
const steadyMs = 30_000;
/** ms between two looks at the clocks. */
const lookMs = 1000;
/** ms by which the clocks may differ between two looks, or a look may be late, before this machine has been asleep. */
const jumpMs = 5000;
const lateMs = 10_000;

const realClock: StreamClock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => timer(ms, undefined, {signal}).catch(() => undefined),
};

/**
 * Tells what a host says from moment to moment, and how the connection stands, until the signal aborts. A connection
 * that is lost, or silent, is made anew as often as it takes; at once after this machine was asleep, since none that
 * stood before is to be trusted. That a sampler ends of age and is started again is not told.
 */
export function streamHost(options: StreamOptions): Stream {
  const running = new Running(options, options.clock ?? realClock);
  return {poke: () => running.poke(), ended: running.run()};
}

/** Why a stream was left from here. */
class Silence extends Error {}
class Awake extends Error {}

class Running {
  readonly #options: StreamOptions;
  readonly #clock: StreamClock;
  /** Ends the try in hand. */
  #leave = new AbortController();
  #wake = new AbortController();
  /** Number of the next try. */
  #attempt = 1;
  /** Tries that failed, or did not last, in a row. */
  #failed = 0;
  #upMs: number | undefined;
  /** There is a connection to be given up. */
  #reached = false;
  /** Monotonic ms of the newest line, while there should be some. */
  #heardMs: number | undefined;

  constructor(options: StreamOptions, clock: StreamClock) {
    this.#options = options;
    this.#clock = clock;
  }

  poke(): void {
    this.#wake.abort();
  }

  async run(): Promise<void> {
    const {signal} = this.#options;
    const stop = () => {
      this.#leave.abort();
      this.#wake.abort();
    };
    signal.addEventListener('abort', stop, {once: true});
    const watching = this.#watch();
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      await this.#once().then(
        () => undefined,
        (error: unknown) => this.#lost(error),
      );
    }
    signal.removeEventListener('abort', stop);
    await watching;
  }

  /** One try, and the stream that comes of it; returns when the sampler has ended of age. */
  async #once(): Promise<void> {
    const {host, source, script, onLink, onTold} = this.#options;
    const {signal} = (this.#leave = new AbortController());
    if (this.#options.signal.aborted) return;
    if (this.#upMs === undefined) onLink({state: 'connecting', attempt: this.#attempt});
    this.#reached = false;
    const connected = await untilAborted(source(), signal);
    this.#reached = true;
    const sampler = await untilAborted(Promise.resolve(script(connected)), signal);
    let aged = false;
    this.#heardMs = this.#clock.monotonicMs();
    try {
      for await (const line of connected.follow(sampler, signal)) {
        this.#heardMs = this.#clock.monotonicMs();
        aged = line === 'end';
        const told = parseTold(line);
        if (told === undefined) continue;
        if (told.kind === 'hello') this.#up();
        onTold(told);
      }
    } finally {
      this.#heardMs = undefined;
    }
    signal.throwIfAborted();
    if (!aged) throw new Abort(`What samples the ${host} ended by itself.`);
  }

  #up(): void {
    if (this.#upMs !== undefined) return;
    this.#upMs = this.#clock.monotonicMs();
    this.#attempt = 1;
    this.#options.onLink({state: 'up'});
  }

  async #lost(error: unknown): Promise<void> {
    const {source, onLink, signal} = this.#options;
    if (signal.aborted) return;
    const steady = this.#upMs !== undefined && this.#clock.monotonicMs() - this.#upMs >= steadyMs;
    if (this.#upMs === undefined) this.#attempt += 1;
    this.#upMs = undefined;
    if (steady || error instanceof Awake) this.#failed = 0;
    // Whoever else asks may be connecting meanwhile, and is left alone unless this machine was asleep.
    if (error instanceof Awake || (this.#reached && isOfConnection(error))) source.drop();
    if (error instanceof Awake) {
      this.#attempt = 1;
      // What was told before is old by now, though the next try begins at once.
      onLink({state: 'lost', attempt: 1, retryAtMs: this.#clock.now(), error: error.message});
      return;
    }
    const waitMs = waitsMs[Math.min(this.#failed, waitsMs.length - 1)]!;
    this.#failed += 1;
    this.#wake = new AbortController();
    onLink({
      state: 'lost',
      attempt: this.#attempt,
      retryAtMs: this.#clock.now() + waitMs,
      error: sentenceOf(error),
    });
    await this.#clock.sleep(waitMs, this.#wake.signal);
  }

  /** Looks after silence, and notices that this machine was asleep: its clocks then differ, or a look comes late. */
  async #watch(): Promise<void> {
    const {signal, host} = this.#options;
    let wall = this.#clock.now();
    let steady = this.#clock.monotonicMs();
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop
      await this.#clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      const passed = this.#clock.monotonicMs() - steady;
      const drift = Math.abs(this.#clock.now() - wall - passed);
      wall = this.#clock.now();
      steady = this.#clock.monotonicMs();
      if (drift > jumpMs || passed > lookMs + lateMs) this.#redial(new Awake('This machine was asleep.'));
      else if (this.#heardMs !== undefined && steady - this.#heardMs > silentMs)
        this.#redial(new Silence(`Nothing was heard from the ${host} for ${silentMs / 1000} s.`));
    }
  }

  #redial(why: Error): void {
    this.#leave.abort(why);
    this.#wake.abort();
  }
}

/** Of a command that failed on a host that answers, the connection is none the worse. */
function isOfConnection(error: unknown): boolean {
  return !(error instanceof Abort) || error.exit === Exit.unreachable;
}

function sentenceOf(error: unknown): string {
  const message = messageOf(error);
  return stripControl(message).replaceAll('\n', ' ').slice(0, 300);
}
