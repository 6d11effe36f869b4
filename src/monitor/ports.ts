import type {PauseRequest} from './control.js';
import type {MonitorEvent} from './events.js';
import type {
  ChannelView,
  GatewayView,
  Handled,
  ProbeResult,
  Role,
  UnitView,
  WitnessResult,
  WorkReport,
} from './evidence.js';
import type {EventLog} from './event-log.js';
import type {MonitorSettings} from './settings.js';
import type {Loaded, Saved} from './state-file.js';

/** Everything the loop touches. Each call is bounded in time by whoever implements it. */
export interface Ports {
  /** Monotonic ms since the host's boot. */
  nowMs(): number;
  /** The same, with the time the host was suspended. */
  upMs(): number;
  /** Epoch ms; for people, and for the expiry of a pause. Nothing else is decided from it. */
  wallMs(): number;

  probe(settings: MonitorSettings): Promise<ProbeResult>;
  witness(settings: MonitorSettings): Promise<WitnessResult>;
  /** The standby's own gateway. */
  gateway(settings: MonitorSettings): Promise<GatewayView>;
  unit(): Promise<UnitView>;
  channel(): Promise<ChannelView | undefined>;
  reports(): Promise<WorkReport[]>;

  role(): Promise<Role | undefined>;
  /** Wakes root's path unit. @throws when /run cannot be written. */
  setRole(role: Role): Promise<void>;
  handled(): Promise<Handled | undefined>;

  pause(): Promise<PauseRequest | undefined>;
  /** True once for each request of an operator. */
  takeFailback(): Promise<boolean>;
  /** True once when the newest takeover is a test. */
  takeTested(): Promise<boolean>;

  /** A word that is the same until the host reboots. */
  boot(): Promise<string>;
  load(): Promise<Loaded>;
  /** @throws when the disk is full or read-only. */
  save(saved: Saved): Promise<void>;
  log: EventLog;
  /** The newest sample, for `watch`. */
  live(sample: Live): Promise<void>;
  /** A line for the journal. */
  tell(event: MonitorEvent): void;
  /** Feeds the watchdog. */
  alive(status: string): void;
}

/** live.json in /run: what `watch` draws between events. */
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
  held: string | null;
  degraded: string | null;
  /** ms left */
  pausedMs: number | null;
  latchedMs: number | null;
  /** The state or the events cannot be written: the system's error. */
  disk: string | null;
  say: string;
}
