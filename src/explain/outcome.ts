import type {Happening} from '../monitor/happening.js';
import {decide, type Decision} from '../monitor/machine.js';
import type {Hold, Memory} from '../monitor/memory.js';
import type {MonitorSettings} from '../monitor/settings.js';
import {inquiryEveryMs, ripe} from '../monitor/suspicion.js';
import {rules, type Reason, type Rule} from '../monitor/verdict.js';
import {stepsOf, type Chapter} from './chapters.js';
import type {Otherwise} from './what-if.js';

/** What came of a suspicion, or would have; ms since its first bad probe. */
export type Outcome =
  /** It took over, by its own verdict (`reason`) or an operator's word (null). */
  | {
      kind: 'verdict';
      atMs: number;
      reason: Reason | null;
      held: Held | null;
      /** ms from which on nobody was asked in the record: the last answers were taken as still true. null: not needed. */
      assumedMs: number | null;
    }
  /** Good again first. `missingMs`: until a verdict; null: what was seen would never have been one. */
  | {
      kind: 'cleared';
      atMs: number;
      missingMs: number | null;
      held: Held | null;
      /** As above. */
      assumedMs: number | null;
    }
  /** This host stood still: it counted anew. */
  | {kind: 'forgotten'; atMs: number}
  /** The record ends first. */
  | {kind: 'unknown'; atMs: number; missingMs: number | null; held: Held | null};

/** Dead by the rules, and something stood between it and a takeover. */
export interface Held {
  atMs: number;
  by: Hold;
}

interface Known {
  ms: number;
  memory: Memory;
}

/** ms between two looks at answers that are taken as still true. */
const lookMs = 1000;
/** ms that a round may be late before the newest answers are taken as still true; as in suspicion.ts. */
const lateMs = 4_600;

/** What really came of it. */
export const outcomeOf = (chapter: Chapter): Outcome =>
  played(chapter, {decide, rules, settings: (recorded) => recorded}, false);

/** What would have come of it with other settings, from what was known at its beginning. Pure. */
export const outcomeWith = (chapter: Chapter, other: Otherwise): Outcome => played(chapter, other, true);

function played(chapter: Chapter, other: Otherwise, otherwise: boolean): Outcome {
  const {zeroMs, replayed, from} = chapter;
  // What comes after the recorded takeover is heard as well: the other settings may not have taken over yet.
  const steps = otherwise ? replayed.steps.slice(from) : stepsOf(chapter);
  const changed = memoised(other.settings);
  const last = steps.at(-1)!;
  let memory = steps[0]!.before;
  let known: Known = {ms: zeroMs, memory};
  let held: Held | null = null;
  let assumedMs: number | null = null;
  const at = (ms: number) => Math.max(0, ms - zeroMs);

  const hear = (seen: Happening, settings: MonitorSettings, ms: number): Outcome | undefined => {
    const decision = other.decide(memory, seen, settings, ms);
    const before = memory;
    ({memory} = decision);
    if (memory.suspicion) known = {ms, memory};
    if (decision.row?.event === 'held' && memory.held) held ??= {atMs: at(ms), by: memory.held};
    return endOf(decision, before, settings, ms);
  };
  const endOf = (
    {row, memory: after, from: was}: Decision,
    before: Memory,
    settings: MonitorSettings,
    ms: number,
  ): Outcome | undefined => {
    if (!row || after.state === was) return undefined;
    const atMs = at(ms);
    if (after.state === 'promoting') {
      const byHand = after.byHand && !before.byHand;
      const reason = byHand
        ? null
        : (ripened(after, settings, ms, other.rules) ?? after.suspicion?.reason ?? null);
      return {kind: 'verdict', atMs, reason, held, assumedMs};
    }
    if (row.event === 'gap') return {kind: 'forgotten', atMs};
    if (after.state === 'watching' || after.state === 'demoting')
      return {kind: 'cleared', atMs, missingMs: missing(known, ms), held, assumedMs};
    return undefined;
  };

  for (const [index, {ms, seen, settings: recorded}] of steps.entries()) {
    const settings = changed(recorded);
    if (otherwise) {
      const untilMs = ms;
      const since = steps[index - 1]?.ms ?? ms;
      for (let lookAtMs = since + lookMs; lookAtMs < untilMs; lookAtMs += lookMs) {
        const again = answersAgain(memory, lookAtMs);
        if (!again) continue;
        assumedMs ??= at(again.lastMs);
        const end = hear(again.seen, settings, lookAtMs);
        if (end) return end;
      }
      if (!isHeard(seen, memory)) continue;
    }
    if (seen.on === 'answers') assumedMs = null;
    const end = hear(seen, settings, ms);
    if (end) return end;
  }
  return {kind: 'unknown', atMs: at(last.ms), missingMs: missing(known, last.ms), held};
}

/** The reason of a verdict: what is seen now when that is ripe, else the clearest that is. */
export function ripened(
  memory: Memory,
  s: MonitorSettings,
  ms: number,
  table: readonly Rule[],
): Reason | undefined {
  const own = table.filter(({reason}) => reason === memory.suspicion?.reason);
  return ripe(memory, s, ms, own) ?? ripe(memory, s, ms, table);
}

/** What belongs to a standby that has taken over says nothing to one that has not. */
const isHeard = ({on}: Happening, {state}: Memory) =>
  state !== 'suspect' || !['gateway', 'channel', 'unit', 'failback', 'tested'].includes(on);

/** The newest answers once more, where this monitor would have asked and the recorded one did not. */
function answersAgain({state, suspicion, inquiry}: Memory, ms: number) {
  if (state !== 'suspect' || !suspicion || !inquiry || inquiry.startedMs < suspicion.firstMs)
    return undefined;
  if (ms - inquiry.startedMs <= inquiryEveryMs(suspicion, ms) + lateMs) return undefined;
  const {startedMs, ...answers} = inquiry;
  // Each look is one of its own, and as fresh as if it had just been given.
  return {lastMs: startedMs, seen: {on: 'answers', startedMs: ms, answers} satisfies Happening};
}

/** ms until what was seen last would have been a verdict; null: never. */
function missing({memory: {suspicion}}: Known, ms: number): number | null {
  const verdictMs = suspicion?.verdictMs ?? null;
  return verdictMs === null ? null : Math.max(0, verdictMs - ms);
}

/** Settings are the same object for as long as they were in the record. */
export function memoised(change: (recorded: MonitorSettings) => MonitorSettings) {
  const known = new Map<MonitorSettings, MonitorSettings>();
  return (recorded: MonitorSettings) => {
    const already = known.get(recorded);
    if (already) return already;
    const made = change(recorded);
    known.set(recorded, made);
    return made;
  };
}
