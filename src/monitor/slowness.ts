import type {ProbeResult} from './evidence.js';
import type {Memory} from './memory.js';

/** How long the primary takes to answer while it is well. */
export interface Slowness {
  /** ms, of the good probes, the newest counting most; null: none yet. */
  usualMs: number | null;
  /** Since when that is slow, monotonic ms; null: it is not. */
  sinceMs: number | null;
  /** That it is slow was told, and its end was not. */
  told: boolean;
}

export const unmeasured: Slowness = {usualMs: null, sinceMs: null, told: false};

/** ms: half of what a connection may take; from there on it is luck whether a probe is good. */
const slowMs = 500;
/** ms below which it is over: between the two nothing changes. */
const quickMs = 250;
/** How much one probe counts: after a minute the newest are half of it. */
const weight = 1 / 17;
/** ms for which it has to be slow before anybody is told; a backup or an upgrade passes by. */
const patienceMs = 600_000;

const tenth = (ms: number) => Math.round(ms * 10) / 10;

export function slownessAfter(before: Slowness, {tookMs}: ProbeResult, nowMs: number): Slowness {
  const usualMs =
    before.usualMs === null ? tookMs : tenth(before.usualMs + weight * (tookMs - before.usualMs));
  if (usualMs >= slowMs) return {...before, usualMs, sinceMs: before.sinceMs ?? nowMs};
  return {...before, usualMs, sinceMs: usualMs < quickMs ? null : before.sinceMs};
}

type Known = {m: Memory; nowMs: number};

export const slowTooLong = ({m, nowMs}: Known) =>
  m.suspicion === null &&
  m.slowness.sinceMs !== null &&
  !m.slowness.told &&
  nowMs - m.slowness.sinceMs >= patienceMs;

export const quickAgain = ({m}: Pick<Known, 'm'>) =>
  m.suspicion === null && m.slowness.told && m.slowness.sinceMs === null;
