/** A point in time that survives a restart, a reboot and a stepped clock as well as may be. */
export interface Stamp {
  /** Random per boot of the host. */
  boot: string;
  /** Monotonic ms within that boot. */
  ms: number;
  /** Epoch ms, for what lies in another boot. */
  wallMs: number;
}

/** ms from one to the other: by the monotonic clock within a boot, else by the wall clock; never negative. */
export const sinceMs = (then: Stamp, now: Stamp): number =>
  Math.max(0, then.boot === now.boot ? now.ms - then.ms : now.wallMs - then.wallMs);
