import type {Episode, StageId} from './episode.js';

/** How many earlier ones count: the newest say most about the hosts as they are. */
const newest = 5;

function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** epoch ms at which a stage was reached, the last time where there were several tries; null: it was not. */
export const reachedMs = ({marks}: Episode, id: StageId): number | null =>
  marks.findLast((mark) => mark.id === id && !mark.failed)?.atMs ?? null;

/**
 * ms since the beginning of `current` at which `id` is usually reached, from earlier episodes of its kind: how long
 * a verdict takes depends on its reason, and everything behind it on the verdict. null: there is none to tell.
 */
export function usualMs(earlier: readonly Episode[], current: Episode, id: StageId): number | null {
  const alike = earlier.filter(({kind, endedMs}) => kind === current.kind && endedMs !== null);
  if (id === 'first-bad' || id === 'last-ok' || id === 'workspace' || id === 'beside' || id === 'back')
    return null;
  if (current.kind === 'give-back' || id === 'asked') return fromStart(alike, id);
  if (id === 'verdict') {
    const {reason} = current;
    return reason === null
      ? null
      : fromStart(
          alike.filter((one) => one.reason === reason),
          id,
        );
  }
  const {decidedMs, beganMs} = current;
  const sinceMs = decidedMs === null ? usualMs(earlier, current, 'verdict') : Math.round(decidedMs - beganMs);
  const spanMs = usualSpan(alike, id);
  return sinceMs === null || spanMs === null ? null : sinceMs + spanMs;
}

function fromStart(alike: readonly Episode[], id: StageId): number | null {
  const seen = alike.flatMap((episode) => {
    const atMs = reachedMs(episode, id);
    return atMs === null ? [] : [Math.round(atMs - episode.beganMs)];
  });
  return median(seen.slice(-newest));
}

/** ms from the decision until `id` is reached, in those of `alike` that went without a failure; null: there is none. */
export function usualSpan(alike: readonly Episode[], id: StageId): number | null {
  const smooth = alike.filter(({marks}) => marks.every(({failed}) => !failed));
  const seen = smooth.flatMap((episode) => {
    const [from, to] = [episode.decidedMs, reachedMs(episode, id)];
    return from === null || to === null ? [] : [Math.round(to - from)];
  });
  return median(seen.slice(-newest));
}
