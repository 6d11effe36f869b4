import type {AccountFact, Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import type {HostName} from '../../ssh/host.js';
import {units} from '../../templates/layout.js';
import {clean} from '../clip.js';
import {privateAddress} from '../found.js';
import {monitorOf, type MonitorSample} from './monitor-state.js';
import {verdictOf, type Verdict} from './verdict.js';

export interface WatchEvent {
  /** epoch ms */
  atMs: number;
  host: HostName;
  /** One sentence. */
  sentence: string;
}

/** What one reading of one host gave. */
export type HostResult =
  {ok: true; facts: HostFacts; events?: readonly WatchEvent[]} | {ok: false; error: string};

/** What is known of a host: its last good reading, and what went wrong since. */
export interface Reading {
  facts?: HostFacts;
  /** epoch ms when `facts` came in */
  readMs?: number;
  /** Of the latest try, when it failed. */
  error?: string;
  /** The health seen in the last readings, oldest first: ms of the answer, or null for none. At most `historyLength`. */
  health: readonly (number | null)[];
}

export const historyLength = 10;

export interface HealthSample {
  well: boolean;
  /** HTTP status, 0 without an answer */
  status: number;
  /** ms */
  tookMs: number;
  error?: string;
  history: readonly (number | null)[];
}

export interface WorkspaceSample {
  commit: string | null;
  dirty: number;
  /** ms since the last commit, and since our timer last pushed or fetched */
  commitAgeMs: number | null;
  syncAgeMs: number | null;
  /** Why the newest push of our timer on the primary failed; null: it did not. */
  pushFailed: string | null;
}

/** One host as the live view and `--json` tell it. */
export interface HostSample {
  host: HostName;
  /** ms since it was read; null: never */
  ageMs: number | null;
  /** Why the latest reading failed. */
  error: string | null;
  hostname: string | null;
  address: string | null;
  version: string | null;
  gateway: {active: boolean; form: string; upS: number | null} | {unknown: string};
  accounts: readonly AccountFact[] | {unknown: string};
  load: number | null;
  memoryBytes: {total: number; available: number} | null;
  diskBytes: {total: number; free: number} | null;
  workspace: WorkspaceSample | null;
  clockOffsetMs: number | null;
}

export interface WatchSample {
  pair: string;
  /** epoch ms */
  atMs: number;
  verdict: Verdict;
  split: Split;
  primary: HostSample;
  standby: HostSample;
  /** The primary's health, seen from the standby where that is known; `by` says who looked. */
  health: (HealthSample & {by: HostName}) | null;
  monitor: MonitorSample;
}

export interface SampleInput {
  pair: string;
  readings: Readonly<Record<HostName, Reading>>;
  split: Split;
  /** epoch ms */
  nowMs: number;
}

/** The host's own clock when it was read, epoch ms. */
const hostNowMs = (facts: HostFacts | undefined) => facts && Date.parse(facts.readAt) + facts.clockOffsetMs;

/** Everything the live view shows, from what was read last. Pure. */
export function toSample({pair, readings, split, nowMs}: SampleInput): WatchSample {
  const facts = {
    pair,
    atMs: nowMs,
    split,
    primary: hostSample('primary', readings.primary, nowMs),
    standby: hostSample('standby', readings.standby, nowMs),
    health: healthOf(readings),
    monitor: monitorOf(
      readings.standby.facts?.monitorState,
      readings.standby.facts?.units[units.monitor],
      hostNowMs(readings.standby.facts),
    ),
  };
  return {...facts, verdict: verdictOf(facts)};
}

function hostSample(host: HostName, {facts, readMs, error}: Reading, nowMs: number): HostSample {
  if (facts === undefined) {
    const unknown = error ?? 'not read yet';
    return {
      host,
      ageMs: null,
      error: error ?? null,
      hostname: null,
      address: null,
      version: null,
      gateway: {unknown},
      accounts: {unknown},
      load: null,
      memoryBytes: null,
      diskBytes: null,
      workspace: null,
      clockOffsetMs: null,
    };
  }
  const {gateway, accounts, openclaw, memory, disks} = facts;
  const disk = disks['/'];
  return {
    host,
    ageMs: readMs === undefined ? null : Math.max(0, nowMs - readMs),
    error: error ?? null,
    hostname: clean(facts.hostname),
    address: privateAddress(facts) ?? null,
    version: openclaw.known ? (openclaw.value?.version ?? null) : null,
    gateway: gateway.known
      ? {active: gateway.value.active, form: gateway.value.form, upS: gateway.value.upS ?? null}
      : {unknown: clean(gateway.reason)},
    accounts: accounts.known ? accounts.accounts : {unknown: clean(accounts.reason)},
    load: facts.load,
    memoryBytes: {total: memory.totalBytes, available: memory.availableBytes},
    diskBytes: disk === undefined ? null : {total: disk.totalBytes, free: disk.freeBytes},
    workspace: workspaceOf(facts, nowMs),
    clockOffsetMs: facts.clockOffsetMs,
  };
}

function workspaceOf({checkouts, clockOffsetMs}: HostFacts, nowMs: number): WorkspaceSample | null {
  const checkout = Object.values(checkouts).find((each) => each.exists && each.isGit);
  if (checkout === undefined) return null;
  // Both times are of the host's own clock.
  const since = (epochMs: number | undefined) =>
    epochMs === undefined ? null : Math.max(0, nowMs + clockOffsetMs - epochMs);
  return {
    commit: checkout.commit ?? null,
    dirty: checkout.dirty ?? 0,
    commitAgeMs: since(checkout.lastCommitMs),
    syncAgeMs: since(checkout.lastSyncMs),
    pushFailed: checkout.pushFailed === undefined ? null : clean(checkout.pushFailed),
  };
}

/** The primary's health, from whoever was read last and looked: the standby's view is the one that counts. */
export function healthOf(
  readings: Readonly<Record<HostName, Reading>>,
): (HealthSample & {by: HostName}) | null {
  const looks: readonly HostName[] = ['standby', 'primary'];
  const by = looks.find(
    (host) => readings[host].facts?.probe !== undefined && readings[host].error === undefined,
  );
  const probe = by === undefined ? undefined : readings[by].facts?.probe;
  if (by === undefined || probe === undefined) return null;
  const {status, tookMs, error} = probe;
  return {
    by,
    well: status === 200,
    status,
    tookMs,
    ...(error === undefined ? {} : {error: clean(error)}),
    history: readings[by].health,
  };
}
