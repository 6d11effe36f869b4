import type {LinkSample} from './sample.js';

/** ms; a shorter silence is a hiccup of this machine's network, a longer one says something about the pair. */
const lostMs = 30_000;

/** Nothing has been heard of a host for long, or it could not even be reached once. */
export function isLost({silentMs, stale, state, error}: LinkSample): boolean {
  if (silentMs === null) return state !== 'up' && error !== null;
  return stale && silentMs > lostMs;
}
