import {promisesOf} from './expect.js';
import type {DrillParts, DrillPlan} from './parts.js';
import type {StageId} from './report.js';
import {stagesFor} from './stages.js';

/** What a drill goes through, as it is known when it begins. Spans are ms since the fault. */
export interface Way {
  /** The stages of this fault, in order. */
  ahead: readonly StageId[];
  /** When they are usually reached, and until when the settings promise them. */
  usual: Readonly<Partial<Record<StageId, number>>>;
  promised: Readonly<Partial<Record<StageId, number>>>;
}

/** Reckoned once: it is shown several times a second. Pure. */
export function wayOf(
  {fault, expected, told}: DrillPlan,
  {ask, usual}: Pick<DrillParts, 'ask' | 'usual'>,
): Way {
  const ahead = stagesFor(fault, expected.outcome, {message: ask !== undefined, told});
  const counted = ahead.filter((id) => id !== 'stopping' && id !== 'fault');
  return {
    ahead,
    usual: Object.fromEntries(
      counted.flatMap((id) => {
        const ms = usual(fault, id);
        return ms === null ? [] : [[id, ms]];
      }),
    ),
    promised: promisesOf(expected),
  };
}
