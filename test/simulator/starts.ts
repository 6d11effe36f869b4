import {seconds} from './dice.js';
import type {Condition} from './truth.js';
import type {World} from './world.js';

interface Stretch {
  is: Condition;
  fromMs: number;
}

/** As in docs/monitor.md: what a start gets before it has shown anything, the bounds, how many are kept. */
const defaultMs = seconds(45);
const shortestMs = seconds(20);
const longestMs = seconds(120);
const kept = 20;
const enough = 3;
const room = 1.5;
/** ms by which a monitor may see a start begin late; by which it must have seen the end of it. */
const lateMs = seconds(10);
const surelyMs = seconds(14);
/** ms of a time of trouble from which a start can still be learned. */
const teachesMs = seconds(230);

/**
 * The primary's own starts as one who knows all has seen them: what a monitor may have learned from each, and what it
 * must have.
 */
export class Starts {
  /** ms that were surely seen; 0: whether it was seen nobody can tell. */
  #list: number[] = [];
  #counted = -1;
  #sure = -1;
  #troubledFromMs = 0;
  /** When the monitor last could not look as it should. */
  #hinderedMs = 0;

  constructor(private readonly world: World) {}

  /** `clearMs`: since when no packet is lost or late; `wellMs`: when it was last well for long enough to be seen. */
  look(stretches: readonly Stretch[], clearMs: number, wellMs: () => number): void {
    const {clock, process, standby, disturbedMs} = this.world;
    if (process?.stopped !== 0 || standby.diskSlow + standby.diskFull + standby.systemctlSilent > 0)
      this.#hinderedMs = clock.nowMs;
    const index = stretches.length - 1;
    const {is, fromMs} = stretches[index]!;
    if (is !== 'well') return;
    if (this.#counted !== index) {
      const last = stretches.findLastIndex((stretch, at) => at < index && stretch.is === 'well');
      if (stretches.slice(last + 1, index).some((stretch) => stretch.is === 'starting'))
        this.#list = [...this.#list, 0].slice(-kept);
      this.#counted = index;
      // Later it is well for long enough itself.
      this.#troubledFromMs = wellMs();
    }
    if (this.#sure === index || clock.nowMs - fromMs < surelyMs) return;
    this.#sure = index;
    const before = stretches[index - 1];
    if (before?.is !== 'starting') return;
    const seenMs = before.fromMs - lateMs;
    if (Math.max(clearMs, disturbedMs, this.#hinderedMs) > seenMs) return;
    if (fromMs - this.#troubledFromMs > teachesMs) return;
    this.#list[this.#list.length - 1] = Math.max(0, fromMs - before.fromMs - lateMs);
  }

  /** The monitor has lost its memory. */
  forget(): void {
    this.#list = [];
  }

  /** ms that a start must be given now. */
  get atLeastMs(): number {
    const longest = Math.max(0, ...this.#list);
    const learned = Math.min(longestMs, Math.max(shortestMs, room * longest));
    if (this.#list.length >= enough) return learned;
    return longest > 0 ? Math.max(defaultMs, learned) : defaultMs;
  }
}
