import type {
  ChannelView,
  GatewayView,
  Handled,
  ProbeResult,
  Role,
  UnitView,
  WitnessResult,
} from './evidence.js';

export const stateNames = [
  'watching',
  'suspect',
  'promoting',
  'active',
  'recovering',
  'demoting',
  'blocked',
] as const;
export type StateName = (typeof stateNames)[number];

/** Why a promotion or demotion that is due does not happen. */
export type Hold = 'paused' | 'isolated' | 'limit' | 'latched' | 'manual';

type At<T> = T & {atMs: number};

/**
 * Everything the decision is made from, as plain data. Times are monotonic ms of the host (they are comparable
 * across restarts of the monitor, not across reboots: see restore.ts).
 */
export interface Memory {
  state: StateName;
  sinceMs: number;
  /** Of the last event. */
  sequence: number;
  role: Role;
  probe: At<ProbeResult> | null;
  /** The run of failures since the last good probe. */
  bad: {count: number; firstMs: number; countedMs: number | null} | null;
  /** First `starting` and first `draining` since the last good probe. */
  grace: {startingMs: number | null; drainingMs: number | null};
  /** The run of good probes. */
  good: {count: number; firstMs: number} | null;
  lastOkMs: number | null;
  witness: At<WitnessResult> | null;
  unit: At<UnitView> | null;
  handled: Handled | null;
  gateway: At<GatewayView> | null;
  channel: At<ChannelView> | null;
  /** The takeover in hand or in force. */
  takeover: {
    promotingMs: number;
    attempt: number;
    attemptMs: number;
    retryMs: number | null;
    activeMs: number | null;
    started: boolean;
    ready: boolean;
  } | null;
  demotingMs: number | null;
  /** When promotions were decided, oldest first. */
  promotions: number[];
  /** When the standby's gateway was lost, while active or while starting; oldest first. */
  crashes: number[];
  held: Hold | null;
  pause: {untilMs: number; why: string; id: string} | null;
  /** The last allowed promotion of the window is in force: stay active until then. */
  latch: {untilMs: number; told: boolean} | null;
  failbackAsked: boolean;
  /** Active, but the channel account is not seen connected: why. */
  degraded: string | null;
  /** This host rebooted while it was active: one failure is enough to go on. */
  resume: boolean;
  driftMs: number | null;
}

/** What a monitor knows that has never run. */
export function freshMemory(nowMs: number): Memory {
  return {
    state: 'watching',
    sinceMs: nowMs,
    sequence: 0,
    role: {want: 'standby', seq: 1},
    probe: null,
    bad: null,
    grace: {startingMs: null, drainingMs: null},
    good: null,
    lastOkMs: null,
    witness: null,
    unit: null,
    handled: null,
    gateway: null,
    channel: null,
    takeover: null,
    demotingMs: null,
    promotions: [],
    crashes: [],
    held: null,
    pause: null,
    latch: null,
    failbackAsked: false,
    degraded: null,
    resume: false,
    driftMs: null,
  };
}

/** The state in which the standby's gateway is meant to run. */
export const isActive = (state: StateName) =>
  state === 'promoting' || state === 'active' || state === 'recovering';
