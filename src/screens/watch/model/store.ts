import type {MonitorSettings} from '../../../monitor/settings.js';
import type {LiveTold} from '../../../sampler/told.js';
import type {PlacedEvent} from './event-list.js';
import type {TimelineEntry, WatchSample} from './sample.js';
import {emptyState, isSettled, reduce, type Input, type WatchState} from './state.js';
import {timelineOf} from './timeline.js';
import {toSample} from './to-sample.js';

/** What is shown at a moment. */
export interface Snapshot {
  sample: WatchSample;
  /** Oldest first. */
  timeline: readonly TimelineEntry[];
}

/** What is known of a pair, as the sample of the newest moment at which something came in or time went on. */
export class WatchStore {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: WatchState;
  #atMs: number;
  /** Made when somebody asks, and the same until something happens. */
  #snapshot: Snapshot | undefined;

  /** @param now epoch ms */
  constructor({pair, now = Date.now}: {pair: string; now?: () => number}) {
    this.#now = now;
    this.#state = emptyState(pair);
    this.#atMs = now();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => {
    this.#snapshot ??= {sample: toSample(this.#state, this.#atMs), timeline: timelineOf(this.#state)};
    return this.#snapshot;
  };

  put(input: Input): void {
    this.#atMs = this.#now();
    this.#state = reduce(this.#state, input, this.#atMs);
    this.#changed();
  }

  /** A sample of now: the same that was told, older by what has passed. */
  tick(): void {
    this.#atMs = this.#now();
    this.#changed();
  }

  /** Each host has told everything once, or could not. */
  get settled(): boolean {
    return isSettled(this.#state);
  }

  /** What the monitor has told of what happened, oldest first. */
  get events(): readonly PlacedEvent[] {
    return this.#state.events;
  }

  /** The monitor's newest sample as it was told; null: none. */
  get live(): LiveTold | null {
    return this.#state.hosts.standby.live?.value ?? null;
  }

  /** The monitor's settings as they were read last; null: not read, or another version's. */
  get settings(): MonitorSettings | null {
    return this.#state.hosts.standby.basics?.settings ?? null;
  }

  #changed(): void {
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }
}
