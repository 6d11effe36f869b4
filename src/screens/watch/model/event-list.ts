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

/**
 * The list with `event` in its place, oldest first; the same list where it is there already, or too old. Within one
 * boot the numbers say the order, whatever the wall clock did meanwhile.
 * @param offsetMs that the standby's clock is ahead; null: not known
 */
export function withEvent(
  events: readonly PlacedEvent[],
  event: EventTold,
  offsetMs: number | null,
): readonly PlacedEvent[] {
  let index = events.length;
  while (index > 0 && isAfter(events[index - 1]!, event)) index -= 1;
  if (index === 0 && events.length >= mostEvents) return events;
  if (events.some(({boot, seq}) => boot === event.boot && seq === event.seq)) return events;
  // Its place is kept: a clock that is set later moves nothing that has been told.
  const placed = {...event, localMs: event.atMs - (offsetMs ?? 0), placed: offsetMs !== null};
  return [...events.slice(0, index), placed, ...events.slice(index)].slice(-mostEvents);
}

const isAfter = (known: EventTold, event: EventTold) =>
  known.boot === event.boot ? known.seq > event.seq : known.atMs > event.atMs;

/** Events that came before anything was known of the standby's clock, once it is. */
export function placeAll(events: readonly PlacedEvent[], offsetMs: number | null): readonly PlacedEvent[] {
  if (offsetMs === null || events.every(({placed}) => placed)) return events;
  return events.map((event) =>
    event.placed ? event : {...event, localMs: event.atMs - offsetMs, placed: true},
  );
}
