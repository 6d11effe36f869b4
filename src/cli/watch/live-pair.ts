import {setTimeout as sleep} from 'node:timers/promises';
import type {HostFacts} from '../../facts/types.js';
import type {Pair} from '../../pair/schema.js';
import type {LinkState} from '../../sampler/told.js';
import {samplerFor} from '../../sampler/script.js';
import {streamHost} from '../../sampler/stream.js';
import {WatchStore} from '../../screens/watch/model/store.js';
import type {Host, HostName, Script} from '../../ssh/host.js';
import type {Programs} from '../../templates/programs.js';
import {pairReader, type PairReader} from '../pair-reader.js';
import type {Reach} from '../reach.js';

/** ms between two whole readings of a host: they cost it 0.3 to 0.7 s of CPU. */
const readEveryMs = 10 * 60_000;
/** ms after a reading that failed. */
const readAgainMs = 20_000;
/** ms; what changes a config writes more than one file. */
const settleMs = 1500;

/**
 * A pair as it is from moment to moment: one stream from each host, and a whole reading now and then, when a config
 * changes and when it is asked for. Everything comes together in `store`.
 */
export class LivePair {
  readonly store: WatchStore;
  readonly reader: PairReader;
  readonly #end = new AbortController();
  readonly #read: Record<HostName, Reading>;
  readonly #pokes: (() => void)[] = [];

  constructor(
    readonly pair: Pair,
    readonly reach: Reach,
    private readonly programs: Programs,
  ) {
    this.store = new WatchStore({pair: pair.name});
    this.reader = pairReader(pair, reach.sources, programs.accounts);
    const reading = (host: HostName) =>
      new Reading(
        () => this.reader.read[host](),
        (facts) => this.store.put({on: 'facts', host, facts}),
        (error) => this.store.put({on: 'facts-failed', host, error}),
      );
    this.#read = {primary: reading('primary'), standby: reading('standby')};
  }

  /** Begins; `stop` ends it. */
  start(): void {
    for (const host of ['primary', 'standby'] as const) {
      const reading = this.#read[host];
      void reading.run(this.#end.signal);
      const {poke} = streamHost({
        host,
        source: this.reach.sources[host],
        script: (connected) => this.#script(connected),
        signal: this.#end.signal,
        onTold: (told) => {
          this.store.put({on: 'told', host, told});
          if (told.kind === 'config') reading.stamped(told.stamp);
        },
        onLink: (link) => this.#linked(host, link),
      });
      this.#pokes.push(poke);
    }
  }

  stop(): void {
    this.#end.abort();
  }

  /** Reads both hosts now, and tries again at once where there is no connection. */
  refresh(): void {
    for (const poke of this.#pokes) poke();
    for (const reading of Object.values(this.#read)) reading.now();
  }

  facts(host: HostName): HostFacts | undefined {
    return this.#read[host].facts;
  }

  #linked(host: HostName, link: LinkState): void {
    this.store.put({on: 'link', host, link});
    this.#read[host].linked(link.state);
  }

  /** The standby is as setup made it; how a primary runs its gateway is only known once it was read. */
  async #script(host: Host): Promise<Script> {
    if (host.name === 'standby') return samplerFor('standby', undefined, this.programs.sampler);
    return samplerFor('primary', await this.#read.primary.first(), this.programs.sampler);
  }
}

/** The whole readings of one host, one at a time. */
class Reading {
  facts: HostFacts | undefined;
  #stamp: string | undefined;
  #lost = false;
  #due = false;
  #wake = new AbortController();
  readonly #first = Promise.withResolvers<HostFacts>();

  constructor(
    private readonly read: () => Promise<HostFacts>,
    private readonly got: (facts: HostFacts) => void,
    private readonly failed: (error: string) => void,
  ) {}

  /** The first that succeeds. */
  first(): Promise<HostFacts> {
    return this.#first.promise;
  }

  now(): void {
    this.#due = true;
    this.#wake.abort();
  }

  /** The first stamp is that of the first reading. */
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
    if (!this.#due)
      await sleep(ms, undefined, {signal: AbortSignal.any([signal, this.#wake.signal])}).catch(() => {});
    if (this.#due && this.facts !== undefined)
      await sleep(settleMs, undefined, {signal, ref: false}).catch(() => {});
    this.#due = false;
    this.#wake = new AbortController();
  }

  async #once(signal: AbortSignal): Promise<number> {
    try {
      const facts = await this.read();
      if (signal.aborted) return 0;
      this.facts = facts;
      this.got(facts);
      this.#first.resolve(facts);
      return readEveryMs;
    } catch (error) {
      if (!signal.aborted) this.failed(error instanceof Error ? error.message : String(error));
      return readAgainMs;
    }
  }
}
