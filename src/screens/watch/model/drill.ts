import {everyMs} from '../../../drill/due.js';
import type {Episode} from './episode.js';
import type {DrillSample} from './sample.js';
import {reachedMs} from './usual.js';

/** The newest takeover that was called a test and has come to an end; null: the log has none. Pure. */
export function drillOf(episodes: readonly Episode[], nowMs: number): DrillSample | null {
  const test = episodes.findLast(({tested, endedMs}) => tested && endedMs !== null);
  if (test === undefined || test.endedMs === null) return null;
  const [from, to] = [reachedMs(test, 'first-bad'), reachedMs(test, 'connected')];
  const agoMs = Math.max(0, Math.round(nowMs - test.endedMs));
  return {
    agoMs,
    tookMs: from === null || to === null ? null : Math.round(to - from),
    passed: to !== null,
    dueInMs: everyMs - agoMs,
  };
}
