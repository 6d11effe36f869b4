import type {ProbeClass} from '../monitor/evidence.js';
import {replay, wallOf, type Replayed, type Step} from './replay.js';
import type {Segment} from './parse.js';

/** Steps of the record that belong together, decided again with the recorded settings. */
export interface Chapter {
  kind: 'suspicion' | 'give-back';
  replayed: Replayed;
  /** Of `replayed.steps`: the first that belongs to it, and the one after its last. */
  from: number;
  to: number;
  /** Monotonic ms from which its times are counted. */
  zeroMs: number;
  /** Epoch ms of that. */
  wallMs: number;
  boot: string;
}

/** Every suspicion and every give-back that begins in the record, oldest first. */
export function chaptersIn(segments: readonly Segment[]): Chapter[] {
  return segments.flatMap((segment) => {
    const replayed = replay(segment);
    const {steps} = replayed;
    const begun = steps.flatMap((step, index) => {
      const kind = kindOf(step, index);
      return kind ? [{kind, from: index}] : [];
    });
    return begun.map(({kind, from}): Chapter => {
      const zeroMs = zeroOf(steps[from]!);
      const {boot} = segment;
      const to = endOf(kind, steps, from);
      return {kind, replayed, from, to, zeroMs, wallMs: wallOf(segment, zeroMs), boot};
    });
  });
}

export const stepsOf = ({replayed, from, to}: Chapter): Step[] => replayed.steps.slice(from, to);

/** The steps in which nothing was decided yet, with the one that decided. */
export const doubtsOf = (chapter: Chapter): Step[] =>
  stepsOf(chapter).filter(({decision: {from}}) => from === 'watching' || from === 'suspect');

function kindOf({seen, before, decision}: Step, index: number): Chapter['kind'] | undefined {
  const {row, from, memory} = decision;
  // A monitor that comes up in the middle of a suspicion, or after a reboot in the middle of a takeover.
  if (seen.on === 'start' && index === 0 && memory.state === 'suspect') return 'suspicion';
  if (!row || from === memory.state) return undefined;
  if (memory.state === 'suspect') return 'suspicion';
  if (row.event === 'promoting' && before.suspicion === null && from !== 'suspect') return 'suspicion';
  return row.event === 'primary-back' ? 'give-back' : undefined;
}

function zeroOf({seen, ms, decision}: Step): number {
  if (seen.on !== 'probe') return decision.memory.suspicion?.firstMs ?? ms;
  return seen.probe.class === 'ok' ? ms : seen.startedMs;
}

/** A suspicion ends asleep or in charge, a give-back asleep or with a primary that is gone again. */
function endOf(kind: Chapter['kind'], steps: readonly Step[], from: number): number {
  const over = steps.findIndex(({decision: {memory, from: was}}, index) => {
    if (index <= from || memory.state === was) return false;
    const {state} = memory;
    return state === 'watching' || state === 'active' || (kind === 'suspicion' && state === 'demoting');
  });
  return over < 0 ? steps.length : over + 1;
}

/** How many probes of each class, in the order in which they were first seen; without the good ones. */
export function badProbes(steps: readonly Step[]): [ProbeClass, number][] {
  const counts = new Map<ProbeClass, number>();
  for (const {seen} of steps)
    if (seen.on === 'probe' && seen.probe.class !== 'ok')
      counts.set(seen.probe.class, (counts.get(seen.probe.class) ?? 0) + 1);
  return [...counts];
}
