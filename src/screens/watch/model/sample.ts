import type {Split} from '../../../channels/types.js';
import type {FaultName} from '../../../drill/report.js';
import type {HostName} from '../../../ssh/host.js';
import type {DrillTold, GatewayTold} from '../../../sampler/told.js';
import type {Tone} from '../../line.js';
import type {MonitorSample} from './monitor-sample.js';

/** How this machine stands with a host at the moment of a sample. All spans are ms. */
export interface LinkSample {
  state: 'connecting' | 'up' | 'lost';
  /** Since the last byte; null: never one. */
  silentMs: number | null;
  /** Data is older than it should be: the pane is dim and says its age. */
  stale: boolean;
  /** ms that it has been up; null: it is not. */
  upForMs: number | null;
  /** It is up again after it was lost: not the first one. */
  afterLoss: boolean;
  /** Which try it is, from 1, while there is no connection. */
  attempt: number;
  /** Until the next try; null: it is being tried, or up. */
  retryInMs: number | null;
  /** Why it is not up, one sentence. */
  error: string | null;
}

/** A channel account of a node: what its config says, and what its running gateway says. */
export interface AccountSample {
  channel: string;
  account: string;
  enabled: boolean;
  /** e.g. a bot's name; null: not known. */
  identity: string | null;
  /** null: its gateway was not asked, or does not run; `untold`: whether it was is not known yet. */
  state: 'connected' | 'unsteady' | 'off' | 'unknown' | 'untold' | null;
  why: string | null;
}

export interface WorkspaceSample {
  commit: string | null;
  dirty: number | null;
  /** ms since the last commit, and since our timer last pushed (primary) or fetched (standby). */
  commitAgeMs: number | null;
  syncAgeMs: number | null;
  /** Why the newest push failed; null: it did not. */
  pushFailed: string | null;
  /** On the standby: commits of the primary that its copy has not; null: not known. `atLeast`: more than could be seen. */
  behind: {commits: number; atLeast: boolean} | null;
}

export interface HostSample {
  host: HostName;
  link: LinkSample;
  hostname: string | null;
  address: string | null;
  /** OpenClaw's. */
  version: string | null;
  gateway: (GatewayTold & {form: string}) | {unknown: string};
  accounts: readonly AccountSample[] | {unknown: string};
  load: number | null;
  cpus: number | null;
  memoryBytes: {total: number; available: number} | null;
  diskBytes: {total: number; free: number} | null;
  uptimeS: number | null;
  rebootPending: boolean | null;
  /** null: there is none. */
  workspace: WorkspaceSample | {unknown: string} | null;
  /** ms that its clock is ahead of this machine's. */
  clockOffsetMs: number | null;
}

/** The primary's health as the standby sees it: that view is the one that counts. */
export interface HealthSample {
  /** Class of the newest probe, e.g. `ok`, `refused`. */
  class: string;
  well: boolean;
  /** ms */
  tookMs: number;
  detail: string;
  /** ms since that probe. */
  agoMs: number;
  /** The gateway was seen to stop on the primary itself, after that probe. */
  stoppedSince: boolean;
  /** One for each probe, oldest first: ms of the answer, or null for none. At most 240. */
  history: readonly (number | null)[];
}

/** What would happen if the primary died now. */
export interface Outlook {
  /** ms until the bot of the standby is there, as its own takeovers were, else as the settings promise. */
  reachableInMs: number;
  /** Whether that was measured on this pair. */
  measured: boolean;
  /** ms; how old the workspace would be. null: not known. */
  rpoMs: number | null;
}

/** The newest test of the whole way: a drill, or the sixth phase of setup. */
export interface DrillSample {
  /** `drill`: from its kept report; `test`: a takeover that the monitor's log calls a test. */
  kind: 'drill' | 'test';
  agoMs: number;
  /** ms until a bot was there again: from the fault of a drill, from the first bad probe of a test; null: not known. */
  tookMs: number | null;
  result: 'passed' | 'remarks' | 'failed';
  passed: boolean;
  /** What a drill did to the primary; null: a test, which stops its gateway. */
  fault: FaultName | null;
  /** ms until the next is due (every 30 d, and at once after one that failed); negative: overdue. */
  dueInMs: number;
}

/** The dead-man ping or the newest delivery: that the standby itself is alive, told to somebody. */
export interface HeartbeatSample {
  name: string;
  /** ms since the last one arrived; null: never. */
  agoMs: number | null;
  error: string | null;
}

export type VerdictState = 'protected' | 'not-protected' | 'taking-over' | 'standby-active' | 'reading';

/** Whether the pair would survive the loss of its primary, in two or three words, a sentence, and a sign. */
export interface Verdict {
  state: VerdictState;
  words: string;
  sentence: string;
  tone?: Tone;
}

/** Everything the live view shows at a moment; also what `--json` is made from. */
export interface WatchSample {
  pair: string;
  /** epoch ms of this machine */
  atMs: number;
  verdict: Verdict;
  split: Split;
  primary: HostSample;
  standby: HostSample;
  health: HealthSample | null;
  monitor: MonitorSample;
  outlook: Outlook | null;
  /** null: there never was one that is known of. */
  drill: DrillSample | null;
  /** The drill that is under way: what is seen of the pair is meant to be so. */
  drillUnderWay: DrillTold | null;
  /** null: nobody is pinged. */
  heartbeat: HeartbeatSample | null;
  /** The failover or failback that goes on, or that ended in the last 2 minutes. */
  ledger: Ledger | null;
}

/** A failover or the way back from it, stage by stage. */
export interface Ledger {
  kind: 'takeover' | 'give-back';
  /** epoch ms of this machine when it began. */
  beganMs: number;
  /** epoch ms of this machine; null: it goes on. */
  endedMs: number | null;
  /** How it ended, in words; null: it goes on. */
  outcome: {words: string; tone: Tone} | null;
  stages: readonly LedgerStage[];
}

export interface LedgerStage {
  /** `suspect, asked around` */
  name: string;
  state: 'done' | 'running' | 'waiting' | 'failed';
  /** epoch ms of this machine when it was reached (done, failed) or begun (running); null: waiting. */
  atMs: number | null;
  /** ms since the beginning; null where it is not reached. */
  sinceMs: number | null;
  /** ms since the beginning when it usually is reached; null: not known. */
  usualMs: number | null;
  note: string;
}

/** A line of the timeline. */
export interface TimelineEntry {
  /** Unique and stable. */
  key: string;
  /** epoch ms of this machine's clock */
  atMs: number;
  /** Who told or about whom: a host, or this machine (a connection that was lost). */
  host: HostName | 'laptop';
  level: 'info' | 'warning' | 'alert';
  /** The monitor's name for it; absent where this machine noticed it. */
  event?: string;
  sentence: string;
}
