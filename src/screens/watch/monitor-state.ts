import type {Known, UnitFact} from '../../facts/types.js';
import {clean} from '../clip.js';

const states = ['watching', 'suspect', 'promoting', 'active', 'recovering', 'demoting', 'blocked'] as const;
export type MonitorStateName = (typeof states)[number];

/** The monitor as its state file and its unit tell it. */
export type MonitorSample =
  | {known: false; reason: string}
  | {
      known: true;
      /** Its unit runs. */
      running: boolean;
      state: MonitorStateName;
      /** Why a takeover that would be due does not happen: paused, isolated, limit, latched, manual. */
      held: string | null;
      paused: boolean;
      /** The reason of the pause, as whoever paused gave it. */
      pauseWhy: string | null;
      /** An operator took over: it stays so until an operator gives back. */
      byHand: boolean;
      latched: boolean;
      /** Epoch ms until which it has taken over too often to do it again; null: it would. */
      noTakeoverUntilMs: number | null;
      /** A warm standby: what runs is a gateway with its channel off. */
      warm: boolean;
      /** Why a takeover would fail, as the standby's own check found out before it is needed. */
      notReady: string | null;
      /** Active, but its channel account is not seen connected. */
      degraded: string | null;
      /** The channel account as it was seen last; null: not looked at. */
      channelConnected: boolean | null;
    };

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? clean(value).slice(0, 200) : null;
}

function epoch(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The file is written once a minute, so a time in it may have passed when it was read. */
function laterThan(nowMs: number, ms: number | null): number | null {
  return ms !== null && ms <= nowMs ? null : ms;
}

const notReady = ({result, detail}: Record<string, unknown>) =>
  result === 'not-ready' ? (text(detail) ?? 'its own check failed') : null;

/** Reads what is needed of state.json, which another version may have written; anything else in it is passed over. */
export function monitorOf(
  state: Known<Record<string, unknown> | null> | undefined,
  unit: UnitFact | null | undefined,
  nowMs = 0,
): MonitorSample {
  if (state === undefined) return {known: false, reason: 'the standby has not been read yet'};
  if (!state.known) return {known: false, reason: clean(state.reason)};
  if (state.value === null) return {known: false, reason: 'it has not written its state yet'};
  const memory = record(state.value.memory);
  const name = states.find((each) => each === memory.state);
  if (name === undefined) return {known: false, reason: 'its state file names no state that is known here'};
  const channel = record(memory.channel);
  return {
    known: true,
    running: unit === undefined || unit === null || unit.activeState === 'active',
    state: name,
    held: text(memory.held),
    paused: typeof memory.pause === 'object' && memory.pause !== null,
    pauseWhy: text(record(memory.pause).why),
    byHand: memory.byHand === true,
    latched: typeof memory.latch === 'object' && memory.latch !== null,
    noTakeoverUntilMs: laterThan(nowMs, epoch(state.value.noTakeoverUntil)),
    warm: record(record(state.value.retold).warm).result === 'asleep',
    notReady: notReady(record(record(state.value.retold).prepare)),
    degraded: text(memory.degraded),
    channelConnected: typeof channel.connected === 'boolean' ? channel.connected : null,
  };
}
