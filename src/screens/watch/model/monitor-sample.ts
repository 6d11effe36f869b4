import type {StateName} from '../../../monitor/memory.js';

/** The monitor as its newest sample, its state file and its unit tell it. Spans are ms at the moment of the sample. */
export type MonitorSample = {known: false; reason: string} | KnownMonitor;

export interface KnownMonitor {
  known: true;
  /** Its unit runs. */
  running: boolean;
  state: StateName;
  inStateMs: number;
  /** State and what it counts: `suspect, 2 of 12 s`, `recovering 12/30 s`, `paused, 18 min left: kernel update`. */
  words: string;
  /** Nothing of it wants to be looked at. */
  calm: boolean;
  /** Why a takeover that would be due does not happen: paused, isolated, limit, latched, manual … */
  held: string | null;
  paused: boolean;
  pausedLeftMs: number | null;
  /** The reason of the pause, as whoever paused gave it. */
  pauseWhy: string | null;
  /** An operator took over: it stays so until an operator gives back. */
  byHand: boolean;
  failbackAsked: boolean;
  latched: boolean;
  latchedLeftMs: number | null;
  /** Epoch ms of this machine until which it has taken over too often to do it again; null: it would. */
  noTakeoverUntilMs: number | null;
  /** A warm standby: what runs is a gateway with its channel off. */
  warm: boolean;
  /** Why a takeover would fail, as the standby's own check found out before it is needed. */
  notReady: string | null;
  /** The primary is alive, and its gateway says that its channels are not ready: why. */
  primaryNotReady: string | null;
  /** Active, but its channel account is not seen connected. */
  degraded: string | null;
  /** The channel account as it was seen last; null: not looked at. */
  channelConnected: boolean | null;
  nextProbeInMs: number | null;
  /** What bad probes of the primary mean, in the monitor's word, e.g. `silent`; null: none, or not asked yet. */
  doubt: string | null;
  /** While suspect: ms until what is seen now becomes a verdict; null: it does not. */
  verdictInMs: number | null;
  /** Its disk takes nothing: the system's error. */
  disk: string | null;
  /** Its newest sentence. */
  say: string;
}
