import {isTree} from '../../channels/program/plain-object.js';
import {probeClasses} from '../../monitor/evidence.js';
import {stateNames} from '../../monitor/memory.js';
import type {LiveTold} from '../told.js';
import {
  amount,
  amountOrNull,
  at,
  epochMs,
  flag,
  flagOrNull,
  list,
  oneOf,
  text,
  textOrNull,
  type Json,
} from './fields.js';

/** As many probes and as many of those who are told as a screen can have use for. */
const mostProbes = 60;
const mostTargets = 20;

/** live.json as any version of the monitor writes it; undefined: it is none. */
export function liveOf(tree: Json): LiveTold | undefined {
  const state = oneOf(stateNames, at(tree, 'state'));
  const ms = amount(at(tree, 'ms'));
  const boot = text(at(tree, 'boot'), 64);
  if (state === undefined || ms === undefined || boot === undefined) return undefined;
  return {
    boot,
    ms,
    state,
    inStateMs: amount(at(tree, 'inStateMs')) ?? 0,
    probe: probeOf(at(tree, 'probe')),
    latencies: newest(at(tree, 'latencies')),
    nextProbeInMs: amount(at(tree, 'nextProbeInMs')) ?? 0,
    gateway: gatewayOf(at(tree, 'gateway')),
    channel: channelOf(at(tree, 'channel')),
    bad: amount(at(tree, 'bad')) ?? 0,
    reason: textOrNull(at(tree, 'reason'), 40),
    badForMs: amountOrNull(at(tree, 'badForMs')),
    verdictInMs: amountOrNull(at(tree, 'verdictInMs')),
    good: goodOf(at(tree, 'good')),
    rise: riseOf(at(tree, 'rise')),
    minActiveInMs: amountOrNull(at(tree, 'minActiveInMs')),
    interrogation: interrogationOf(at(tree, 'interrogation')),
    notReady: textOrNull(at(tree, 'notReady')),
    unready: textOrNull(at(tree, 'unready')),
    byHand: flag(at(tree, 'byHand')),
    failbackAsked: flag(at(tree, 'failbackAsked')),
    held: textOrNull(at(tree, 'held'), 40),
    degraded: textOrNull(at(tree, 'degraded')),
    pausedMs: amountOrNull(at(tree, 'pausedMs')),
    pausedWhy: textOrNull(at(tree, 'pausedWhy')),
    latchedMs: amountOrNull(at(tree, 'latchedMs')),
    disk: textOrNull(at(tree, 'disk')),
    say: text(at(tree, 'say')) ?? '',
    telling: tellingOf(at(tree, 'telling')),
  };
}

function probeOf(value: unknown): LiveTold['probe'] {
  const name = oneOf(probeClasses, at(value, 'class'));
  if (name === undefined) return null;
  return {
    class: name,
    tookMs: amount(at(value, 'tookMs')) ?? 0,
    detail: text(at(value, 'detail')) ?? '',
    agoMs: amount(at(value, 'agoMs')) ?? 0,
  };
}

function newest(value: unknown): LiveTold['latencies'] {
  if (!Array.isArray(value)) return [];
  return value.slice(-mostProbes).map((entry) => amountOrNull(entry));
}

function gatewayOf(value: unknown): LiveTold['gateway'] {
  return isTree(value) ? {live: flag(at(value, 'live')), ready: flag(at(value, 'ready'))} : null;
}

function channelOf(value: unknown): LiveTold['channel'] {
  if (!isTree(value)) return null;
  return {connected: flag(at(value, 'connected')), detail: text(at(value, 'detail')) ?? ''};
}

function goodOf(value: unknown): LiveTold['good'] {
  const count = amount(at(value, 'count'));
  return count === undefined ? null : {count, forMs: amount(at(value, 'forMs')) ?? 0};
}

function riseOf(value: unknown): LiveTold['rise'] {
  const count = amount(at(value, 'count'));
  const ms = amount(at(value, 'ms'));
  return count === undefined || ms === undefined ? null : {count, ms};
}

function interrogationOf(value: unknown): LiveTold['interrogation'] {
  if (!isTree(value)) return null;
  return {works: flagOrNull(at(value, 'works')), detail: text(at(value, 'detail')) ?? ''};
}

function tellingOf(value: unknown): LiveTold['telling'] {
  if (!isTree(value)) return null;
  const targets = list(at(value, 'targets'), mostTargets, (entry) => {
    const name = text(at(entry, 'name'), 60);
    if (name === undefined) return undefined;
    const delivered = at(entry, 'delivered');
    return {
      name,
      kind: text(at(entry, 'kind'), 40) ?? '',
      deliveredAt: epochMs(delivered) === undefined ? null : textOrNull(delivered, 40),
      error: textOrNull(at(entry, 'error')),
      waiting: amount(at(entry, 'waiting')) ?? 0,
    };
  });
  return {targets, problem: textOrNull(at(value, 'problem'))};
}
