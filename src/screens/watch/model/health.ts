import type {LiveTold} from '../../../sampler/told.js';

/** The primary's health as the standby's probes have seen it. */
export interface History {
  boot: string;
  /** When the newest probe was, monotonic ms of the standby. */
  probeMs: number;
  /** One for each probe, oldest first: ms of the answer, or null for none. */
  values: readonly (number | null)[];
}

/** How many probes are remembered: 20 min of a primary that is well. */
export const longestHistory = 240;
/** ms; probes are further apart, and the same one is told with the rounding of two numbers. */
const sameProbeMs = 100;

/**
 * With the probes that `live` tells of and the history does not have. After a pause of the connection the 30 newest
 * are laid over the end of the history; where they do not reach back to it, it begins anew.
 * @param intervalMs between probes of a primary that is well
 */
export function historyAfter(before: History | null, live: LiveTold, intervalMs: number): History | null {
  if (live.probe === null) return before;
  const {boot, latencies} = live;
  const probeMs = live.ms - live.probe.agoMs;
  const newest = latencies.length === 0 ? [live.probe.class === 'ok' ? live.probe.tookMs : null] : latencies;
  const begin = {boot, probeMs, values: newest.slice(-longestHistory)};
  if (before === null) return begin;
  if (before.boot !== boot) return {...begin, values: [...before.values, ...newest].slice(-longestHistory)};
  const passedMs = probeMs - before.probeMs;
  // The monitor came up anew with the clock of the same boot, or what is told is older than what is known.
  if (passedMs <= sameProbeMs) return before;
  const least = Math.max(1, Math.round(passedMs / (intervalMs * 1.2)));
  if (least > Math.max(newest.length, 1) && passedMs > intervalMs * 3) return begin;
  const values = [...before.values, ...newest.slice(-added(before.values, newest, least))];
  return {boot, probeMs, values: values.slice(-longestHistory)};
}

/** How many of `newest` come after `known`: the fewest, from `least` on, with which the rest is the end of it. */
function added(known: readonly (number | null)[], newest: readonly (number | null)[], least: number): number {
  for (let fresh = least; fresh < newest.length; fresh += 1) {
    const shared = newest.slice(0, newest.length - fresh);
    const end = known.slice(-shared.length);
    // A history that is younger than what is shared agrees where there is something to compare.
    if (end.every((value, index) => value === shared[shared.length - end.length + index])) return fresh;
  }
  return newest.length;
}
