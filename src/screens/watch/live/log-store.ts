import {messageOf} from '../../../errors.js';
import {clean} from '../../clip.js';
import type {LogLines} from '../view/log.js';

/** Lines that are kept; a day of a talkative gateway would fill the memory. */
const mostLines = 5000;
/** ms between two tellings: a burst is one change. */
const everyMs = 100;

/** Follows a journal until it is closed, and tells listeners of what came at most ten times a second. */
export class LogStore {
  readonly #leaving = new AbortController();
  readonly #listeners = new Set<() => void>();
  #log: LogLines = {lines: [], dropped: 0};
  #fresh: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(open: (signal: AbortSignal) => AsyncIterable<string>) {
    void this.#follow(open);
  }

  readonly log = (): LogLines => this.#log;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly close = (): void => {
    this.#leaving.abort();
    clearTimeout(this.#timer);
  };

  async #follow(open: (signal: AbortSignal) => AsyncIterable<string>): Promise<void> {
    const {signal} = this.#leaving;
    try {
      for await (const line of open(signal)) {
        if (signal.aborted) return;
        this.#fresh.push(clean(line));
        this.#timer ??= setTimeout(() => this.#tell(), everyMs);
      }
      if (!signal.aborted) this.#tell({});
    } catch (error) {
      if (!signal.aborted) this.#tell({error: messageOf(error)});
    }
  }

  #tell(ended?: {error?: string}): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = [...this.#log.lines, ...this.#fresh];
    this.#fresh = [];
    const over = Math.max(0, all.length - mostLines);
    const {dropped} = this.#log;
    this.#log = {lines: over > 0 ? all.slice(over) : all, dropped: dropped + over, ...(ended && {ended})};
    for (const listener of this.#listeners) listener();
  }
}
