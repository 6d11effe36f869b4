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
      latched: boolean;
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

/** Reads what is needed of state.json, which another version may have written; anything else in it is passed over. */
export function monitorOf(
  state: Known<Record<string, unknown> | null> | undefined,
  unit: UnitFact | null | undefined,
): MonitorSample {
  if (state === undefined) return {known: false, reason: 'the standby has not been read yet'};
  if (!state.known) return {known: false, reason: clean(state.reason)};
  if (state.value === null) return {known: false, reason: 'it has not written its state yet'};
  // The memory may stand at the top of the file or under a name of its own, beside the file's version.
  const memory =
    'state' in state.value && typeof state.value.state === 'string'
      ? state.value
      : record(state.value.memory);
  const name = states.find((each) => each === memory.state);
  if (name === undefined) return {known: false, reason: 'its state file names no state that is known here'};
  const channel = record(memory.channel);
  return {
    known: true,
    running: unit === undefined || unit === null || unit.activeState === 'active',
    state: name,
    held: text(memory.held),
    paused: typeof memory.pause === 'object' && memory.pause !== null,
    latched: typeof memory.latchedUntilMs === 'number',
    degraded: text(memory.degraded),
    channelConnected: typeof channel.connected === 'boolean' ? channel.connected : null,
  };
}
