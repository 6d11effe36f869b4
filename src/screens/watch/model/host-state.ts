import type {HostFacts} from '../../../facts/types.js';
import type {
  AccountsTold,
  GatewayTold,
  LinkState,
  DrillTold,
  LiveTold,
  MachineTold,
  Told,
  WorkspaceTold,
} from '../../../sampler/told.js';
import {clean} from '../../clip.js';
import {basicsOf, type Basics} from './basics.js';
import {afterDial, afterLine, afterReading, unknownClock, type HostClock} from './clock.js';

/** Something that was told, and when it arrived: epoch ms of this machine. */
export interface Heard<T> {
  value: T;
  atMs: number;
}

/** What is known of one host: the newest of everything it told. Times are epoch ms of this machine. */
export interface HostState {
  link: LinkState | null;
  /** Since when it is up; null: it is not. */
  upMs: number | null;
  /** The connection that is up follows the loss of one over which something was heard. */
  afterLoss: boolean;
  /** Why there was no connection the last time; null while lines come. */
  error: string | null;
  /** Since when there has been no connection; null: lines come, or none was tried yet. */
  lostMs: number | null;
  /** When the newest line came. */
  heardMs: number | null;
  /** Everything that there is has been told once. */
  whole: boolean;
  /** The same, since the connection was lost the last time. */
  fresh: boolean;
  basics: Basics | null;
  /** Why the newest whole reading failed. */
  basicsError: string | null;
  clock: HostClock;
  machine: Heard<MachineTold> | null;
  disk: Heard<{total: number; free: number}> | null;
  gateway: Heard<GatewayTold> | null;
  /** The same, but for the times at which it could not be told. */
  gatewaySeen: Heard<GatewayTold> | null;
  /** Since when its gateway has not run, after it was seen to. */
  downMs: number | null;
  workspace: Heard<WorkspaceTold | null> | null;
  accounts: Heard<AccountsTold> | null;
  /** `channel account` → how it was seen last; `lost`: that it is was told. */
  accountsSeen: Readonly<Record<string, 'connected' | 'lost'>>;
  /** systemd's ActiveState of the monitor's unit. */
  monitorUnit: Heard<string> | null;
  live: Heard<LiveTold | null> | null;
  /** The drill that is under way on this primary. */
  drill: DrillTold | null;
}

export const unheardHost: HostState = {
  link: null,
  upMs: null,
  afterLoss: false,
  error: null,
  lostMs: null,
  heardMs: null,
  whole: false,
  fresh: true,
  basics: null,
  basicsError: null,
  clock: unknownClock,
  machine: null,
  disk: null,
  gateway: null,
  gatewaySeen: null,
  downMs: null,
  workspace: null,
  accounts: null,
  accountsSeen: {},
  monitorUnit: null,
  live: null,
  drill: null,
};

export function afterLink(host: HostState, link: LinkState, nowMs: number): HostState {
  if (link.state === 'up') {
    const afterLoss = host.lostMs !== null && host.heardMs !== null;
    return {...host, link, upMs: nowMs, afterLoss, clock: afterDial(host.clock)};
  }
  const down = {...host, link, upMs: null, afterLoss: false};
  if (link.state === 'connecting') return down;
  return {...down, error: clean(link.error), lostMs: host.lostMs ?? nowMs, fresh: false};
}

export function afterFacts(host: HostState, facts: HostFacts): HostState {
  const clock = afterReading(host.clock, facts.clockOffsetMs);
  return {...host, basics: basicsOf(facts), basicsError: null, clock};
}

/** Events are not kept here: they have a list of their own. */
export function afterTold(before: HostState, told: Told, nowMs: number): HostState {
  const host = {...before, heardMs: nowMs, lostMs: null, error: null};
  switch (told.kind) {
    case 'whole':
      return {...host, whole: true, fresh: true};
    case 'clock':
      return {...host, clock: afterLine(host.clock, told.hostMs, nowMs)};
    case 'machine':
      return {...host, machine: {value: told.machine, atMs: nowMs}};
    case 'disk':
      return {...host, disk: {value: told.diskBytes, atMs: nowMs}};
    case 'gateway':
      return {...host, ...gatewayAfter(host, told.gateway, nowMs)};
    case 'workspace':
      return {...host, workspace: {value: told.workspace, atMs: nowMs}};
    case 'accounts':
      return {...host, accounts: {value: told.accounts, atMs: nowMs}};
    case 'monitor':
      return {...host, monitorUnit: {value: told.activeState, atMs: nowMs}};
    case 'live':
      return {...host, live: {value: told.live, atMs: nowMs}};
    case 'drill':
      return {...host, drill: told.drill};
    default:
      return host;
  }
}

function gatewayAfter({gatewaySeen, downMs}: HostState, told: GatewayTold, nowMs: number) {
  const gateway = {value: told, atMs: nowMs};
  if (told.state === 'unknown') return {gateway};
  const leaves = gatewaySeen?.value.state === 'running' && told.state !== 'running';
  const back = told.state === 'running';
  return {gateway, gatewaySeen: gateway, downMs: back ? null : leaves ? nowMs : downMs};
}
