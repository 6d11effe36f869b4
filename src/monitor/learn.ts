import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** How many restarts are remembered. */
export const mostRestarts = 20;
/** Below the default only a primary that has shown it this often; above it one slow restart is enough. */
const enough = 3;
/** A restart may take half as long again as the longest that was seen. */
const room = 1.5;
/** ms; the bounds of what can be learned. */
const shortestMs = 20_000;
const longestMs = 120_000;

/**
 * ms that a starting primary is given: the longest of its own remembered restarts with room to spare, within fixed
 * bounds; the settings' time until it has shown enough of them.
 */
export function learnedStartMs({holds}: MonitorSettings, {restarts}: Pick<Memory, 'restarts'>): number {
  const longest = Math.max(0, ...restarts);
  const learned = Math.min(longestMs, Math.max(shortestMs, Math.round(longest * room)));
  return restarts.length >= enough ? learned : Math.max(holds.startingMs, longest > 0 ? learned : 0);
}

/** Remembers how long the primary was away, ms; what is longer than can be learned from teaches nothing. */
export function withRestart(restarts: readonly number[], tookMs: number): number[] {
  return tookMs > 2 * longestMs ? [...restarts] : [...restarts, Math.round(tookMs)].slice(-mostRestarts);
}
