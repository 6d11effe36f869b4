import type {
  ChannelView,
  GatewayView,
  Handled,
  Interrogation,
  ProbeClass,
  ProbeResult,
  Role,
  UnitView,
} from './evidence.js';
import {unheard, type Readiness} from './readiness.js';
import {unmeasured, type Slowness} from './slowness.js';
import type {Reason} from './verdict.js';

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
export const holds = [
  'paused',
  'isolated',
  'limit',
  'booting',
  'unclean',
  'latched',
  'manual',
  'by-hand',
] as const;
export type Hold = (typeof holds)[number];

type At<T> = T & {atMs: number};

/** Answers of everybody who was asked; `startedMs`: when they were asked. */
export type Inquiry = Interrogation & {startedMs: number};

/** Since when a reason has held without a break, in how many looks, and which look was the last. */
export interface Timer {
  sinceMs: number;
  looks: number;
  look: number;
}

/** Whether the primary's own report can be had, as the rounds of questions show it. */
export interface Reach {
  /** null: not asked yet since this host booted. */
  works: boolean | null;
  /** Rounds without it in a row while the primary was well: one says nothing, two do. */
  failures: number;
  /** On which path, or why not. */
  detail: string;
  /** ms that the newest report took. */
  tookMs: number | null;
  /** What of `works` was told last. */
  told: boolean | null;
}

/** The run of bad probes since the last good one, and what it has come to mean. */
export interface Suspicion {
  firstMs: number;
  /** Bad probes. */
  count: number;
  class: ProbeClass;
  /** Since when the probes have had this class. */
  classSinceMs: number;
  /** When the newest bad probe was sent. */
  lastMs: number;
  /** When the class or the reason changed last. */
  changedMs: number;
  /** When what is seen now becomes a verdict; null: it does not. */
  verdictMs: number | null;
  reason: Reason | null;
  /** Since when it is known to be starting; null: never seen so in this run. */
  startingMs: number | null;
  /** The reason that was told last. */
  told: Reason | null;
  timers: Partial<Record<Reason, Timer>>;
  /** When something milder was seen last. */
  broken: Partial<Record<Reason, number>>;
}

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
  suspicion: Suspicion | null;
  inquiry: Inquiry | null;
  reach: Reach;
  readiness: Readiness;
  slowness: Slowness;
  /** ms that the primary was away when it restarted by itself; oldest first. */
  restarts: number[];
  /** The run of good probes. */
  good: {count: number; firstMs: number} | null;
  lastOkMs: number | null;
  unit: At<UnitView> | null;
  handled: Handled | null;
  /** `silentMs`: since when its process has run and not answered at all; absent otherwise. */
  gateway: (At<GatewayView> & {silentMs?: number}) | null;
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
  /** `stopTold`: that somebody stopped the standby's gateway meanwhile was told. */
  pause: {untilMs: number; why: string; id: string; stopTold?: true} | null;
  /** The last allowed promotion of the window is in force: stay active until then. */
  latch: {untilMs: number; told: boolean} | null;
  failbackAsked: boolean;
  /** An operator took over: it stays so until an operator gives back. */
  byHand: boolean;
  /** Active, but the channel account is not seen connected: why. */
  degraded: string | null;
  /** This host rebooted while it was active: one failure is enough to go on. */
  resume: boolean;
  driftMs: number | null;
  /** Until then a host that has just booted takes over from nobody; null: the primary was seen well since. */
  bootGraceMs: number | null;
}

export const unasked: Reach = {works: null, failures: 0, detail: 'not asked yet', tookMs: null, told: null};

/** What a monitor knows that has never run. */
export function freshMemory(nowMs: number): Memory {
  return {
    state: 'watching',
    sinceMs: nowMs,
    sequence: 0,
    role: {want: 'standby', seq: 1},
    probe: null,
    suspicion: null,
    inquiry: null,
    reach: unasked,
    readiness: unheard,
    slowness: unmeasured,
    restarts: [],
    good: null,
    lastOkMs: null,
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
    byHand: false,
    degraded: null,
    resume: false,
    driftMs: null,
    bootGraceMs: null,
  };
}

/** The standby has taken over, and its bot is meant to be there. Also for a state that another program tells. */
export const isInCharge = (state: string) => state === 'active' || state === 'recovering';
/** The standby's gateway is meant to run. */
export const isActive = (state: string) => state === 'promoting' || isInCharge(state);
