import {expect, test} from 'vitest';
import {run} from './run.js';
import {draw, type Sequence} from './sequence.js';
import {shrink} from './shrink.js';
import {command, exactly, story} from './story.js';

/** Sequences of the fault matrix in one run of the tests, in shares that run side by side. */
const sequences = 10_000;
const shares = 4;

/** ms; a share takes half a minute on a core of its own. */
export const patience = 600_000;

/** Runs the sequences of these seeds; the first that breaks a rule fails as the smallest story that breaks it. */
export async function prove(
  first: number,
  count: number,
  drawn: (seed: number) => Sequence,
  options = '',
): Promise<void> {
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await run(drawn(seed));
    if (!outcome.violation) continue;
    const smallest = await shrink(outcome);
    const words = [
      story(smallest),
      `As it was drawn: ${command(outcome.sequence)}${options}`,
      `As it is shown:  ${exactly(smallest.sequence)}`,
    ];
    expect.fail(words.join('\n'));
  }
}

/** One share of the proof, from 1. */
export function proveShare(share: number): void {
  const count = sequences / shares;
  const first = (share - 1) * count + 1;
  test(
    `sequences ${first} to ${first + count - 1} of the fault matrix break no rule`,
    () => prove(first, count, (seed) => draw(seed)),
    patience,
  );
}
