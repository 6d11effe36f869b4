import type {Asked, GatewayView} from './evidence.js';
import type {Happening} from './happening.js';
import {promotionsInWindow} from './judge.js';
import {withRestart} from './learn.js';
import type {Memory, Reach} from './memory.js';
import {notCounting, readinessAfter} from './readiness.js';
import type {MonitorSettings} from './settings.js';
import {slownessAfter, unmeasured} from './slowness.js';
import {afterBadProbe, weigh} from './suspicion.js';
import type {Rule} from './verdict.js';

/** Takes in what was seen: runs, timers and newest views, no decision. Pure. */
export function observe(
  memory: Memory,
  seen: Happening,
  settings: MonitorSettings,
  nowMs: number,
  rules: readonly Rule[],
): Memory {
  switch (seen.on) {
    case 'probe': {
      // Times of another boot cannot be compared: what is too old has to go before that.
      memory = {...memory, promotions: promotionsInWindow({m: memory, s: settings, nowMs})};
      const probe = {...seen.probe, atMs: nowMs};
      if (seen.probe.class === 'ok') {
        const slowness = slownessAfter(memory.slowness, seen.probe, nowMs);
        return {...wellAgain(memory, seen.startedMs), probe, lastOkMs: nowMs, slowness};
      }
      const suspected = {
        ...memory,
        probe,
        good: null,
        ...afterBadProbe(memory, seen.probe.class, seen.startedMs),
      };
      return weigh(suspected, settings, nowMs, rules);
    }
    case 'answers': {
      const inquiry = {...seen.answers, startedMs: seen.startedMs};
      const reach = reachAfter(memory, seen.answers.asked);
      const readiness = readinessAfter(memory.readiness, seen.answers.asked, seen.startedMs);
      return weigh({...memory, inquiry, reach, readiness}, settings, nowMs, rules);
    }
    case 'unit':
      return {...memory, unit: {...seen.unit, atMs: nowMs}, handled: seen.handled};
    case 'gateway':
      return {...memory, gateway: {...seen.gateway, atMs: nowMs, ...silence(memory, seen.gateway, nowMs)}};
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

/** Only of a process that is there: one that starts anew has nothing to do with the silence before. */
const silence = ({gateway: before, unit}: Memory, {live}: GatewayView, nowMs: number) =>
  live || unit?.state !== 'running' ? {} : {silentMs: before?.silentMs ?? nowMs};

/** That a suspected primary says nothing does not mean that it could not be asked. */
function reachAfter({reach, suspicion}: Memory, asked: Asked): Reach {
  if (asked.kind === 'report')
    return {
      ...reach,
      works: true,
      failures: 0,
      detail: `over the ${asked.path} address`,
      tookMs: asked.tookMs,
    };
  if (suspicion) return reach;
  const failures = reach.failures + 1;
  const lost = failures >= 2 && {works: false, detail: asked.detail || asked.kind, tookMs: null};
  return {...reach, failures, ...lost};
}

function wellAgain(memory: Memory, startedMs: number): Memory {
  const {good, suspicion, restarts} = memory;
  return {
    ...memory,
    suspicion: null,
    bootGraceMs: null,
    good: {count: (good?.count ?? 0) + 1, firstMs: good?.firstMs ?? startedMs},
    // A start that was seen as such says how long the next one may take.
    restarts:
      suspicion?.startingMs === null || suspicion === null
        ? restarts
        : withRestart(restarts, startedMs - suspicion.startingMs),
  };
}

/** What was seen before the host stood still says nothing any more; deadlines move by the time that was lost. */
function afterGap(memory: Memory, ms: number): Memory {
  const {takeover} = memory;
  return {
    ...memory,
    suspicion: null,
    inquiry: null,
    good: null,
    gateway: null,
    readiness: notCounting(memory.readiness),
    slowness: {...unmeasured, told: memory.slowness.told},
    takeover: takeover && {
      ...takeover,
      attemptMs: takeover.attemptMs + ms,
      retryMs: takeover.retryMs === null ? null : takeover.retryMs + ms,
    },
    demotingMs: memory.demotingMs === null ? null : memory.demotingMs + ms,
  };
}
