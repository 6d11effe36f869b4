import type {WatchState} from './state.js';
import type {PlacedEvent} from './event-list.js';

/** The limit of docs/monitor.md, where the monitor's settings are not known. */
const usual = {max: 2, windowMs: 15 * 60_000};

/**
 * epoch ms of this machine until which the standby has taken over too often to do it again; null: it would. From the
 * events, which come at once, and from what a whole reading saw.
 */
export function limitEndsAtMs({events, hosts}: WatchState, nowMs: number): number | null {
  const {basics, clock} = hosts.standby;
  const {max, windowMs} = basics?.settings?.promotion ?? usual;
  const lately = counted(events).filter(({localMs}) => nowMs - localMs < windowMs);
  const oldest = lately.at(-max);
  if (oldest) return oldest.localMs + windowMs;
  const saved = basics?.noTakeoverUntilMs ?? null;
  const readMs = saved === null ? null : saved - (clock.offsetMs ?? 0);
  // A takeover that was called a test since, or the end of the time.
  const lifted = events.some(
    ({event, atMs}) => event === 'tested' && saved !== null && saved - atMs < windowMs,
  );
  return readMs === null || readMs <= nowMs || lifted ? null : readMs;
}

/** The takeovers that count: neither an operator's, nor one that goes on after a reboot, nor a test. */
function counted(events: readonly PlacedEvent[]): PlacedEvent[] {
  const takeovers: PlacedEvent[] = [];
  let resumes = false;
  for (const event of events) {
    if (event.event === 'resuming') resumes = true;
    if (event.event === 'tested') takeovers.pop();
    if (event.from !== 'suspect' || event.to === 'suspect') continue;
    if (event.event === 'promoting' && !resumes && !isByHand(event)) takeovers.push(event);
    resumes = false;
  }
  return takeovers;
}

/** Its sentence is the only thing that tells an operator's takeover from one for a primary that is suspected. */
export const isByHand = ({event, say}: Pick<PlacedEvent, 'event' | 'say'>) =>
  event === 'promoting' && say.startsWith('An operator');
