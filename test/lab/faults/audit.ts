// Rules that hold in every row, whatever it does. Pure: events and samples in, broken rules out.

import type {MonitorEvent} from '../../../src/monitor/events.js';
import type {StateName} from '../../../src/monitor/memory.js';
import type {AuditName} from './row.js';

/** What was seen at one moment from outside the standby. */
export interface Sample {
  /** ms since this machine's boot. */
  ms: number;
  /** State that the monitor tells, undefined while it tells none. */
  state: StateName | undefined;
  /** Whether the standby's gateway has a process. */
  runs: boolean;
}

export interface Seen {
  events: readonly MonitorEvent[];
  samples: readonly Sample[];
}

const mayRun: readonly StateName[] = ['promoting', 'active', 'recovering', 'demoting'];
/** A gateway that is told to stop may take this long while the state has moved on; ms. */
const roleSlackMs = 3_000;
/** I3. */
const longestPromotingMs = 180_000;
const longestDemotingMs = 430_000;
/** I9. */
const mostPromotions = 2;
const windowMs = 15 * 60_000;

const audits: Record<AuditName, (seen: Seen) => string[]> = {role, sequence, chain, bounded, limit, restart};

/** Sentences about broken rules; empty when all hold. */
export function audit(seen: Seen, without: readonly AuditName[] = []): string[] {
  return Object.entries(audits)
    .filter(([name]) => !without.includes(name as AuditName))
    .flatMap(([, check]) => check(seen));
}

/** I1: the standby's gateway runs in the states for it and in no other. */
function role({samples}: Seen): string[] {
  let sinceMs: number | undefined;
  for (const {ms, state, runs} of samples) {
    const wrong = runs && state !== undefined && !mayRun.includes(state);
    if (!wrong) sinceMs = undefined;
    else sinceMs ??= ms;
    if (sinceMs !== undefined && ms - sinceMs > roleSlackMs)
      return [
        `I1: the standby's gateway runs although the state is ${state}, for ${Math.round(ms - sinceMs)} ms`,
      ];
  }
  return [];
}

/** I8: every event has a number of its own, in order and without a hole. */
function sequence({events}: Seen): string[] {
  return pairs(events)
    .filter(([one, next]) => next.seq !== one.seq + 1)
    .map(([one, next]) => `I8: event ${one.seq} (${one.event}) is followed by ${next.seq} (${next.event})`);
}

/** I8: no state changes without an event; each goes on where the one before ended. */
function chain({events}: Seen): string[] {
  return pairs(events)
    .filter(([one, next]) => next.from !== one.to)
    .map(
      ([one, next]) =>
        `I8: after "${one.event}" the state is ${one.to}, but ${next.seq} "${next.event}" leaves ${next.from}`,
    );
}

/** I3: no step lasts for ever. */
function bounded({events}: Seen): string[] {
  return pairs(events).flatMap(([one, next]) => {
    const entered = one.to !== one.from ? one.to : undefined;
    if (entered === undefined) return [];
    const left = events.find(({seq, from, to}) => seq > one.seq && from === entered && to !== entered);
    const lastedMs = (left ?? events.at(-1)!).ms - one.ms;
    const limitMs =
      entered === 'promoting' ? longestPromotingMs : entered === 'demoting' ? longestDemotingMs : Infinity;
    const rebooted = (left ?? next).boot !== one.boot;
    return lastedMs > limitMs && !rebooted ? [`I3: ${entered} for ${Math.round(lastedMs)} ms`] : [];
  });
}

/** I9: at most two takeovers in a quarter of an hour. Going on after a reboot is the same takeover. */
function limit({events}: Seen): string[] {
  const takeovers = events.filter(({event, from}, index) => {
    const resumed = events.slice(0, index).findLast(({from, to}) => from !== to)?.event === 'resuming';
    return event === 'promoting' && from === 'suspect' && !resumed;
  });
  return takeovers
    .map(({ms}) => takeovers.filter((one) => one.ms >= ms && one.ms - ms < windowMs).length)
    .filter((count) => count > mostPromotions)
    .slice(0, 1)
    .map((count) => `I9: ${count} takeovers within 15 min`);
}

/** I10: a restart of the monitor changes no role. */
function restart({events}: Seen): string[] {
  return events
    .filter(({event, from, to}) => event === 'started' && from !== to)
    .map(({seq, from, to}) => `I10: the restart at ${seq} made ${to} of ${from}`);
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.slice(1).map((next, index) => [list[index]!, next]);
}
