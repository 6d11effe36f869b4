import type {DrillView} from '../../../src/drill/events.js';
import {stageIds, type StageId} from '../../../src/drill/report.js';
import {stagesFor} from '../../../src/drill/stages.js';
import {nowMs} from '../watch/model/sample-parts.js';

export {nowMs};

/** A drill whose fault took effect 38 s ago; the standby has just decided. */
export function drillView(change: Partial<DrillView> = {}): DrillView {
  const faultAtMs = nowMs - 38_000;
  return {
    id: '2026-11-20T1420',
    pair: 'default',
    fault: 'stop',
    faultAtMs,
    timeline: timeline(faultAtMs, {fault: 0, 'first-bad': 2_400, asked: 2_800, verdict: 33_400}),
    ahead: stagesFor('stop', 'takeover', {message: true, told: true}).filter((id) => id !== 'stopping'),
    usual: {started: 33_700, ready: 51_000, connected: 51_400},
    promised: {verdict: 41_000, connected: 71_000},
    revertAtMs: nowMs + 512_000,
    doing: 'the gateway of the standby is started',
    sinceMs: nowMs - 4_600,
    stopping: false,
    ...change,
  };
}

/** Stages by ms since the fault. */
export const timeline = (faultAtMs: number, ms: Partial<Record<StageId, number>>): DrillView['timeline'] =>
  Object.fromEntries(Object.entries(ms).map(([id, span]) => [id, {atMs: faultAtMs + span, note: ''}]));

/** Its gateway has finished what it does for three minutes. */
export const longStop = () =>
  drillView({
    faultAtMs: null,
    timeline: {},
    ahead: stagesFor('stop', 'takeover', {message: true, told: true}),
    doing: 'the gateway of the primary finishes what it does, and stops',
    sinceMs: nowMs - 183_000,
  });

/** Everything but the end. */
export const nearlyDone = () =>
  drillView({
    faultAtMs: nowMs - 140_000,
    timeline: timeline(
      nowMs - 140_000,
      Object.fromEntries(
        stageIds.slice(0, -1).flatMap((id, index) => (id === 'held' ? [] : [[id, index * 8_000 - 8_000]])),
      ),
    ),
    ahead: stagesFor('stop', 'takeover', {message: true, told: true}),
    doing: 'the standby gives back once the primary has stayed well',
    sinceMs: nowMs - 42_000,
    revertAtMs: null,
  });

export const stopping = () =>
  drillView({stopping: true, doing: 'taking the fault back', sinceMs: nowMs - 1_200});
