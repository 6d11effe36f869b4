import type {FaultName} from '../drill/fault-names.js';
import type {Level} from '../monitor/events.js';
import type {ProbeClass} from '../monitor/evidence.js';
import type {StateName} from '../monitor/memory.js';

/** The gateway of a host as its systemd, or the engine of its container, has it. */
export interface GatewayTold {
  state: 'running' | 'starting' | 'stopping' | 'stopped' | 'failed' | 'absent' | 'unknown';
  /** systemd's Result, e.g. `exit-code`; empty where there is none. */
  result: string;
  pid: number | null;
  /** s it has been up when this was told; null while it is not. */
  upS: number | null;
  /** Restarts by systemd since somebody started it. */
  restarts: number;
}

export interface MachineTold {
  /** 1 min */
  load: number;
  memoryBytes: {total: number; available: number};
  /** s */
  uptimeS: number;
  /** The distribution says that a reboot is due. */
  rebootPending: boolean;
}

/** Commits of the primary that are told at most: as many as a copy may be behind and still be counted. */
export const mostRecent = 50;

export interface WorkspaceTold {
  /** Of the checkout, 40 hex; null: no commit. */
  head: string | null;
  /** epoch ms, host's clock, of that commit. */
  commitMs: number | null;
  /** Files changed or untracked; null: not counted. */
  dirty: number | null;
  /** epoch ms, host's clock, of the last push (primary) or fetch (standby) by our timers. */
  syncMs: number | null;
  /** On the primary: why the newest push failed. */
  pushFailed: string | null;
  /** The commit that this host knows of the remote; null: no upstream. */
  upstream: string | null;
  /** On the primary: its newest commits, newest first, 40 hex, at most `mostRecent`: how far behind another copy is. */
  recent: readonly string[];
}

/** One channel account as a running gateway has it (`src/gateway/channels-status.ts`). */
export interface AccountTold {
  channel: string;
  account: string;
  state: 'connected' | 'unsteady' | 'off' | 'unknown';
  /** The gateway's last error for it. */
  why: string | null;
}

/** What the gateway of the primary says of all its channel accounts; `tookMs` of its answer. */
export type AccountsTold =
  {known: true; accounts: readonly AccountTold[]; tookMs: number} | {known: false; reason: string};

/** The monitor's newest sample (live.json), validated and cleaned. Fields that an older monitor does not write are null. */
export interface LiveTold {
  /** Random per boot of the standby. */
  boot: string;
  /** Monotonic ms of the standby. */
  ms: number;
  state: StateName;
  inStateMs: number;
  probe: {class: ProbeClass; tookMs: number; detail: string; agoMs: number} | null;
  /** The newest 30 probes, oldest first: ms, or null for one that was not `ok`. */
  latencies: readonly (number | null)[];
  nextProbeInMs: number;
  gateway: {live: boolean; ready: boolean} | null;
  /** The standby's own channel account, while the standby is in charge. */
  channel: {connected: boolean; detail: string} | null;
  /** Bad probes in a row. */
  bad: number;
  /** What they mean, e.g. `silent`. */
  reason: string | null;
  /** ms since the first bad probe of this run; ms until what is seen now becomes a verdict. */
  badForMs: number | null;
  verdictInMs: number | null;
  /** The run of good probes while recovering, and what is asked for. */
  good: {count: number; forMs: number} | null;
  rise: {count: number; ms: number} | null;
  /** ms until the standby has been active for as long as it has to be at least. */
  minActiveInMs: number | null;
  interrogation: {works: boolean | null; detail: string} | null;
  /** The primary lives, and its gateway says that its channels are not ready: why. */
  notReady: string | null;
  /** Why a takeover would not work, as the standby's own check found. */
  unready: string | null;
  byHand: boolean;
  failbackAsked: boolean;
  held: string | null;
  degraded: string | null;
  pausedMs: number | null;
  pausedWhy: string | null;
  latchedMs: number | null;
  /** Why neither state nor events can be written. */
  disk: string | null;
  say: string;
  telling: {
    targets: readonly {
      name: string;
      kind: string;
      deliveredAt: string | null;
      error: string | null;
      waiting: number;
    }[];
    problem: string | null;
  } | null;
}

/** One event of the monitor (src/monitor/events.ts), validated and cleaned. */
export interface EventTold {
  /** epoch ms by the standby's clock */
  atMs: number;
  /** Monotonic ms of the standby, comparable while `boot` is the same. */
  ms: number;
  boot: string;
  seq: number;
  event: string;
  level: Level;
  from: string;
  to: string;
  say: string;
  /** What is measured between events, ms; what never happened is absent. Names as in `Durations`. */
  durations: Readonly<Record<string, number>>;
  /** What the bad probes meant, e.g. `failed`; null: nothing. */
  reason: string | null;
  /** Whether the channel account was seen connected; null: not looked at. */
  connected: boolean | null;
  /** epoch ms by the standby's clock at which its gateway says that it connected; absent: it did not say. */
  connectedAtMs?: number;
}

/** A drill whose fault may be in force on the primary. */
export interface DrillTold {
  id: string;
  fault: FaultName;
  /** Who began it, and on which machine; empty where it does not say. */
  who: string;
  machine: string;
}

/** One line of the sampler. */
export type Told =
  /** The first line; a version of the lines that are to come. */
  | {kind: 'hello'; version: number}
  /** Everything that there is has been told once. */
  | {kind: 'whole'}
  | {kind: 'clock'; hostMs: number}
  | {kind: 'machine'; machine: MachineTold}
  | {kind: 'disk'; diskBytes: {total: number; free: number}}
  | {kind: 'gateway'; gateway: GatewayTold}
  /** The unit of the monitor, on the standby: systemd's ActiveState. */
  | {kind: 'monitor'; activeState: string}
  | {kind: 'live'; live: LiveTold | null}
  | {kind: 'event'; event: EventTold}
  | {kind: 'workspace'; workspace: WorkspaceTold | null}
  | {kind: 'accounts'; accounts: AccountsTold}
  /** On the primary; null: none is under way. */
  | {kind: 'drill'; drill: DrillTold | null}
  /** A word that changes when a config, an approved split or the settings of the monitor change: time for new facts. */
  | {kind: 'config'; stamp: string};

/** How this machine stands with a host. Times are epoch ms of this machine. */
export type LinkState =
  /** `attempt` counts from 1, anew once it was up. */
  | {state: 'connecting'; attempt: number}
  | {state: 'up'}
  /** It was lost or could not be made; the next try, which is number `attempt`, is at `retryAtMs`. */
  | {state: 'lost'; attempt: number; retryAtMs: number; error: string};
