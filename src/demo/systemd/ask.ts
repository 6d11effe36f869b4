/** Something that is known once, later: whoever waits is told, and telling again changes nothing. */
export class Ask<T> {
  readonly said: Promise<T>;
  is: T | undefined;
  isSaid = false;
  #tell!: (value: T) => void;

  constructor() {
    this.said = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  tell(value: T): void {
    if (this.isSaid) return;
    this.isSaid = true;
    this.is = value;
    this.#tell(value);
  }
}

/** Longest wait of a timer of Node, ms. */
const mostMs = 2 ** 31 - 1;

/** Timers of one owner: none of them goes off once it is closed. */
export class Clocks {
  readonly #running = new Set<() => void>();
  #closed = false;

  /** @returns takes it back; ms may be Infinity: never */
  after(ms: number, act: () => void): () => void {
    if (this.#closed || ms === Infinity) return () => {};
    const dueMs = performance.now() + ms;
    let timer: NodeJS.Timeout;
    const cancel = () => {
      clearTimeout(timer);
      this.#running.delete(cancel);
    };
    const wait = () => {
      const leftMs = dueMs - performance.now();
      timer = setTimeout(
        () => {
          if (dueMs - performance.now() > 1) return wait();
          this.#running.delete(cancel);
          act();
        },
        Math.min(Math.max(0, leftMs), mostMs),
      );
    };
    this.#running.add(cancel);
    wait();
    return cancel;
  }

  /** Waits for one of them, at most so long; undefined: the time was over. */
  async within<T>(ms: number, ...waited: readonly Promise<T>[]): Promise<T | undefined> {
    const over = new Ask<undefined>();
    const cancel = this.after(ms, () => over.tell(undefined));
    try {
      return await Promise.race([...waited, over.said]);
    } finally {
      cancel();
    }
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#running) cancel();
  }
}
