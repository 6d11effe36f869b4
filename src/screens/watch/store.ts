import type {Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import type {HostName} from '../../ssh/host.js';
import {toSample, type HostResult, type WatchEvent, type WatchSample} from './sample.js';
import {emptyState, observe, splitOf, type WatchState} from './state.js';

export interface WatchStoreOptions {
  pair: string;
  /** The split check over what was read of both hosts. */
  split: (primary: HostFacts, standby: HostFacts) => Split;
  /** epoch ms */
  now?: () => number;
}

interface Snapshot {
  sample: WatchSample;
  events: readonly WatchEvent[];
}

/** What was read last of each host, as the sample of now. */
export class WatchStore {
  readonly #options: WatchStoreOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: WatchState = emptyState;
  #split: Split;
  #snapshot: Snapshot;

  constructor(options: WatchStoreOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#split = splitOf(this.#state, options.split);
    this.#snapshot = this.#take();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  observe(host: HostName, result: HostResult): void {
    this.#state = observe(this.#state, host, result, this.#now());
    this.#split = splitOf(this.#state, this.#options.split);
    this.tick();
  }

  /** A sample of now: the same readings, older by what has passed. */
  tick(): void {
    this.#snapshot = this.#take();
    for (const listener of this.#listeners) listener();
  }

  #take(): Snapshot {
    const {pair} = this.#options;
    const sample = toSample({pair, readings: this.#state.readings, split: this.#split, nowMs: this.#now()});
    return {sample, events: this.#state.events};
  }
}
