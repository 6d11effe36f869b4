import type {Decision} from './machine.js';
import type {Durations, Evidence, EventName, Level, MonitorEvent} from './events.js';
import {demotionHeld, promotionsInWindow} from './judge.js';
import {learnedStartMs} from './learn.js';
import {isActive, type Memory, type StateName} from './memory.js';
import type {MonitorSettings} from './settings.js';

export interface Moment {
  nowMs: number;
  /** ISO */
  time: string;
  boot: string;
}

/** The event of a decision. `before` is the memory the decision was made from. */
export function eventOf(
  before: Memory,
  {memory, row, from, sentence}: Decision,
  s: MonitorSettings,
  moment: Moment,
): MonitorEvent | undefined {
  if (!row) return undefined;
  // What was known when the row fired; what a good probe or an act has cleared belongs to it.
  const known = {
    ...memory,
    inquiry: memory.inquiry ?? before.inquiry,
    suspicion: memory.suspicion ?? before.suspicion,
  };
  return make(row.event, row.level, from, memory.state, before, known, sentence ?? '', s, moment);
}

/** An event that changes no state: a report of a job, trouble with the disk, other settings. */
export function remark(
  event: EventName,
  level: Level,
  say: string,
  memory: Memory,
  s: MonitorSettings,
  moment: Moment,
): MonitorEvent {
  return make(event, level, memory.state, memory.state, memory, memory, say, s, moment);
}

function make(
  event: EventName,
  level: Level,
  from: StateName,
  to: StateName,
  before: Memory,
  known: Memory,
  say: string,
  s: MonitorSettings,
  {nowMs, time, boot}: Moment,
): MonitorEvent {
  return {
    time,
    ms: Math.round(nowMs),
    boot,
    seq: known.sequence,
    event,
    level,
    from,
    to,
    class: known.probe?.class,
    evidence: evidenceOf(known, s, nowMs),
    durations: durationsOf(before, known, nowMs),
    say,
  };
}

function evidenceOf(m: Memory, s: MonitorSettings, nowMs: number): Evidence {
  const {probe, unit, gateway, channel, suspicion} = m;
  // Answers to an older suspicion say nothing about this one.
  const inquiry = suspicion && m.inquiry && m.inquiry.startedMs >= suspicion.firstMs ? m.inquiry : undefined;
  const witness = inquiry?.witness;
  return {
    probe: probe ? {class: probe.class, tookMs: probe.tookMs, detail: probe.detail} : undefined,
    bad: suspicion?.count,
    reason: suspicion?.reason ?? undefined,
    asked: inquiry?.asked,
    publicPath: inquiry?.publicPath ?? undefined,
    startMs: suspicion?.reason === 'starting' ? learnedStartMs(s, m) : undefined,
    good: m.good?.count,
    witness: witness ? {alive: witness.alive, by: witness.by} : undefined,
    unit: unit ? {state: unit.state, result: unit.result, exitCode: unit.exitCode} : undefined,
    gateway: gateway ? {live: gateway.live, ready: gateway.ready} : undefined,
    channel: channel
      ? {
          connected: channel.connected,
          detail: channel.detail,
          ...(channel.connectedAtMs !== undefined && {connectedAtMs: channel.connectedAtMs}),
        }
      : undefined,
    role: m.role,
    attempt: m.takeover?.attempt,
    promotions: promotionsInWindow({m, s, nowMs}).length,
    stays: isActive(m.state) ? (demotionHeld({m, s}) ?? undefined) : undefined,
  };
}

function durationsOf(before: Memory, m: Memory, nowMs: number): Durations {
  const since = (ms: number | null | undefined) =>
    ms === null || ms === undefined ? undefined : Math.round(nowMs - ms);
  const takeover = m.takeover ?? before.takeover;
  return {
    inStateMs: Math.round(nowMs - before.sinceMs),
    sinceLastOkMs: since(m.lastOkMs),
    sinceFirstBadMs: since(m.suspicion?.firstMs ?? before.suspicion?.firstMs),
    sincePromotingMs: since(takeover?.promotingMs),
    activeMs: since(takeover?.activeMs),
    sinceDemotingMs: since(m.demotingMs ?? before.demotingMs),
  };
}
