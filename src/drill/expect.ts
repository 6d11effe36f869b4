import type {MonitorSettings} from '../monitor/settings.js';
import {expectationsAfter, type Expectations} from '../plan/proofs/expectations.js';
import type {DrillReport, FaultName, StageId} from './report.js';

/** ms for a gateway that is restarted by its own systemd, or comes up with its host: twice what was measured. */
const ownStartMs = 45_000;
/** ms for a small server to go down and come up again. */
const rebootMs = 90_000;
/** ms for a real message and its answer: the first one of a gateway that has just started takes 4 to 6 s. */
const answerMs = 30_000;

/** What the settings of the pair say must come of a fault. Spans are ms since the fault; each an upper bound. */
export interface Expected extends Expectations {
  outcome: DrillReport['expected'];
  /** Until a bot is there again. */
  rtoMs: number;
  /** From the first bad probe: what a standby that must keep still is watched for. */
  stillMs: number;
  /** Until the primary's own bots are there again, for whoever is warned beforehand. */
  awayMs: number;
}

/** How the primary's report reaches the standby when the private network is cut. */
const publicWay = ({interrogation}: MonitorSettings) =>
  interrogation?.addresses.some(({path}) => path === 'public') === true;

/** ms that the primary is given before the standby decides (docs/monitor.md); Infinity: it never does. */
function holdMs(fault: FaultName, settings: MonitorSettings, restarts: boolean): number {
  const {holds, profile, interrogation, onPartition} = settings;
  if (profile === 'classic') return holds.classicMs;
  const plain = interrogation === null ? holds.plainMs : 0;
  switch (fault) {
    case 'stop':
      return Math.max(holds.stoppedMs, plain);
    case 'kill':
      return Math.max(restarts ? holds.startingMs : holds.failedMs, plain);
    case 'hang':
      return interrogation === null ? holds.plainHungMs : holds.hungMs;
    case 'partition':
      // Without another way to it a primary that is cut off looks like one that is gone.
      if (!publicWay(settings)) return Math.max(holds.silentMs, plain);
      return onPartition === 'promote' ? holds.partitionMs : Number.POSITIVE_INFINITY;
    case 'reboot':
      // Its gateway is stopped first, and then all of it is silent.
      return Math.max(holds.stoppedMs, holds.silentMs, plain);
  }
}

/**
 * What must come of a fault on this pair. A primary that restarts by itself may be back before the standby decides:
 * then both are as it should be.
 * @param restarts what restarts the gateway after it was killed
 */
export function expectedOf(fault: FaultName, settings: MonitorSettings, restarts: boolean): Expected {
  const hold = holdMs(fault, settings, restarts);
  const still = !Number.isFinite(hold);
  const bounds = expectationsAfter(settings, still ? 0 : hold);
  const {holds} = settings;
  const either = (fault === 'kill' && restarts) || fault === 'reboot';
  return {
    ...bounds,
    outcome: still ? 'hold' : either ? 'either' : 'takeover',
    rtoMs: still ? 0 : bounds.connectedMs,
    stillMs: Math.max(holds.silentMs, holds.plainMs, holds.stoppedMs) + 10_000,
    awayMs: awayMs(fault, bounds, restarts),
  };
}

function awayMs(fault: FaultName, {connectedMs}: Expectations, restarts: boolean): number {
  switch (fault) {
    case 'partition':
      return 0;
    case 'kill':
      return restarts ? ownStartMs : connectedMs + answerMs + ownStartMs;
    case 'reboot':
      return rebootMs + ownStartMs;
    default:
      return connectedMs + answerMs + ownStartMs;
  }
}

/** What is promised for each stage, ms since the fault. */
export function promisesOf(expected: Expected): Partial<Record<StageId, number>> {
  const first = {'first-bad': expected.noticedMs};
  if (expected.outcome === 'hold') return {...first, held: expected.noticedMs + expected.stillMs};
  return {
    ...first,
    verdict: expected.decidedMs,
    ready: expected.readyMs,
    connected: expected.connectedMs,
    // Given back when the primary is started again as soon as all was seen.
    rest: expected.stepBackMs + answerMs + ownStartMs + expected.stopMs,
  };
}
