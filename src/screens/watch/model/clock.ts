/** What is known of a host's clock beside this machine's. Spans in ms; positive: the host is ahead. */
export interface HostClock {
  /** Host time minus arrival of the newest lines that said it, oldest first: the offset, less the way here. */
  newest: readonly number[];
  /** The best that is known, short by no more than the quickest way here; null: nothing yet. */
  offsetMs: number | null;
}

export const unknownClock: HostClock = {newest: [], offsetMs: null};

/** Of so many lines one has had nothing to wait for on its way. */
const enough = 5;

/** After a line that said `hostMs`, epoch ms of the host, and arrived at `nowMs`. */
export function afterLine(clock: HostClock, hostMs: number, nowMs: number): HostClock {
  const newest = [...clock.newest, hostMs - nowMs].slice(-enough);
  return {newest, offsetMs: Math.max(...newest)};
}

/**
 * After a whole reading. Its own measure counts only until a line has come: the script that reads is long, and half of
 * the time that sending it takes would be called an offset.
 */
export function afterReading(clock: HostClock, offsetMs: number): HostClock {
  return clock.newest.length > 0 ? clock : {...clock, offsetMs};
}

/** A new connection: what the lines of the one before said may be hours old. */
export const afterDial = (clock: HostClock): HostClock => ({...clock, newest: []});
