/** The schedule of the probes: on the beat, however long a probe took; a beat that was slept through is not made up for. */
export class Beat {
  /** When the next probe is due, monotonic ms. */
  dueMs = 0;

  /** After a probe that was sent at `startedMs`. */
  next(startedMs: number, intervalMs: number): void {
    const onBeat = this.dueMs + intervalMs;
    this.dueMs = onBeat > startedMs && onBeat <= startedMs + intervalMs ? onBeat : startedMs + intervalMs;
  }
}
