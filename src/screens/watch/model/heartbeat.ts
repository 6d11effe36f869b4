import type {HeartbeatSample} from './sample.js';
import type {WatchState} from './state.js';

/**
 * That the standby itself is alive, as somebody else has heard: its dead-man ping, else the newest delivery of any
 * message; null: nobody is told.
 */
export function heartbeatOf({hosts}: WatchState, nowMs: number): HeartbeatSample | null {
  const {live, clock} = hosts.standby;
  const targets = live?.value?.telling?.targets ?? [];
  const told = targets.map(({name, kind, deliveredAt, error}) => {
    const hostMs = deliveredAt === null ? Number.NaN : Date.parse(deliveredAt);
    const atMs = Number.isNaN(hostMs) ? null : hostMs - (clock.offsetMs ?? 0);
    return {name, ping: kind === 'ping', atMs, error};
  });
  const newest = told.toSorted((a, b) => (b.atMs ?? -Infinity) - (a.atMs ?? -Infinity));
  const one = newest.find(({ping}) => ping) ?? newest[0];
  if (one === undefined) return null;
  const agoMs = one.atMs === null ? null : Math.max(0, Math.round(nowMs - one.atMs));
  return {name: one.name, agoMs, error: one.error};
}
