import {checkSplit} from '../../../channels/split.js';
import type {Split} from '../../../channels/types.js';
import type {HostFacts} from '../../../facts/types.js';
import type {LinkState, Told} from '../../../sampler/told.js';
import type {HostName} from '../../../ssh/host.js';
import {clean} from '../../clip.js';
import {noKeptDrills, type KeptDrills} from './drill.js';
import {placeAll, withEvent, type PlacedEvent} from './event-list.js';
import {historyAfter, type History} from './health.js';
import {afterFacts, afterLink, afterTold, unheardHost, type HostState} from './host-state.js';
import {noticed} from './noticed.js';
import type {TimelineEntry} from './sample.js';

export {timelineOf} from './timeline.js';

/** What the live view remembers. Plain data, and bounded: it is as large after a night as after an hour. */
export interface WatchState {
  pair: string;
  hosts: Readonly<Record<HostName, HostState>>;
  split: Split;
  /** The monitor's events, oldest first. */
  events: readonly PlacedEvent[];
  /** What this machine noticed by itself, oldest first. */
  noticed: readonly TimelineEntry[];
  /** How much it ever noticed: the next key. */
  noticedCount: number;
  history: History | null;
  /** What the reports of drills on this machine say. */
  drills: KeptDrills;
}

/** Everything that can happen. */
export type Input = HostInput | {on: 'drills'; drills: KeptDrills};

/** What happens with a host. */
export type HostInput =
  | {on: 'link'; host: HostName; link: LinkState}
  | {on: 'told'; host: HostName; told: Told}
  | {on: 'facts'; host: HostName; facts: HostFacts}
  | {on: 'facts-failed'; host: HostName; error: string};

/** How many of its own observations are remembered. */
const mostNoticed = 200;
/** ms between probes where the monitor's settings are not known: the longer of the two profiles'. */
const intervalMs = 10_000;

const hostNames = ['primary', 'standby'] as const;

export function emptyState(pair: string): WatchState {
  const state = {
    pair,
    hosts: {primary: unheardHost, standby: unheardHost},
    events: [],
    noticed: [],
    noticedCount: 0,
    history: null,
    drills: noKeptDrills,
  };
  return {...state, split: splitOf(state.hosts)};
}

/** The state after `input` at `nowMs`, epoch ms of this machine. Pure. */
export function reduce(state: WatchState, input: Input, nowMs: number): WatchState {
  if (input.on === 'drills') return {...state, drills: input.drills};
  const after = takeIn(state, input, nowMs);
  const {entries, accountsSeen} = noticed(state, after, input, nowMs);
  const primary = accountsSeen && {...after.hosts.primary, accountsSeen};
  const heard = primary ? {...after, hosts: {...after.hosts, primary}} : after;
  if (entries.length === 0) return heard;
  const keyed = entries.map((entry, index) => ({...entry, key: `here ${state.noticedCount + index}`}));
  return {
    ...heard,
    noticed: [...state.noticed, ...keyed].slice(-mostNoticed),
    noticedCount: state.noticedCount + entries.length,
  };
}

function takeIn(state: WatchState, input: HostInput, nowMs: number): WatchState {
  const before = state.hosts[input.host];
  const after = hostAfter(before, input, nowMs);
  const hosts = {...state.hosts, [input.host]: after};
  switch (input.on) {
    case 'link':
      return {...state, hosts};
    case 'told':
      return withTold({...state, hosts}, input.host, input.told);
    default: {
      const events = input.host === 'standby' ? placeAll(state.events, after.clock.offsetMs) : state.events;
      return {...state, hosts, events, split: splitOf(hosts)};
    }
  }
}

function hostAfter(host: HostState, input: HostInput, nowMs: number): HostState {
  switch (input.on) {
    case 'link':
      return afterLink(host, input.link, nowMs);
    case 'told':
      return afterTold(host, input.told, nowMs);
    case 'facts':
      return afterFacts(host, input.facts);
    case 'facts-failed':
      return {...host, basicsError: clean(input.error)};
  }
}

/** Only the standby has a monitor; whatever a primary says of one is nobody's. */
function withTold(state: WatchState, host: HostName, told: Told): WatchState {
  if (host !== 'standby') return state;
  const {clock, basics} = state.hosts.standby;
  switch (told.kind) {
    case 'event':
      return {...state, events: withEvent(state.events, told.event, clock.offsetMs)};
    case 'clock':
      return {...state, events: placeAll(state.events, clock.offsetMs)};
    case 'live': {
      const every = basics?.settings?.probe.intervalMs ?? intervalMs;
      return told.live ? {...state, history: historyAfter(state.history, told.live, every)} : state;
    }
    default:
      return state;
  }
}

/** The split of what was read last; unknown while a host is missing. */
function splitOf(hosts: WatchState['hosts']): Split {
  const {primary, standby} = hosts;
  if (primary.basics && standby.basics) {
    // Fingerprints of two keys never agree: that would look disjoint.
    if (primary.basics.key !== standby.basics.key)
      return {state: 'unknown', reasons: [{host: 'standby', reason: 'it was read with another key'}]};
    return checkSplit(primary.basics.accounts, standby.basics.accounts, standby.basics.pulled);
  }
  const missing = hostNames.filter((host) => hosts[host].basics === null);
  return {state: 'unknown', reasons: missing.map((host) => ({host, reason: whyMissing(hosts[host])}))};
}

const whyMissing = ({basicsError, error}: HostState) => basicsError ?? error ?? 'it has not been read yet';

/** Each host has told everything once, or could not: before that a verdict would be taken back a second later. */
export function isSettled({hosts}: WatchState): boolean {
  return hostNames.every((name) => {
    const {lostMs, whole, basics, basicsError} = hosts[name];
    return lostMs !== null || (whole && (basics !== null || basicsError !== null));
  });
}
