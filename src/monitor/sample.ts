import type {Moment} from './event.js';
import {isActive, isInCharge, type Memory} from './memory.js';
import type {Live} from './ports.js';
import {duration} from './say.js';
import type {MonitorSettings} from './settings.js';

/** What the loop knows besides the memory. */
export interface Around {
  latencies: (number | null)[];
  probeDueMs: number;
  disk: string | null;
  /** What the prepare job found in the way of a takeover. */
  unready: string | null;
  settings: MonitorSettings;
  startMs: number;
  /** The newest sentence; empty before the first. */
  say: string;
}

/** live.json of a moment. Pure. */
export function liveSample(m: Memory, {nowMs, time, boot}: Moment, around: Around): Live {
  const {probe, suspicion, good, takeover} = m;
  const {interrogation, thresholds} = around.settings;
  const left = (ms: number) => Math.max(0, Math.round(ms - nowMs));
  const activeMs = isInCharge(m.state) ? takeover?.activeMs : null;
  return {
    time,
    ms: Math.round(nowMs),
    boot,
    seq: m.sequence,
    state: m.state,
    inStateMs: Math.round(nowMs - m.sinceMs),
    probe: probe && {
      class: probe.class,
      tookMs: probe.tookMs,
      detail: probe.detail,
      agoMs: Math.round(nowMs - probe.atMs),
    },
    latencies: around.latencies,
    nextProbeInMs: left(around.probeDueMs),
    unit: m.unit,
    gateway: isActive(m.state) ? m.gateway : null,
    // What was seen under the role before this one says nothing of the account now.
    channel: isActive(m.state) && m.channel?.seq === m.role.seq ? m.channel : null,
    bad: suspicion?.count ?? 0,
    reason: suspicion?.reason ?? null,
    badForMs: suspicion && Math.round(nowMs - suspicion.firstMs),
    verdictInMs: suspicion?.verdictMs == null ? null : left(suspicion.verdictMs),
    good:
      m.state === 'recovering' && good ? {count: good.count, forMs: Math.round(nowMs - good.firstMs)} : null,
    rise: {count: thresholds.rise, ms: thresholds.riseMs},
    minActiveInMs: activeMs == null ? null : left(activeMs + thresholds.minActiveMs),
    interrogation: interrogation
      ? {works: m.reach.works, detail: m.reach.detail, tookMs: m.reach.tookMs}
      : null,
    notReady: m.readiness.told ? m.readiness.why : null,
    unready: around.unready,
    restarts: m.restarts,
    startMs: around.startMs,
    byHand: m.byHand,
    failbackAsked: m.failbackAsked,
    held: m.held,
    degraded: m.degraded,
    pausedMs: m.pause && Math.round(m.pause.untilMs - nowMs),
    pausedWhy: m.pause?.why ?? null,
    latchedMs: m.latch && Math.round(m.latch.untilMs - nowMs),
    disk: around.disk,
    say: around.say || `Watching for ${duration(nowMs - m.sinceMs)}.`,
  };
}
