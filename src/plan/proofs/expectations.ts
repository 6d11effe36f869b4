import type {MonitorSettings} from '../../monitor/settings.js';

/** ms from the wish to a connected channel: 9.5 to 15 s were measured on two cores, twice that on one. */
const startMs = 30_000;
/** ms of a round of questions about a suspected primary. */
const questionsMs = 3_000;
/** ms of an idle gateway's stop, with the hand-back. */
const stopMs = 15_000;

/** The stages of the failover test, in the order in which they are reached. */
export const stageNames = [
  'primary stopped',
  'noticed',
  'decided',
  'gateway ready',
  'channel connected',
  'primary started again',
  'standby steps back',
  'standby at rest',
] as const;

export type StageName = (typeof stageNames)[number];

/** What the settings promise for a gateway that stops answering, in ms since then; each an upper bound. */
export interface Expectations {
  noticedMs: number;
  decidedMs: number;
  readyMs: number;
  connectedMs: number;
  stopMs: number;
  /** Until the standby steps back, for a primary that is started again as soon as the channel is connected. */
  stepBackMs: number;
}

/** For a gateway that is stopped cleanly, or without the primary's word out of reach; whichever is given longer. */
export function expectations(settings: MonitorSettings): Expectations {
  const {holds, profile} = settings;
  return expectationsAfter(
    settings,
    profile === 'classic' ? holds.classicMs : Math.max(holds.stoppedMs, holds.plainMs),
  );
}

/** For a primary that is given `holdMs` before it counts as dead. */
export function expectationsAfter({probe, thresholds}: MonitorSettings, holdMs: number): Expectations {
  const noticedMs = probe.intervalMs + probe.timeoutMs;
  const decidedMs = noticedMs + holdMs + probe.suspectIntervalMs + questionsMs;
  const connectedMs = decidedMs + startMs;
  return {
    noticedMs,
    decidedMs,
    readyMs: connectedMs,
    connectedMs,
    stopMs,
    stepBackMs:
      connectedMs +
      Math.max(thresholds.minActiveMs, startMs + thresholds.riseMs + thresholds.rise * probe.intervalMs) +
      probe.intervalMs +
      probe.timeoutMs,
  };
}

/** What is promised for each stage, ms since the gateway had stopped. */
export function promises(expected: Expectations): Partial<Record<StageName, number>> {
  return {
    noticed: expected.noticedMs,
    decided: expected.decidedMs,
    'gateway ready': expected.readyMs,
    'channel connected': expected.connectedMs,
    'standby steps back': expected.stepBackMs,
    'standby at rest': expected.stepBackMs + expected.stopMs,
  };
}
