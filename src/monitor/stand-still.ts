/** Longer than every bounded look of one round together: whoever needs more stood still. ms */
const stoodStillMs = 8000;

interface Clocks {
  /** Monotonic ms. */
  nowMs(): number;
  /** The same, with the time the host was suspended. */
  upMs(): number;
}

/** Notices that the host itself stood still (suspended, frozen, starved): what was counted before says nothing then. */
export class StandStill {
  /** When the last round ended, and how long it meant to sleep. */
  #last: {endMs: number; sleepMs: number} | undefined;
  /** How far the clocks were apart at the last look: all the time that this host was ever suspended. */
  #apartMs: number | undefined;

  /** ms that were lost since the last round; undefined: none worth telling. */
  lost(clocks: Clocks): number | undefined {
    const overMs = this.#last ? clocks.nowMs() - this.#last.endMs - this.#last.sleepMs : 0;
    return this.#worthTelling(Math.max(overMs, this.#suspendedMs(clocks)));
  }

  /** The same for a span that should have been short; a suspension can begin in the middle of a look as well. */
  since(startedMs: number, clocks: Clocks): number | undefined {
    return this.#worthTelling(Math.max(clocks.nowMs() - startedMs, this.#suspendedMs(clocks)));
  }

  /** A round ends, and means to sleep so long. */
  rest(clocks: Clocks, sleepMs: number): void {
    this.#last = {endMs: clocks.nowMs(), sleepMs};
  }

  #worthTelling(ms: number): number | undefined {
    return ms > stoodStillMs ? ms : undefined;
  }

  #suspendedMs(clocks: Clocks): number {
    const apartMs = clocks.upMs() - clocks.nowMs();
    const suspendedMs = apartMs - (this.#apartMs ?? apartMs);
    this.#apartMs = apartMs;
    return suspendedMs;
  }
}
