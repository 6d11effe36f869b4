import {latchFrom} from './act.js';
import {longestPauseMs, parsePause} from './control.js';
import type {MonitorEvent} from './events.js';
import type {Role, UnitView} from './evidence.js';
import {crashesInWindow} from './judge.js';
import {freshMemory, isActive, unasked, type Memory} from './memory.js';
import {notCounting, unheard} from './readiness.js';
import type {MonitorSettings} from './settings.js';
import {unmeasured} from './slowness.js';

/** What is found when the monitor comes up. */
export interface Found {
  /** The state file's memory; undefined: none, or broken. */
  saved: Memory | undefined;
  /** The saved memory is of an earlier boot of this host. */
  rebooted: boolean;
  /** The role file in /run. */
  role: Role | undefined;
  unit: UnitView;
  /** Epoch ms; only for what is left of a pause after a reboot. */
  wallMs: number;
}

/**
 * The memory to go on with. The role file wins over an older state file (a full disk kept the state from being
 * saved); without a state file the real unit and the role file say what this host is doing. Pure.
 */
export function restore(
  {saved, rebooted, role, unit, wallMs}: Found,
  s: MonitorSettings,
  nowMs: number,
): Memory {
  if (!saved) return derive({...freshMemory(nowMs), bootGraceMs: bootGrace(s, nowMs)}, role, unit, s, nowMs);
  saved = {...saved, readiness: saved.readiness ?? unheard, slowness: saved.slowness ?? unmeasured};
  if (rebooted) return afterReboot(saved, s, wallMs, nowMs);
  const memory = {...saved, ...unseen, ...(isStale(saved, s, nowMs) ? uncounted : {})};
  return role && role.seq > memory.role.seq ? derive(memory, role, unit, s, nowMs) : memory;
}

/** Without a saved boot to compare with, only the age of this one can say that the host has just booted. */
const bootGrace = (s: MonitorSettings, nowMs: number) => (nowMs < s.bootGraceMs ? s.bootGraceMs : null);

/** Views of a moment; looked at again before anything is decided from them. */
const unseen = {unit: null, handled: null, gateway: null, channel: null};
const uncounted = {suspicion: null, inquiry: null, good: null};
/** ms without a probe that break the runs of failures and successes; a restart of the monitor takes 2 s. */
const staleMs = 10_000;

/** Probes were missed while the monitor was away: the runs of failures and successes are broken. */
function isStale({probe}: Memory, s: MonitorSettings, nowMs: number): boolean {
  return !probe || nowMs - probe.atMs > Math.max(staleMs, 3 * s.probe.suspectIntervalMs);
}

function derive(
  memory: Memory,
  role: Role | undefined,
  unit: UnitView,
  {standby}: MonitorSettings,
  nowMs: number,
): Memory {
  // A warm standby's gateway runs while it sleeps; without a role file nobody can tell, and it is put to sleep.
  const warm = standby === 'warm' && role?.want !== 'active';
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
  if (unit.state === 'running' && role?.want !== 'standby' && !warm)
    return {...known, state: 'active', role: {want: 'active', seq}, takeover: {...takeover, activeMs: nowMs}};
  if (role?.want === 'active') return {...known, state: 'promoting', role: {want: 'active', seq}, takeover};
  const awake = (unit.state === 'running' || unit.state === 'stopping') && !warm;
  if (awake)
    return {...known, state: 'demoting', role: {want: 'standby', seq: seq + 1}, takeover, demotingMs: nowMs};
  return {...known, state: 'watching', role: {want: 'standby', seq}, takeover: null, demotingMs: null};
}

/** A pause is a promise to an operator, who may well be rebooting this very host. Its id tells when it ends. */
function pauseLeft({pause}: Memory, wallMs: number, nowMs: number): Memory['pause'] {
  const untilMs = parsePause(pause?.id)?.untilMs ?? 0;
  const leftMs = Math.min(untilMs - wallMs, longestPauseMs);
  return pause && leftMs > 0 ? {...pause, untilMs: nowMs + leftMs} : null;
}

/** Times of another boot mean nothing now; each is replaced by the one that is on the safe side. */
function afterReboot(saved: Memory, s: MonitorSettings, wallMs: number, nowMs: number): Memory {
  const {takeover} = saved;
  return {
    ...saved,
    ...unseen,
    ...uncounted,
    sinceMs: nowMs,
    probe: null,
    lastOkMs: null,
    reach: unasked,
    readiness: notCounting(saved.readiness),
    slowness: {...unmeasured, told: saved.slowness.told},
    held: null,
    pause: pauseLeft(saved, wallMs, nowMs),
    bootGraceMs: nowMs + s.bootGraceMs,
    driftMs: null,
    crashes: uncleanBefore(saved, s).map(() => nowMs),
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

/** OpenClaw remembers over a reboot how its gateway ended. What was new when the host was last heard of may still be. */
function uncleanBefore(saved: Memory, s: MonitorSettings): number[] {
  const lastMs = saved.probe?.atMs ?? saved.sinceMs;
  return crashesInWindow({m: saved, s, nowMs: lastMs});
}

/** When takeovers that count were decided, monotonic ms, as the log of this boot tells them. Pure. */
export function takeoversIn(events: readonly MonitorEvent[], boot: string): number[] {
  const taken: number[] = [];
  for (const event of events) {
    if (event.boot !== boot) continue;
    if (event.event === 'promoting' && event.evidence.reason !== undefined) taken.push(event.ms);
    if (event.event === 'tested') taken.pop();
  }
  return taken;
}

/** A memory that was not saved, with the takeovers that the log knows of; the last one allowed stays in force. Pure. */
export function withTakeovers(
  memory: Memory,
  promotions: number[],
  s: MonitorSettings,
  nowMs: number,
): Memory {
  const known = {...memory, promotions};
  return isActive(known.state) ? {...known, latch: latchFrom({m: known, s, nowMs})} : known;
}
