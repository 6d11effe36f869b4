import type {RoleName} from './evidence.js';
import type {Happening} from './happening.js';
import {limitEndsMs, promotionsInWindow} from './judge.js';
import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** What a row of the table reads. `m` has taken in `seen` already. */
export interface View {
  m: Memory;
  seen: Happening;
  s: MonitorSettings;
  nowMs: number;
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
  'ask-nothing': ({m}: View): Memory => ({...m, role: {...m.role, want: 'none'}}),
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
    resume: false,
  }),
  'count-crash': ({m, s, nowMs}: View): Memory => ({
    ...m,
    crashes: [...m.crashes, nowMs].filter((ms) => nowMs - ms < s.promotion.blockedRetryMs),
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
    latch: null,
    degraded: null,
    resume: false,
  }),
  rest: ({m}: View): Memory => ({...m, takeover: null, demotingMs: null, crashes: []}),
  'set-resume': ({m}: View): Memory => ({...m, resume: true}),
  'set-pause': ({m, seen}: View): Memory =>
    seen.on === 'pause' ? {...m, pause: {untilMs: seen.untilMs, why: seen.why, id: seen.id}} : m,
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
function latchFrom(now: Pick<View, 'm' | 's' | 'nowMs'>): Memory['latch'] {
  const untilMs = limitEndsMs(now);
  return untilMs === null ? null : {untilMs, told: false};
}
