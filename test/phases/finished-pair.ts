import {phases} from '../../src/phases/index.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {applyToFacts} from './apply-to-facts.js';
import {planInputOf} from './facts.js';

/** A pair as setup leaves it: nothing differs. */
export function finishedPair(answers: Parameters<typeof planInputOf>[0] = {}): PlanInput {
  const input = planInputOf(answers);
  // A change may be planned only when an earlier one is there.
  for (const phase of phases)
    for (let round = 0; round < 3; round += 1)
      for (const change of phase.plan(input)) applyToFacts(change, input);
  return input;
}
