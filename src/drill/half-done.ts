import {age, timeOfDay} from '../screens/format.js';
import type {DrillRecord} from './record.js';
import {wasUndone} from './so-far.js';

/** What is told of a drill that did not come to its end, before anybody is asked. Pure. */
export function halfDoneWords(record: DrillRecord, nowMs: number): string[] {
  const {fault, startedAt, faultAtMs, revertAtMs} = record;
  const begun = Date.parse(startedAt);
  const first = `A drill (${fault}) that began ${age(nowMs - begun)} ago, at ${timeOfDay(begun)}, did not come to its end.`;
  if (faultAtMs === null)
    return [first, 'Whether anything was broken is not known here; what the hosts say is looked at.'];
  if (wasUndone(record.soFar))
    return [first, 'Its fault was taken back already; what came of it was not seen.'];
  if (revertAtMs === null)
    return [first, 'The primary is well; whether the standby is at rest was not seen.'];
  return nowMs < revertAtMs
    ? [first, `The primary undoes it by itself at ${timeOfDay(revertAtMs)}.`]
    : [first, `The primary was to undo it by itself at ${timeOfDay(revertAtMs)}.`];
}
