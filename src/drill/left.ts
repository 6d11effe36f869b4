import {Abort, Exit} from '../errors.js';
import {timeOfDay} from '../screens/format.js';

/** What whoever leaves a drill at once is told: what stands, and what brings the primary back. Exit code 130. Pure. */
export function leftInTheMiddle(
  {revertAtMs, faultAtMs}: {revertAtMs: number | null; faultAtMs: number | null},
  pair: string,
): Abort {
  const when =
    revertAtMs === null
      ? faultAtMs === null
        ? 'Nothing was broken yet.'
        : 'The fault was taken back already; a standby that is in charge gives back by itself.'
      : `The primary undoes the fault by itself at ${timeOfDay(revertAtMs)}.`;
  return new Abort(`The drill was left in the middle. ${when}`, {
    next: [`To take it back now: failover-wizard drill --revert --pair ${pair}`],
    exit: Exit.interrupted,
  });
}
