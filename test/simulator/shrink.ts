import {run, type Outcome} from './run.js';
import type {Planned, Sequence} from './sequence.js';
import type {Core} from './world.js';

/** Runs that one shrinking may cost. */
const mostRuns = 250;

/**
 * The smallest story that breaks the same rule: faults are dropped, then made shorter, then moved earlier, for as
 * long as the rule stays broken.
 */
export async function shrink(outcome: Outcome, core?: Core): Promise<Outcome> {
  let best = outcome;
  let runs = 0;
  const tryIt = async (faults: readonly Planned[]): Promise<boolean> => {
    if (runs >= mostRuns) return false;
    runs += 1;
    const next = await run({...best.sequence, faults}, core);
    if (next.violation?.rule !== outcome.violation?.rule) return false;
    best = next;
    return true;
  };
  /** Each simplification on each fault, as often as it helps; true when one did. */
  const round = async (): Promise<boolean> => {
    const before = best;
    for (const simpler of simplerOnes) {
      for (let index = best.sequence.faults.length - 1; index >= 0; index--) {
        let faults = simpler(best.sequence.faults, index);
        // One after the other: each starts from what the one before left.
        while (faults && (await tryIt(faults)))
          faults = index < best.sequence.faults.length ? simpler(best.sequence.faults, index) : undefined;
      }
    }
    return best !== before;
  };
  while (await round());
  return best;
}

type Simpler = (faults: Sequence['faults'], index: number) => Planned[] | undefined;

const second = 1000;
const whole = (ms: number) => Math.floor(ms / second) * second;

const change =
  (how: (fault: Planned, before: Planned | undefined) => Planned | undefined): Simpler =>
  (faults, index) => {
    const changed = how(faults[index]!, faults[index - 1]);
    return changed && faults.with(index, changed);
  };

const simplerOnes: readonly Simpler[] = [
  (faults, index) => (faults.length > 1 ? faults.toSpliced(index, 1) : undefined),
  // All that comes after moves along.
  (faults, index) => {
    const earliestMs = index === 0 ? 10 * second : faults[index - 1]!.atMs;
    const byMs = whole((faults[index]!.atMs - earliestMs) / 2);
    return byMs < second
      ? undefined
      : faults.map((fault, place) => (place < index ? fault : {...fault, atMs: fault.atMs - byMs}));
  },
  change((fault) =>
    Number.isFinite(fault.forMs) && fault.forMs >= 2 * second
      ? {...fault, forMs: Math.max(second, whole(fault.forMs / 2))}
      : undefined,
  ),
  change((fault) =>
    Number.isFinite(fault.forMs) && fault.forMs > 10 * second
      ? {...fault, forMs: whole(fault.forMs * 0.9)}
      : undefined,
  ),
  change((fault) => (fault.atMs % second === 0 ? undefined : {...fault, atMs: whole(fault.atMs)})),
];
