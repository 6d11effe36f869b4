import {decide} from '../monitor/machine.js';
import type {Hold, Memory} from '../monitor/memory.js';
import type {MonitorSettings} from '../monitor/settings.js';
import {rules} from '../monitor/verdict.js';
import {stepsOf, type Chapter} from './chapters.js';
import {memoised} from './outcome.js';
import type {Otherwise} from './what-if.js';

/** What came of a primary that answered again, or would have; ms since its first good probe. */
export type GiveBack =
  | {kind: 'given-back'; atMs: number}
  /** Bad again first. */
  | {kind: 'gone'; atMs: number; dueMs: number | null}
  /** The record ends first. `by`: what held it then. */
  | {kind: 'unknown'; atMs: number; dueMs: number | null; by: Hold | null};

export const giveBackOf = (chapter: Chapter): GiveBack =>
  played(chapter, {decide, rules, settings: (recorded) => recorded}, false);

/** With other settings, from what was known at its beginning. Pure. */
export const giveBackWith = (chapter: Chapter, other: Otherwise): GiveBack => played(chapter, other, true);

function played(chapter: Chapter, other: Otherwise, otherwise: boolean): GiveBack {
  const {zeroMs, replayed, from} = chapter;
  const steps = otherwise ? replayed.steps.slice(from) : stepsOf(chapter);
  const changed = memoised(other.settings);
  let memory = steps[0]!.before;
  let settings = changed(steps[0]!.settings);
  for (const [index, {ms, seen, settings: recorded}] of steps.entries()) {
    settings = changed(recorded);
    // The gateway of a standby that has given back says nothing about one that has not.
    if (otherwise && ['unit', 'gateway', 'channel'].includes(seen.on)) continue;
    const due = dueMs(memory, settings, zeroMs);
    const {memory: after, from: was} = other.decide(memory, seen, settings, ms);
    memory = after;
    if (after.state === was || index === 0) continue;
    if (after.state === 'demoting') return {kind: 'given-back', atMs: ms - zeroMs};
    return {kind: 'gone', atMs: ms - zeroMs, dueMs: due};
  }
  const lastMs = steps.at(-1)!.ms;
  return {kind: 'unknown', atMs: lastMs - zeroMs, dueMs: dueMs(memory, settings, zeroMs), by: memory.held};
}

/** When it would be given back if all stays as it is; null: something holds it, or the run of good probes is broken. */
function dueMs(
  {good, takeover, held, failbackAsked}: Memory,
  s: MonitorSettings,
  zeroMs: number,
): number | null {
  if (!good || held !== null) return null;
  const {riseMs, minActiveMs} = s.thresholds;
  const activeMs = failbackAsked
    ? Number.NEGATIVE_INFINITY
    : (takeover?.activeMs ?? Number.NEGATIVE_INFINITY);
  return Math.max(good.firstMs + riseMs, activeMs + minActiveMs) - zeroMs;
}
