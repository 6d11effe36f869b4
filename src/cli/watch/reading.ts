import {messageOf} from '../../errors.js';
import {setTimeout as timer} from 'node:timers/promises';
import type {HostFacts} from '../../facts/types.js';
import type {LinkState} from '../../sampler/told.js';

/** ms between two whole readings of a host: they cost it 0.3 to 0.7 s of CPU. */
export const readEveryMs = 10 * 60_000;
/** ms after a reading that failed. */
export const readAgainMs = 20_000;
/** ms; what changes a config writes more than one file. */
export const settleMs = 1500;

export interface ReadingParts {
  read: () => Promise<HostFacts>;
  got: (facts: HostFacts) => void;
  failed: (error: string) => void;
  /** Resolves after so many ms, or at once when the signal is aborted. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const realSleep = (ms: number, signal: AbortSignal): Promise<void> =>
  timer(ms, undefined, {signal}).catch(() => undefined);

/**
 * The whole readings of one host, one at a time: now and then, and whenever something says that what was read may not
 * hold any more.
 */
export class Reading {
  /** Of the newest that succeeded. */
  facts: HostFacts | undefined;
  readonly #parts: Required<ReadingParts>;
  #stamp: string | undefined;
  #lost = false;
  #due = false;
  #wake = new AbortController();
  #first = Promise.withResolvers<HostFacts>();

  constructor(parts: ReadingParts) {
    this.#parts = {sleep: realSleep, ...parts};
  }

  /** What is known, else what the first reading that succeeds will tell; one is made at once. */
  known(): Promise<HostFacts> {
    if (this.facts) return Promise.resolve(this.facts);
    this.now();
    return this.#first.promise;
  }

  now(): void {
    this.#due = true;
    this.#wake.abort();
  }

  /** The first stamp is that of the first reading; another one says that a config has changed. */
  stamped(stamp: string): void {
    if (this.#stamp !== undefined && this.#stamp !== stamp) this.now();
    this.#stamp = stamp;
  }

  /** Whoever was away may come back another: it is read again. */
  linked(state: LinkState['state']): void {
    if (state === 'up' && this.#lost) this.now();
    if (state !== 'connecting') this.#lost = state === 'lost';
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#wake.abort();
    signal.addEventListener('abort', stop, {once: true});
    let waitMs = 0;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      await this.#rest(waitMs, signal);
      if (signal.aborted) return;
      // oxlint-disable-next-line no-await-in-loop
      waitMs = await this.#once(signal);
    }
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const {sleep} = this.#parts;
    if (!this.#due) await sleep(ms, this.#wake.signal);
    if (this.#due && this.facts !== undefined) await sleep(settleMs, signal);
    this.#due = false;
    this.#wake = new AbortController();
  }

  async #once(signal: AbortSignal): Promise<number> {
    const {read, got, failed} = this.#parts;
    try {
      const facts = await read();
      if (signal.aborted) return 0;
      this.facts = facts;
      got(facts);
      this.#first.resolve(facts);
      return readEveryMs;
    } catch (error) {
      if (!signal.aborted) failed(messageOf(error));
      return readAgainMs;
    }
  }
}
