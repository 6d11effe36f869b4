import type {ProbeClass} from './evidence.js';
import type {Happening} from './happening.js';
import {promotionsInWindow} from './judge.js';
import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** Takes in what was seen: counters and newest views, no decision. Pure. */
export function observe(memory: Memory, seen: Happening, settings: MonitorSettings, nowMs: number): Memory {
  switch (seen.on) {
    case 'probe': {
      // Times of another boot cannot be compared: what is too old has to go before that.
      memory = {...memory, promotions: promotionsInWindow({m: memory, s: settings, nowMs})};
      const probe = {...seen.probe, atMs: nowMs};
      return seen.probe.class === 'ok'
        ? {...memory, ...wellAgain, probe, good: oneMore(memory, seen.startedMs), lastOkMs: nowMs}
        : {...memory, probe, good: null, ...countFailure(memory, seen.probe.class, seen.startedMs, settings)};
    }
    case 'witness':
      return {...memory, witness: {...seen.witness, atMs: seen.startedMs}};
    case 'unit':
      return {...memory, unit: {...seen.unit, atMs: nowMs}, handled: seen.handled};
    case 'gateway':
      return {...memory, gateway: {...seen.gateway, atMs: nowMs}};
    case 'channel':
      return {...memory, channel: {...seen.channel, atMs: nowMs}};
    case 'gap':
      return afterGap(memory, seen.ms);
    case 'failback':
      return {...memory, failbackAsked: true};
    default:
      return memory;
  }
}

const wellAgain = {bad: null, grace: {startingMs: null, drainingMs: null}};

function oneMore({good}: Memory, startedMs: number) {
  return {count: (good?.count ?? 0) + 1, firstMs: good?.firstMs ?? startedMs};
}

/**
 * `starting` and `draining` are what a gateway says of itself during a restart: they count only once its time for
 * that is over, and then at once as dead. Failures that come faster than the suspect interval (after a restart
 * of the monitor) are seen but not counted.
 */
function countFailure(
  memory: Memory,
  seen: ProbeClass,
  startedMs: number,
  {probe, thresholds}: MonitorSettings,
): Pick<Memory, 'bad' | 'grace'> {
  const grace = {
    startingMs: memory.grace.startingMs ?? (seen === 'starting' ? startedMs : null),
    drainingMs: memory.grace.drainingMs ?? (seen === 'draining' ? startedMs : null),
  };
  const bad = memory.bad ?? {count: 0, firstMs: startedMs, countedMs: null};
  const over = (fromMs: number | null, graceMs: number) => startedMs - (fromMs ?? startedMs) >= graceMs;
  if (seen === 'starting' || seen === 'draining') {
    const expired =
      seen === 'starting'
        ? over(grace.startingMs, thresholds.startingGraceMs)
        : over(grace.drainingMs, thresholds.drainingGraceMs);
    return {
      grace,
      bad: expired ? {...bad, count: Math.max(bad.count, thresholds.fall), countedMs: startedMs} : bad,
    };
  }
  // Timers fire late by some ms, never early; a tenth is room enough for either.
  const apart = bad.countedMs === null || startedMs - bad.countedMs >= probe.suspectIntervalMs * 0.9;
  return {grace, bad: apart ? {...bad, count: bad.count + 1, countedMs: startedMs} : bad};
}

/** What was seen before the host stood still says nothing any more; deadlines move by the time that was lost. */
function afterGap(memory: Memory, ms: number): Memory {
  const {takeover} = memory;
  return {
    ...memory,
    ...wellAgain,
    good: null,
    witness: null,
    gateway: null,
    takeover: takeover && {
      ...takeover,
      attemptMs: takeover.attemptMs + ms,
      retryMs: takeover.retryMs === null ? null : takeover.retryMs + ms,
    },
    demotingMs: memory.demotingMs === null ? null : memory.demotingMs + ms,
  };
}
