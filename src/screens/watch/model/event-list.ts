import type {EventTold} from '../../../sampler/told.js';

/** An event of the monitor with its place in this machine's time. */
export interface PlacedEvent extends EventTold {
  /** epoch ms of this machine */
  localMs: number;
  /** The standby's clock was known when it came; else it is placed as soon as it is. */
  placed: boolean;
}

/** How many events are remembered. */
export const mostEvents = 500;
/** How many of them the rest may not push out. */
export const mostLandmarks = 100;

/** What tests, usual times and the outlook are reckoned from: a month of short doubts must not make it forgotten. */
const landmarks: ReadonlySet<string | undefined> = new Set([
  'promoting',
  'gateway-started',
  'gateway-ready',
  'promoted',
  'tested',
  'attempt-failed',
  'blocked',
  'demoting',
  'demoted',
]);

/**
 * The list with `event` in its place, oldest first; the same list where it is there already, or too old. Within one
 * boot the numbers say the order, whatever the wall clock did meanwhile.
 * @param offsetMs that the standby's clock is ahead; null: not known
 * @param most that are remembered
 */
export function withEvent(
  events: readonly PlacedEvent[],
  event: EventTold,
  offsetMs: number | null,
  most = mostEvents,
): readonly PlacedEvent[] {
  let index = events.length;
  while (index > 0 && isAfter(events[index - 1]!, event)) index -= 1;
  if (events.some(({boot, seq}) => boot === event.boot && seq === event.seq)) return events;
  // Its place is kept: a clock that is set later moves nothing that has been told.
  const placed = {...event, localMs: event.atMs - (offsetMs ?? 0), placed: offsetMs !== null};
  const kept = keptOf([...events.slice(0, index), placed, ...events.slice(index)], most);
  return kept.includes(placed) ? kept : events;
}

const isAfter = (known: EventTold, event: EventTold) =>
  known.boot === event.boot ? known.seq > event.seq : known.atMs > event.atMs;

/**
 * The last `most` of a list, oldest first, but for its newest landmarks: they stay, and others go in their place.
 */
export function keptOf<E extends {event?: string}>(list: readonly E[], most: number): readonly E[] {
  let over = list.length - most;
  if (over <= 0) return list;
  const safe = new Set(list.filter(({event}) => landmarks.has(event)).slice(-Math.min(mostLandmarks, most)));
  return list.filter((each) => {
    if (over === 0 || safe.has(each)) return true;
    over -= 1;
    return false;
  });
}

/** Events that came before anything was known of the standby's clock, once it is. */
export function placeAll(events: readonly PlacedEvent[], offsetMs: number | null): readonly PlacedEvent[] {
  if (offsetMs === null || events.every(({placed}) => placed)) return events;
  return events.map((event) =>
    event.placed ? event : {...event, localMs: event.atMs - offsetMs, placed: true},
  );
}
