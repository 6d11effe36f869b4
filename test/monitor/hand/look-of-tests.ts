import type {LiveLook, Seen} from '../../../src/monitor/hand/look.js';

export const live: LiveLook = {
  ageMs: 400,
  state: 'watching',
  inStateMs: 3 * 3_600_000,
  probe: {class: 'ok', detail: '', tookMs: 3},
  byHand: false,
  held: null,
  degraded: null,
  failbackAsked: false,
  pausedMs: null,
  disk: null,
  latchedMs: null,
  say: 'The primary answers again; no takeover was needed.',
};

/** A standby at rest, in good order. */
export const atRest: Seen = {
  pair: 'default',
  failback: 'auto',
  account: 'irc account "backup"',
  unit: 'running',
  live,
  pause: null,
  limitLeftMs: null,
  guard: {ok: true, reason: ''},
  workspaceAgeMs: 180_000,
  unready: null,
  modelsProven: true,
  split: {state: 'disjoint'},
};

/** The same, with other words of the monitor. */
export const saying = (more: Partial<LiveLook>, also: Partial<Seen> = {}): Seen => ({
  ...atRest,
  live: {...live, ...more},
  ...also,
});

export const gone = {class: 'refused', detail: 'ECONNREFUSED', tookMs: 1};
