import type {Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import type {HostName} from '../../ssh/host.js';
import {clean} from '../clip.js';
import {monitorOf} from './monitor-state.js';
import {historyLength, type HostResult, type Reading, type WatchEvent} from './sample.js';

/** What the live view remembers between readings. */
export interface WatchState {
  readings: Readonly<Record<HostName, Reading>>;
  /** Newest first, at most `eventLimit`. */
  events: readonly WatchEvent[];
}

const eventLimit = 200;

export const emptyState: WatchState = {
  readings: {primary: {health: []}, standby: {health: []}},
  events: [],
};

/** The state after a reading of `host` came in at `nowMs` (epoch). Pure; a failed one keeps what was known. */
export function observe(state: WatchState, host: HostName, result: HostResult, nowMs: number): WatchState {
  const before = state.readings[host];
  const after = result.ok
    ? {facts: result.facts, readMs: nowMs, health: healthAfter(before, result.facts)}
    : {...before, error: clean(result.error)};
  const told = result.ok
    ? (result.events ?? []).map((event) => ({...event, sentence: clean(event.sentence)}))
    : [];
  const noticed = differences(host, before, after).map((sentence) => ({atMs: nowMs, host, sentence}));
  const known = new Set(state.events.map(keyOf));
  const fresh = [...told, ...noticed].filter((event) => !known.has(keyOf(event)));
  const events = [...fresh, ...state.events]
    .toSorted((one, other) => other.atMs - one.atMs)
    .slice(0, eventLimit);
  return {readings: {...state.readings, [host]: after}, events};
}

function keyOf({atMs, host, sentence}: WatchEvent): string {
  return `${atMs} ${host} ${sentence}`;
}

function healthAfter(before: Reading, facts: HostFacts): readonly (number | null)[] {
  if (facts.probe === undefined) return before.health;
  const latest = facts.probe.status === 200 ? facts.probe.tookMs : null;
  return [...before.health, latest].slice(-historyLength);
}

/** What a person would want to be told about two readings in a row; nothing about the first one. */
function differences(host: HostName, before: Reading, after: Reading): string[] {
  if (before.error === undefined && after.error !== undefined) return [`does not answer: ${after.error}`];
  if (before.facts === undefined || after.facts === undefined) return [];
  const back = before.error !== undefined && after.error === undefined ? ['answers again'] : [];
  return [
    ...back,
    ...gatewayDifference(before.facts, after.facts),
    ...monitorDifference(host, before.facts, after.facts),
  ];
}

function gatewayDifference({gateway: before}: HostFacts, {gateway: after}: HostFacts): string[] {
  if (!before.known || !after.known) return [];
  if (before.value.active !== after.value.active)
    return [after.value.active ? 'gateway started' : 'gateway stopped'];
  const restarted = after.value.active && before.value.pid !== after.value.pid;
  return restarted ? ['gateway restarted'] : [];
}

function monitorDifference(host: HostName, before: HostFacts, after: HostFacts): string[] {
  if (host !== 'standby') return [];
  const [one, other] = [monitorOf(before.monitorState, undefined), monitorOf(after.monitorState, undefined)];
  if (!other.known || (one.known && one.state === other.state)) return [];
  return [`monitor: ${one.known ? `${one.state} → ` : ''}${other.state}`];
}

/** The split of what was read last; unknown while a host is missing. */
export function splitOf(
  {readings}: WatchState,
  check: (primary: HostFacts, standby: HostFacts) => Split,
): Split {
  const {primary, standby} = readings;
  if (primary.facts && standby.facts) return check(primary.facts, standby.facts);
  const missing = (['primary', 'standby'] as const).filter((host) => readings[host].facts === undefined);
  return {
    state: 'unknown',
    reasons: missing.map((host) => ({host, reason: readings[host].error ?? 'it has not been read yet'})),
  };
}
