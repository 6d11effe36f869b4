import {isInCharge} from '../../../monitor/memory.js';
import type {LiveTold} from '../../../sampler/told.js';
import type {PlacedEvent} from './event-list.js';
import type {HostState} from './host-state.js';
import type {MonitorSample} from './monitor-sample.js';
import {monitorWords} from './monitor-words.js';
import type {WatchState} from './state.js';
import {limitEndsAtMs} from './takeover-limit.js';

/** ms; a blocked takeover is tried again after this where the settings are not known (docs/monitor.md). */
const blockedRetryMs = 300_000;

/** What is counted, as old as it is now: a span that grows, and one that runs out. */
const grown = (ms: number | null, byMs: number) => (ms === null ? null : ms + byMs);
const shrunk = (ms: number | null, byMs: number) => (ms === null ? null : Math.max(0, ms - byMs));

/** The monitor at `nowMs`, epoch ms of this machine. Pure. */
export function monitorOf(state: WatchState, nowMs: number): MonitorSample {
  const {standby} = state.hosts;
  const {live: heard, monitorUnit} = standby;
  if (heard === null) return {known: false, reason: standby.error ?? 'the standby has not been read yet'};
  if (heard.value === null) return {known: false, reason: 'it has written nothing since its host booted'};
  const live = heard.value;
  const byMs = Math.max(0, nowMs - heard.atMs);
  const running = monitorUnit === null || ['active', 'reloading'].includes(monitorUnit.value);
  const counting = countingOf(live, byMs, running, standby);
  const {held, byHand, failbackAsked, degraded, notReady: primaryNotReady, unready: notReady, disk} = live;
  return {
    known: true,
    running,
    state: live.state,
    inStateMs: counting.inStateMs,
    words: monitorWords(counting),
    calm:
      running &&
      live.state === 'watching' &&
      [held, live.pausedMs, live.latchedMs, notReady, primaryNotReady, disk].every((one) => one === null),
    held,
    paused: live.pausedMs !== null,
    pausedLeftMs: counting.pausedLeftMs,
    pauseWhy: live.pausedWhy,
    byHand,
    failbackAsked,
    latched: live.latchedMs !== null,
    latchedLeftMs: counting.latchedLeftMs,
    noTakeoverUntilMs: isInCharge(live.state) ? null : limitEndsAtMs(state, nowMs),
    warm: isWarm(state.events, standby),
    notReady,
    primaryNotReady,
    degraded,
    channelConnected: live.channel === null ? null : live.channel.connected,
    nextProbeInMs: shrunk(live.nextProbeInMs, byMs),
    doubt: live.reason,
    verdictInMs: counting.verdictInMs,
    disk,
    say: live.say,
  };
}

function countingOf(live: LiveTold, byMs: number, running: boolean, {basics}: HostState) {
  const {state, held, byHand, failbackAsked, degraded, reason, rise, good} = live;
  const retryMs = basics?.settings?.promotion.blockedRetryMs ?? blockedRetryMs;
  const inStateMs = live.inStateMs + byMs;
  return {
    running,
    state,
    inStateMs,
    held,
    pausedLeftMs: shrunk(live.pausedMs, byMs),
    pauseWhy: live.pausedWhy,
    byHand,
    failbackAsked,
    degraded,
    latchedLeftMs: shrunk(live.latchedMs, byMs),
    reason,
    // What is old says nothing of the time after its end.
    badForMs: grown(live.badForMs, Math.min(byMs, live.verdictInMs ?? byMs)),
    verdictInMs: shrunk(live.verdictInMs, byMs),
    good: good && {...good, forMs: good.forMs + byMs},
    rise,
    minActiveInMs: shrunk(live.minActiveInMs, byMs),
    retryInMs: state === 'blocked' ? Math.max(0, retryMs - inStateMs) : null,
  };
}

/** Whether what runs on a sleeping standby is meant to: the newest word of the job that lets it sleep. */
function isWarm(events: readonly PlacedEvent[], {basics}: HostState): boolean {
  const told = events.findLast(({event}) => event === 'warm');
  const read = basics?.warm ?? null;
  if (told && (read === null || told.atMs >= read.atMs)) return told.level === 'info';
  return read?.asleep === true;
}
