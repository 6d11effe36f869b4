import type {RoleName} from './evidence.js';
import type {Happening} from './happening.js';
import {crashesInWindow, limitEndsMs, promotionsInWindow} from './judge.js';
import type {Memory} from './memory.js';
import {notCounting} from './readiness.js';
import type {MonitorSettings} from './settings.js';
import type {Rule} from './verdict.js';

/** What a row of the table reads. `m` has taken in `seen` already. */
export interface View {
  m: Memory;
  seen: Happening;
  s: MonitorSettings;
  nowMs: number;
  rules: readonly Rule[];
}

const ask =
  (want: RoleName) =>
  ({m}: View): Memory => ({
    ...m,
    role: {want, seq: m.role.seq + 1},
    // Of the role before.
    gateway: null,
    channel: null,
  });

const attempt =
  (number: (m: Memory) => number) =>
  ({m, nowMs}: View): Memory => ({
    ...m,
    takeover: {
      promotingMs: m.takeover?.promotingMs ?? nowMs,
      activeMs: m.takeover?.activeMs ?? null,
      attempt: number(m),
      attemptMs: nowMs,
      retryMs: null,
      started: false,
      ready: false,
    },
  });

/**
 * What a row does. Each changes memory only; the loop around makes the host follow it (the role file is always
 * what `memory.role` says), so nothing is lost when the monitor dies between deciding and doing.
 */
export const acts = {
  'ask-active': ask('active'),
  'ask-standby': ask('standby'),
  // Of the wish that was just asked for.
  'kill-first': ({m}: View): Memory => ({...m, role: {...m.role, kill: true}}),
  'ask-nothing': ({m}: View): Memory => ({...m, role: {want: 'none', seq: m.role.seq}}),
  'first-attempt': attempt(() => 1),
  'next-attempt': attempt((m) => (m.takeover?.attempt ?? 0) + 1),
  'plan-retry': ({m, s, nowMs}: View): Memory => ({
    ...m,
    takeover: m.takeover && {...m.takeover, retryMs: nowMs + s.promotion.backoffMs},
  }),
  'count-promotion': ({m, s, nowMs}: View): Memory => ({
    ...m,
    // Going on after a reboot is the same promotion.
    promotions: [...promotionsInWindow({m, s, nowMs}), ...(m.resume ? [] : [nowMs])],
    takeover: null,
    failbackAsked: m.resume && m.failbackAsked,
    resume: false,
  }),
  'count-crash': ({m, s, nowMs}: View): Memory => ({
    ...m,
    crashes: [...crashesInWindow({m, s, nowMs}), nowMs],
  }),
  'note-started': ({m}: View): Memory => ({...m, takeover: m.takeover && {...m.takeover, started: true}}),
  'note-ready': ({m}: View): Memory => ({...m, takeover: m.takeover && {...m.takeover, ready: true}}),
  arrive: ({m, s, nowMs}: View): Memory => ({
    ...m,
    takeover: m.takeover && {...m.takeover, activeMs: m.takeover.activeMs ?? nowMs, retryMs: null},
    latch: m.latch ?? latchFrom({m, s, nowMs}),
  }),
  'mark-degraded': ({m}: View): Memory => ({
    ...m,
    degraded: m.channel?.detail ?? 'the channel account was not seen',
  }),
  'clear-degraded': ({m}: View): Memory => ({...m, degraded: null}),
  'tell-latch': ({m}: View): Memory => ({...m, latch: m.latch && {...m.latch, told: true}}),
  unlatch: ({m}: View): Memory => ({...m, latch: null, held: null}),
  'begin-demotion': ({m, nowMs}: View): Memory => ({
    ...m,
    demotingMs: nowMs,
    failbackAsked: false,
    byHand: false,
    latch: null,
    degraded: null,
    resume: false,
  }),
  // Asleep nothing is left of the takeover, however it ended: the next one is another.
  rest: ({m}: View): Memory => ({
    ...m,
    takeover: null,
    demotingMs: null,
    byHand: false,
    failbackAsked: false,
    latch: null,
    degraded: null,
    readiness: notCounting(m.readiness),
  }),
  // A stop that had to be forced is as unclean as a crash.
  'count-forced-stop': ({m, s, nowMs}: View): Memory =>
    m.unit?.state === 'failed' ? {...m, crashes: [...crashesInWindow({m, s, nowMs}), nowMs]} : m,
  'by-hand': ({m}: View): Memory => ({
    ...m,
    byHand: true,
    takeover: null,
    resume: false,
    failbackAsked: false,
  }),
  // A takeover that goes on already, made an operator's.
  stay: ({m}: View): Memory => ({...m, byHand: true, failbackAsked: false}),
  'note-reach': ({m}: View): Memory => ({...m, reach: {...m.reach, told: m.reach.works}}),
  'note-ready-told': ({m}: View): Memory => ({
    ...m,
    readiness: {...m.readiness, told: m.readiness.badMs !== null},
  }),
  'note-slowness': ({m}: View): Memory => ({
    ...m,
    slowness: {...m.slowness, told: m.slowness.sinceMs !== null},
  }),
  'note-told': ({m}: View): Memory => ({
    ...m,
    suspicion: m.suspicion && {...m.suspicion, told: m.suspicion.reason},
  }),
  resume: ({m}: View): Memory => ({...m, resume: false, takeover: null}),
  'set-resume': ({m}: View): Memory => ({...m, resume: true}),
  'set-pause': ({m, seen}: View): Memory =>
    seen.on === 'pause' ? {...m, pause: {untilMs: seen.untilMs, why: seen.why, id: seen.id}} : m,
  'note-stop': ({m}: View): Memory => ({...m, pause: m.pause && {...m.pause, stopTold: true}}),
  'clear-pause': ({m}: View): Memory => ({...m, pause: null, held: m.held === 'paused' ? null : m.held}),
  'forget-promotion': ({m, s, nowMs}: View): Memory => {
    const without = {...m, promotions: m.promotions.slice(0, -1)};
    return {...without, latch: limitEndsMs({m: without, s, nowMs}) === null ? null : m.latch};
  },
  'drop-failback': ({m}: View): Memory => ({...m, failbackAsked: false}),
  'note-drift': ({m, nowMs}: View): Memory => ({...m, driftMs: nowMs}),
} satisfies Record<string, (view: View) => Memory>;

export type Act = keyof typeof acts;

/** The last allowed promotion of the window stays active until one of them is too old to count. */
export function latchFrom(now: Pick<View, 'm' | 's' | 'nowMs'>): Memory['latch'] {
  const untilMs = limitEndsMs(now);
  return untilMs === null ? null : {untilMs, told: false};
}
