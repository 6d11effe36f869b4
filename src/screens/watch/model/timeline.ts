import {keptOf, type PlacedEvent} from './event-list.js';
import {rebooted} from './noticed.js';
import type {TimelineEntry} from './sample.js';
import type {WatchState} from './state.js';

/** How many lines the timeline holds. */
const mostEntries = 500;
/** ms around which the monitor's word and this machine's own eyes mean the same reboot. */
const sameRebootMs = 300_000;

/** The monitor's events and what this machine noticed, oldest first. */
export function timelineOf({events, noticed}: WatchState): readonly TimelineEntry[] {
  const reboots = events.filter(({event}) => event === 'resuming');
  const own = noticed.filter(
    ({host, sentence, atMs}) =>
      host !== 'standby' ||
      sentence !== rebooted ||
      !reboots.some(({localMs}) => Math.abs(localMs - atMs) < sameRebootMs),
  );
  // A stable sort: events of one moment stay in the order in which they were written.
  const all = [...events.map(entryOf), ...own].toSorted((a, b) => a.atMs - b.atMs);
  return keptOf(all, mostEntries);
}

const entryOf = ({boot, seq, localMs, level, event, say}: PlacedEvent): TimelineEntry => ({
  key: `${boot} ${seq}`,
  atMs: localMs,
  host: 'standby',
  level,
  event,
  sentence: say,
});
