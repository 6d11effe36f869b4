import type {Asked, ProbeClass, RoleName, UnitView} from './evidence.js';
import type {Hold, StateName} from './memory.js';
import type {Reason} from './verdict.js';

/**
 * Everything that is ever written to events.jsonl. Rows of the table in machine.ts use the first group;
 * the rest is told by the loop around it.
 */
export type EventName =
  | 'started' // the monitor came up; `from` and `to` are the state it continues in
  | 'suspected' // first bad probe
  | 'asked' // what the bad probes mean, and how long that is given
  | 'trouble' // the same, when it wants an operator
  | 'cleared' // good again before any verdict
  | 'held' // dead by the thresholds, and not promoted; `say` has the reason
  | 'promoting' // the standby takes over
  | 'gateway-started' // its unit runs
  | 'gateway-ready' // /readyz says ready
  | 'promoted' // the channel account is connected: the bot is there
  | 'attempt-failed'
  | 'retrying'
  | 'blocked'
  | 'unblocked'
  | 'gateway-lost' // the standby's gateway stopped while active
  | 'gateway-hung' // it runs and does not answer while active
  | 'channel-lost'
  | 'channel-back'
  | 'primary-back' // first good probe while active
  | 'primary-gone' // bad again before it was stable
  | 'demoting'
  | 'demoted' // the gateway is stopped and the workspace handed back
  | 'demotion-unseen'
  | 'resuming' // this host rebooted while it was active
  | 'drift' // the gateway runs although it should not
  | 'paused'
  | 'resumed'
  | 'latched'
  | 'unlatched'
  | 'failback-asked'
  | 'failback-refused'
  | 'failback-dropped' // an operator's takeover while giving back was asked for: it stays
  | 'promote-refused' // an operator's takeover: there is nothing to take over
  | 'tested' // the newest takeover is a test
  | 'gap' // this host stood still
  // told by the loop
  | 'state-broken'
  | 'settings'
  | 'workspace' // sync
  | 'handback'
  | 'handback-push'
  | 'secrets' // the pull of secrets
  | 'warm' // whether the gateway of a warm standby sleeps, or had to be stopped
  | 'prepare' // whether the standby could take over, as its own job found out
  | 'interrogation' // the primary's report cannot be had any more, or again
  | 'way-out' // while all is well: whether anybody answers who shows that this host is online
  | 'not-ready' // the primary is alive, and its gateway says that its channels are not; or ready again
  | 'latency' // the primary has been slow to answer for long; or quick again
  | 'disk';

export type Level = 'info' | 'warning' | 'alert';

/** What was known when an event happened. Absent: nothing known. */
export interface Evidence {
  probe?: {class: ProbeClass; tookMs: number; detail: string};
  /** Failures in a row that counted. */
  bad?: number;
  /** Good probes in a row. */
  good?: number;
  /** What the signs mean. */
  reason?: Reason;
  /** What came of asking the primary itself. */
  asked?: Asked;
  publicPath?: {alive: boolean; detail: string};
  witness?: {alive: boolean; by: string};
  /** ms that a starting primary is given, learned from its restarts. */
  startMs?: number;
  unit?: UnitView;
  gateway?: {live: boolean; ready: boolean};
  channel?: {connected: boolean; detail: string; connectedAtMs?: number};
  role: {want: RoleName | 'none'; seq: number};
  /** Number of the try, while promoting. */
  attempt?: number;
  /** Promotions within the settings' window. */
  promotions: number;
  /** While the standby is in charge: what keeps it from giving back by itself once the primary is well. */
  stays?: Hold;
}

/** ms between this event and others; absent where the other never happened. */
export interface Durations {
  /** In the state that is left. */
  inStateMs: number;
  /** Since the last good probe of the primary. */
  sinceLastOkMs?: number;
  /** Since the first bad probe of this run. */
  sinceFirstBadMs?: number;
  /** Since the decision to take over. */
  sincePromotingMs?: number;
  /** Since the bot was there. */
  activeMs?: number;
  /** Since the decision to give back. */
  sinceDemotingMs?: number;
}

/** One line of events.jsonl. No secrets by construction: nothing secret reaches the monitor. */
export interface MonitorEvent {
  /** ISO time, for people; the order is that of `seq`. */
  time: string;
  /** Monotonic ms of the host; comparable while `boot` is the same. */
  ms: number;
  /** Random per boot of the host. */
  boot: string;
  seq: number;
  event: EventName;
  level: Level;
  from: StateName;
  to: StateName;
  /** Class of the newest probe. */
  class?: ProbeClass;
  evidence: Evidence;
  durations: Durations;
  /** The sentence: log line, line in `watch`, documentation. */
  say: string;
}
