import type {Role, UnitView} from './evidence.js';
import {freshMemory, type Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** What is found when the monitor comes up. */
export interface Found {
  /** The state file's memory; undefined: none, or broken. */
  saved: Memory | undefined;
  /** The saved memory is of an earlier boot of this host. */
  rebooted: boolean;
  /** The role file in /run. */
  role: Role | undefined;
  unit: UnitView;
}

/**
 * The memory to go on with. The role file wins over an older state file (a full disk kept the state from being
 * saved); without a state file the real unit and the role file say what this host is doing. Pure.
 */
export function restore({saved, rebooted, role, unit}: Found, s: MonitorSettings, nowMs: number): Memory {
  if (!saved) return derive(freshMemory(nowMs), role, unit, nowMs);
  if (rebooted) return afterReboot(saved, s, nowMs);
  const memory = {...saved, ...unseen, ...(isStale(saved, s, nowMs) ? uncounted : {})};
  return role && role.seq > memory.role.seq ? derive(memory, role, unit, nowMs) : memory;
}

/** Views of a moment; looked at again before anything is decided from them. */
const unseen = {unit: null, handled: null, gateway: null, channel: null, witness: null};
const uncounted = {bad: null, good: null, grace: {startingMs: null, drainingMs: null}};

/** Probes were missed while the monitor was away: the runs of failures and successes are broken. */
function isStale({probe}: Memory, s: MonitorSettings, nowMs: number): boolean {
  return !probe || nowMs - probe.atMs > 3 * s.probe.suspectIntervalMs;
}

function derive(memory: Memory, role: Role | undefined, unit: UnitView, nowMs: number): Memory {
  const known = {...memory, ...unseen, ...uncounted, sinceMs: nowMs, held: null};
  const seq = Math.max(role?.seq ?? 0, memory.role.seq);
  const takeover = {
    promotingMs: nowMs,
    attempt: 1,
    attemptMs: nowMs,
    retryMs: null,
    activeMs: null,
    started: false,
    ready: false,
  };
  if (unit.state === 'running' && role?.want !== 'standby')
    return {...known, state: 'active', role: {want: 'active', seq}, takeover: {...takeover, activeMs: nowMs}};
  if (role?.want === 'active') return {...known, state: 'promoting', role: {want: 'active', seq}, takeover};
  if (unit.state === 'running' || unit.state === 'stopping')
    return {...known, state: 'demoting', role: {want: 'standby', seq: seq + 1}, takeover, demotingMs: nowMs};
  return {...known, state: 'watching', role: {want: 'standby', seq}, takeover: null, demotingMs: null};
}

/** Times of another boot mean nothing now; each is replaced by the one that is on the safe side. */
function afterReboot(saved: Memory, s: MonitorSettings, nowMs: number): Memory {
  const {takeover} = saved;
  return {
    ...saved,
    ...unseen,
    ...uncounted,
    sinceMs: nowMs,
    probe: null,
    lastOkMs: null,
    held: null,
    pause: null,
    driftMs: null,
    crashes: [],
    promotions: saved.promotions.map(() => nowMs),
    latch: saved.latch && {...saved.latch, untilMs: nowMs + s.promotion.windowMs},
    takeover: takeover && {
      ...takeover,
      promotingMs: nowMs,
      attemptMs: nowMs,
      retryMs: takeover.retryMs === null ? null : nowMs,
      activeMs: takeover.activeMs === null ? null : nowMs,
    },
    demotingMs: saved.demotingMs === null ? null : nowMs,
  };
}
