/** The way to one target: when it may be tried again, and how it went. Times are monotonic ms of this boot. */
export interface Way {
  failures: number;
  nextMs: number;
  /** ISO time of the last delivery. */
  delivered: string | null;
  /** Why the newest attempt failed; null: it did not. */
  error: string | null;
}

export const freshWay: Way = {failures: 0, nextMs: 0, delivered: null, error: null};

const firstMs = 5_000;
const longestMs = 15 * 60_000;

/** 5 s, 10 s, 20 s … 15 min; or as long as the server asked for, if that is longer and not absurd. Pure. */
export function failedWay(way: Way, error: string, nowMs: number, askedMs = 0): Way {
  const failures = way.failures + 1;
  const backoffMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 12));
  return {...way, failures, error, nextMs: nowMs + Math.max(backoffMs, Math.min(askedMs, longestMs))};
}

export const deliveredWay = (way: Way, time: string): Way => ({
  ...way,
  failures: 0,
  nextMs: 0,
  delivered: time,
  error: null,
});
