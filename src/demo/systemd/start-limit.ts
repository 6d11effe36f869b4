/** How often a service may be started within some time. */
export class StartLimit {
  #starts: number[] = [];

  /** Counts a start that it allows. `ms` 0: there is no limit. */
  allows({ms, burst}: {ms: number; burst: number}): boolean {
    if (ms === 0 || burst === 0) return true;
    const now = performance.now();
    this.#starts = this.#starts.filter((at) => now - at < ms);
    if (this.#starts.length >= burst) return false;
    this.#starts.push(now);
    return true;
  }

  forgive(): void {
    this.#starts = [];
  }
}
