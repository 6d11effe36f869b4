import {keptDrillsIn} from '../../drill/kept-drills.js';
import type {HostFacts} from '../../facts/types.js';
import {folders, pairFiles} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {samplerFor} from '../../sampler/script.js';
import {streamHost} from '../../sampler/stream.js';
import type {KeptDrills} from '../../screens/watch/model/drill.js';
import {WatchStore} from '../../screens/watch/model/store.js';
import type {HostName, Script} from '../../ssh/host.js';
import type {Programs} from '../../templates/programs.js';
import {pairReader, type PairReader} from '../pair-reader.js';
import type {Reach} from '../reach.js';
import {Reading} from './reading.js';

/** What the pair is looked at with; tests put doubles here. */
export interface LiveParts {
  reader: PairReader;
  stream: typeof streamHost;
  /** What the kept reports of drills say, when that is news. Never throws. */
  drills: () => Promise<KeptDrills | undefined>;
}

/**
 * A pair as it is from moment to moment: one stream from each host, and a whole reading now and then, when a config
 * changes and when it is asked for. Everything comes together in `store`.
 */
export class LivePair {
  readonly store: WatchStore;
  readonly reader: PairReader;
  readonly #stream: typeof streamHost;
  readonly #drills: LiveParts['drills'];
  readonly #end = new AbortController();
  readonly #read: Record<HostName, Reading>;
  readonly #streams: Partial<Record<HostName, {poke: () => void; leave: AbortController}>> = {};
  /** What the primary's stream runs. */
  #sampler: string | undefined;

  constructor(
    readonly pair: Pair,
    readonly reach: Reach,
    private readonly programs: Pick<Programs, 'accounts' | 'sampler'>,
    {
      reader = pairReader(pair, reach.sources, programs.accounts),
      stream = streamHost,
      drills = keptDrillsIn(pairFiles(pair.name, folders()).drills),
    }: Partial<LiveParts> = {},
  ) {
    this.store = new WatchStore({pair: pair.name});
    this.reader = reader;
    this.#stream = stream;
    this.#drills = drills;
    const reading = (host: HostName) =>
      new Reading({
        read: () => reader.read[host](),
        got: (facts) => this.#got(host, facts),
        failed: (error) => this.store.put({on: 'facts-failed', host, error}),
      });
    this.#read = {primary: reading('primary'), standby: reading('standby')};
  }

  /** Begins; `stop` ends it. */
  start(): void {
    void this.#lookAtDrills();
    for (const host of ['primary', 'standby'] as const) {
      void this.#read[host].run(this.#end.signal);
      this.#follow(host);
    }
  }

  stop(): void {
    this.#end.abort();
  }

  /** Reads both hosts now, and tries again at once where there is no connection. */
  refresh(): void {
    for (const host of ['primary', 'standby'] as const) {
      this.#streams[host]?.poke();
      this.#read[host].now();
    }
  }

  facts(host: HostName): HostFacts | undefined {
    return this.#read[host].facts;
  }

  #follow(host: HostName): void {
    const leave = new AbortController();
    const reading = this.#read[host];
    const {poke} = this.#stream({
      host,
      source: this.reach.sources[host],
      script: () => this.#script(host),
      signal: AbortSignal.any([this.#end.signal, leave.signal]),
      onTold: (told) => {
        this.store.put({on: 'told', host, told});
        if (told.kind === 'config') reading.stamped(told.stamp);
      },
      onLink: (link) => {
        this.store.put({on: 'link', host, link});
        reading.linked(link.state);
      },
    });
    this.#streams[host] = {poke, leave};
  }

  /** A primary whose gateway runs in another way than before is sampled in another way. */
  #got(host: HostName, facts: HostFacts): void {
    this.store.put({on: 'facts', host, facts});
    void this.#lookAtDrills();
    if (host === 'standby' || this.#sampler === undefined) return;
    if (this.#samplerOf(facts).text === this.#sampler) return;
    this.#streams.primary?.leave.abort();
    this.#sampler = undefined;
    this.#follow('primary');
  }

  async #lookAtDrills(): Promise<void> {
    const drills = await this.#drills();
    if (drills !== undefined && !this.#end.signal.aborted) this.store.put({on: 'drills', drills});
  }

  /** The standby is as setup made it; how a primary runs its gateway is only known once it was read. */
  async #script(host: HostName): Promise<Script> {
    if (host === 'standby') return samplerFor('standby', undefined, this.programs.sampler);
    const sampler = this.#samplerOf(await this.#read.primary.known());
    this.#sampler = sampler.text;
    return sampler;
  }

  readonly #samplerOf = (facts: HostFacts) => samplerFor('primary', facts, this.programs.sampler);
}
