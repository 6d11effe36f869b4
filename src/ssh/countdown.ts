/** A time limit that stands still while somebody is being asked something. */
export class Countdown {
  #left: number;
  readonly #expire: () => void;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #asking = 0;
  /** Whether anything was asked at all. */
  asked = false;
  /** Resolves when the last question that was asked has its answer. */
  answered: Promise<unknown> = Promise.resolve();

  /** Runs from now on. @param limit ms */
  constructor(limit: number, expire: () => void) {
    this.#left = limit;
    this.#expire = expire;
    this.#run();
  }

  readonly during = async <T>(question: () => Promise<T>): Promise<T> => {
    this.asked = true;
    this.#asking += 1;
    if (this.#asking === 1) this.#stop();
    try {
      const answer = question();
      this.answered = Promise.allSettled([this.answered, answer]);
      return await answer;
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) this.#run();
    }
  };

  /** Ends it for good. */
  clear(): void {
    this.#stop();
    this.#asking = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.#expire, this.#left);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }
}
