/** Lets all that waits in promises run: it has when the event loop has turned once. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Timer {
  atMs: number;
  what: () => void;
}

/**
 * Virtual time: it stands still until everything that could happen at this moment has happened, and then jumps to
 * the next thing that is due. Things due at the same moment happen in the order in which they were planned.
 */
export class Clock {
  /** ms since the story began; the true time of the world, whatever a host's own clocks say. */
  nowMs = 0;
  /** Latest first: the next one is taken from the end. */
  #timers: Timer[] = [];
  #woken = true;

  after(ms: number, what: () => void): void {
    const timer = {atMs: this.nowMs + Math.max(0, ms), what};
    let index = this.#timers.length;
    while (index > 0 && this.#timers[index - 1]!.atMs <= timer.atMs) index -= 1;
    this.#timers.splice(index, 0, timer);
  }

  /** Code that waited has got its answer, and must be let run before time goes on. */
  woke(): void {
    this.#woken = true;
  }

  /** Until the time is over, or `look`, which is called after everything that happens, says that it is enough. */
  async runUntil(endMs: number, look: () => boolean): Promise<void> {
    for (;;) {
      if (this.#woken) {
        this.#woken = false;
        await turn();
        if (look()) return;
        continue;
      }
      const next = this.#timers.at(-1);
      if (!next || next.atMs > endMs) break;
      this.#timers.pop();
      this.nowMs = next.atMs;
      next.what();
      if (!this.#woken && look()) return;
    }
    this.nowMs = endMs;
  }
}
