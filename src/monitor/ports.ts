import type {PauseRequest} from './control.js';
import type {MonitorEvent} from './events.js';
import type {
  ChannelView,
  GatewayView,
  Handled,
  Interrogation,
  ProbeResult,
  Role,
  UnitView,
  WorkReport,
} from './evidence.js';
import type {EventLog} from './event-log.js';
import type {Pending} from './pending.js';
import type {MonitorSettings} from './settings.js';
import type {Loaded, Saved} from './state-file.js';
import type {TellingView} from './tell/telling.js';

/** Everything the loop touches. Each call is bounded in time by whoever implements it. */
export interface Ports {
  /** Monotonic ms since the host's boot. */
  nowMs(): number;
  /** The same, with the time the host was suspended. */
  upMs(): number;
  /** Epoch ms; for people, and for the expiry of a pause. Nothing else is decided from it. */
  wallMs(): number;

  probe(settings: MonitorSettings): Promise<ProbeResult>;
  /** Asks everybody who may know about the primary. Bounded to a few seconds. */
  interrogate(settings: MonitorSettings, quietly: boolean): Promise<Interrogation>;
  /** The standby's own gateway. */
  gateway(settings: MonitorSettings): Promise<GatewayView>;
  unit(): Promise<UnitView>;
  channel(): Promise<ChannelView | undefined>;
  reports(): Promise<WorkReport[]>;

  role(): Promise<Role | undefined>;
  /** Wakes root's path unit. @throws when /run cannot be written. */
  setRole(role: Role): Promise<void>;
  handled(): Promise<Handled | undefined>;
  /** Wakes the job that gets ready for a takeover, which has no effect outside this host. @throws when /run is full. */
  prepare(): Promise<void>;

  pause(): Promise<PauseRequest | undefined>;
  /** Puts a pause back that a reboot has taken from /run. @throws when /run cannot be written. */
  keepPause(id: string): Promise<void>;
  /** What an operator asked for and was not dropped yet. */
  pending(): Promise<Pending[]>;
  /** Takes a request away, unless there is a newer one. */
  drop(request: Pending): Promise<void>;

  /** A word that is the same until the host reboots. */
  boot(): Promise<string>;
  load(): Promise<Loaded>;
  /** @throws when the disk is full or read-only. */
  save(saved: Saved): Promise<void>;
  log: EventLog;
  /** Appends whole lines to the record of what was heard; never waited for. @throws the system's error */
  record(text: string): Promise<void>;
  /** The newest sample, for `watch`. */
  live(sample: Live): Promise<void>;
  /** A line for the journal, and news for whoever is told. Returns at once. */
  tell(event: MonitorEvent): void;
  /** Feeds the watchdog. */
  alive(status: string): void;
}

/** live.json in /run: what `watch` draws between events. Fields that may be absent are not written by older monitors. */
export interface Live {
  /** ISO */
  time: string;
  ms: number;
  boot: string;
  seq: number;
  state: string;
  /** ms in this state. */
  inStateMs: number;
  probe: (ProbeResult & {agoMs: number}) | null;
  /** The newest 30 probes, oldest first: ms, or null for one that was not `ok`. */
  latencies: (number | null)[];
  nextProbeInMs: number;
  unit: UnitView | null;
  gateway: GatewayView | null;
  channel: ChannelView | null;
  bad: number;
  /** What the bad probes mean. */
  reason: string | null;
  /** ms since the first bad probe of this run, and until what is seen now becomes a verdict; null: it does not. */
  badForMs?: number | null;
  verdictInMs?: number | null;
  /** While recovering: the run of good probes; what is asked for before the standby gives back. */
  good?: {count: number; forMs: number} | null;
  rise?: {count: number; ms: number};
  /** ms until the standby has been active for as long as it has to be at least. */
  minActiveInMs?: number | null;
  /** Whether the primary's own report can be had; `works` null: not asked yet. null: not set up. */
  interrogation: {works: boolean | null; detail: string; tookMs: number | null} | null;
  /** Why the gateway of a primary that is alive is not ready, once that was told. Absent: from an older monitor. */
  notReady?: string | null;
  /** Why the standby's own check says that a takeover would not work. Absent: from an older monitor. */
  unready?: string | null;
  /** ms that the primary was away at its restarts, oldest first, and what a start is given because of them. */
  restarts: number[];
  startMs: number;
  byHand: boolean;
  /** An operator wants it to give back. Absent: from an older monitor. */
  failbackAsked?: boolean;
  held: string | null;
  degraded: string | null;
  /** ms left */
  pausedMs: number | null;
  pausedWhy?: string | null;
  latchedMs: number | null;
  /** The state or the events cannot be written: the system's error. */
  disk: string | null;
  say: string;
  /** Whether telling works; null: nobody is told. Written by the ports, not by the loop. */
  telling?: TellingView | null;
}
