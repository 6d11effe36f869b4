import type {LinkSample} from './sample.js';

/** ms; a shorter silence is a hiccup of this machine's network, a longer one says something about the pair. */
const lostMs = 30_000;

/** Nothing has been heard of a host for long, or it could not even be reached once. */
export function isLost({silentMs, stale, state, error}: LinkSample): boolean {
  if (silentMs === null) return state !== 'up' && error !== null;
  return stale && silentMs > lostMs;
}

/** ms that two connections of this machine may come back one after the other. */
const backMs = 8_000;

/** It was lost, and is back for so short a time that the other host may be on its way too. */
export const isJustBack = ({upForMs, afterLoss}: LinkSample): boolean =>
  afterLoss && upForMs !== null && upForMs < backMs;
