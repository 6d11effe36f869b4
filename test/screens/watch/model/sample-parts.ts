import type {AccountFact, Split} from '../../../../src/channels/types.js';
import type {GatewayTold} from '../../../../src/sampler/told.js';
import type {KnownMonitor} from '../../../../src/screens/watch/model/monitor-sample.js';
import type {HealthSample, HostSample, LinkSample} from '../../../../src/screens/watch/model/sample.js';
import {account} from '../../facts.js';

/** epoch ms; the moment of every ready-made sample. */
export const nowMs = Date.parse('2026-11-20T14:21:33.000Z');

const gib = 1024 ** 3;
const commit = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const older = 'b2c3d4e5f60718293a4b5c6d7e8f9001122334a1';

export const owned: Record<'primary' | 'standby', AccountFact[]> = {
  primary: [account('discord', 'default', 'clawd#4711'), account('slack', 'work', 'clawd@example')],
  standby: [account('telegram', 'backup', '@claw_backup_bot')],
};
export const disjointSplit: Split = {state: 'disjoint', primary: owned.primary, standby: owned.standby};
export const conflictSplit: Split = {
  state: 'conflict',
  conflicts: [
    {
      channel: 'telegram',
      primaryAccount: 'backup',
      standbyAccount: 'backup',
      because: 'identity',
      sentence: 'telegram account "backup" (@claw_backup_bot) is enabled on both nodes.',
    },
  ],
  primary: [...owned.primary, ...owned.standby],
  standby: owned.standby,
};

export const up: LinkSample = {
  state: 'up',
  silentMs: 400,
  stale: false,
  upForMs: 3_600_000,
  afterLoss: false,
  attempt: 0,
  retryInMs: null,
  error: null,
};
export const lost = (silentMs: number, error: string): LinkSample => ({
  state: 'lost',
  silentMs,
  stale: true,
  upForMs: null,
  afterLoss: false,
  attempt: 3,
  retryInMs: 4_000,
  error,
});

export const running: GatewayTold & {form: string} = {
  state: 'running',
  result: '',
  pid: 812,
  upS: 1_051_200,
  restarts: 0,
  form: 'user-unit',
};
export const asleep: GatewayTold & {form: string} = {
  state: 'stopped',
  result: 'success',
  pid: null,
  upS: null,
  restarts: 0,
  form: 'system-unit',
};
export const starting: GatewayTold & {form: string} = {
  ...asleep,
  state: 'starting',
  result: '',
  pid: 4242,
};
export const awake: GatewayTold & {form: string} = {...starting, state: 'running', upS: 40};

export function primaryHost(differing: Partial<HostSample> = {}): HostSample {
  return {
    host: 'primary',
    link: up,
    hostname: 'claw-main',
    address: '100.64.0.11',
    version: '2026.9.6',
    gateway: running,
    accounts: owned.primary.map(({channel, account: name, identity}) => ({
      channel,
      account: name,
      enabled: true,
      identity: identity?.label ?? null,
      state: 'connected',
      why: null,
    })),
    load: 0.31,
    cpus: 4,
    memoryBytes: {total: 4 * gib, available: 2.9 * gib},
    diskBytes: {total: 48 * gib, free: 30 * gib},
    uptimeS: 1_900_000,
    rebootPending: false,
    workspace: {commit, dirty: 0, commitAgeMs: 400_000, syncAgeMs: 180_000, pushFailed: null, behind: null},
    clockOffsetMs: 12,
    ...differing,
  };
}

export function standbyHost(differing: Partial<HostSample> = {}): HostSample {
  return {
    ...primaryHost(),
    host: 'standby',
    hostname: 'claw-backup',
    address: '100.64.0.12',
    gateway: asleep,
    accounts: [
      {
        channel: 'telegram',
        account: 'backup',
        enabled: true,
        identity: '@claw_backup_bot',
        state: null,
        why: null,
      },
    ],
    load: 0.02,
    cpus: 2,
    memoryBytes: {total: 2 * gib, available: 1.7 * gib},
    diskBytes: {total: 40 * gib, free: 31.6 * gib},
    uptimeS: 8_000_000,
    workspace: {
      commit,
      dirty: 0,
      commitAgeMs: 400_000,
      syncAgeMs: 120_000,
      pushFailed: null,
      behind: {commits: 0, atLeast: false},
    },
    clockOffsetMs: -3,
    ...differing,
  };
}

/** A standby whose copy lacks two commits. */
export const behindBy2 = {
  commit: older,
  dirty: 0,
  commitAgeMs: 900_000,
  syncAgeMs: 280_000,
  pushFailed: null,
  behind: {commits: 2, atLeast: false},
};

const calmHistory = Array.from(
  {length: 60},
  (_, index) => 3 + ((index * 7) % 5) + (index % 23 === 9 ? 14 : 0),
);

export function healthy(differing: Partial<HealthSample> = {}): HealthSample {
  return {
    class: 'ok',
    well: true,
    tookMs: 4,
    detail: '',
    agoMs: 2_000,
    stoppedSince: false,
    history: calmHistory,
    ...differing,
  };
}
/** The last `bad` probes had no answer. */
export const unhealthy = (bad: number, kind = 'unreachable', detail = 'EHOSTUNREACH'): HealthSample =>
  healthy({
    class: kind,
    well: false,
    tookMs: 1_001,
    detail,
    agoMs: 600,
    history: [...calmHistory.slice(bad), ...Array.from({length: bad}, () => null)],
  });

export function watching(differing: Partial<KnownMonitor> = {}): KnownMonitor {
  return {
    known: true,
    running: true,
    state: 'watching',
    inStateMs: 950_000_000,
    words: 'watching',
    calm: true,
    held: null,
    paused: false,
    pausedLeftMs: null,
    pauseWhy: null,
    byHand: false,
    failbackAsked: false,
    latched: false,
    latchedLeftMs: null,
    noTakeoverUntilMs: null,
    warm: false,
    notReady: null,
    primaryNotReady: null,
    degraded: null,
    channelConnected: null,
    nextProbeInMs: 3_000,
    doubt: null,
    verdictInMs: null,
    disk: null,
    say: 'Watching for 263 h 53 min.',
    ...differing,
  };
}

/** The standby in charge, its account connected. */
export const activeHost = (): HostSample =>
  standbyHost({
    gateway: awake,
    accounts: [
      {
        channel: 'telegram',
        account: 'backup',
        enabled: true,
        identity: '@claw_backup_bot',
        state: 'connected',
        why: null,
      },
    ],
  });
