import {everyMs} from '../../../drill/due.js';
import type {FaultName} from '../../../drill/fault-names.js';
import type {Episode} from './episode.js';
import type {DrillSample} from './sample.js';
import {reachedMs} from './usual.js';

/** What the reports on this machine say. Times are epoch ms of this machine. */
export interface KeptDrills {
  /** The newest that proves anything; null: none is kept. */
  newest: {endedAtMs: number; rtoMs: number | null; result: DrillSample['result']; fault: FaultName} | null;
  /** Drills since the newest that tested the whole way: their takeovers, if any, prove nothing. */
  stopped: readonly {fromMs: number; toMs: number}[];
  /** The end of the newest in which the standby took over, and that passed; null: none is kept. */
  testedMs: number | null;
}

export const noKeptDrills: KeptDrills = {newest: null, stopped: [], testedMs: null};

/** ms that a takeover may seem to be later than the drill which it was part of: two clocks. */
const clocksMs = 60_000;

/**
 * The newest test of the whole way that has come to an end: the kept report of a drill, or a takeover that the log calls
 * a test. A drill's own takeover is in the log as well, and is the drill. null: neither is there. Pure.
 */
export function drillOf(
  episodes: readonly Episode[],
  {newest, stopped, testedMs}: KeptDrills,
  nowMs: number,
): DrillSample | null {
  const test = episodes.findLast(
    ({tested, endedMs}) =>
      tested &&
      endedMs !== null &&
      !stopped.some(({fromMs, toMs}) => endedMs >= fromMs - clocksMs && endedMs <= toMs + clocksMs),
  );
  const testMs = test?.endedMs ?? null;
  // Only a takeover is a test of the whole way.
  const passed = [testedMs, test && reachedMs(test, 'connected') !== null ? testMs : null].filter(
    (ms) => ms != null,
  );
  const wholeMs = passed.length > 0 ? Math.max(...passed) : null;
  if (newest !== null && (testMs === null || testMs <= newest.endedAtMs + clocksMs)) {
    const {endedAtMs, rtoMs, result, fault} = newest;
    return sampleOf({kind: 'drill', tookMs: rtoMs, result, fault}, {endedMs: endedAtMs, wholeMs}, nowMs);
  }
  if (test === undefined || testMs === null) return null;
  const [from, to] = [reachedMs(test, 'first-bad'), reachedMs(test, 'connected')];
  const tookMs = from === null || to === null ? null : Math.round(to - from);
  return sampleOf(
    {kind: 'test', tookMs, result: to === null ? 'failed' : 'passed', fault: null},
    {endedMs: testMs, wholeMs},
    nowMs,
  );
}

function sampleOf(
  seen: Pick<DrillSample, 'kind' | 'tookMs' | 'result' | 'fault'>,
  {endedMs, wholeMs}: {endedMs: number; wholeMs: number | null},
  nowMs: number,
): DrillSample {
  const agoMs = Math.max(0, Math.round(nowMs - endedMs));
  const passed = seen.result !== 'failed';
  // One that failed has not done for its month.
  return {
    ...seen,
    agoMs,
    passed,
    dueInMs: passed && wholeMs !== null ? Math.round(wholeMs + everyMs - nowMs) : -agoMs,
  };
}
