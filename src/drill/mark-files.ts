import {layout} from '../templates/layout.js';

/** What the primary keeps of a drill beside the timer that undoes it: whose it is, as one line of JSON (`DrillMark`). */
export const markFile = `${layout.drillRun}/drill.json`;
/** When the timer's script has run last; there only after that. */
export const firedFile = `${layout.drillRun}/fired`;
/** There when that script has tried for long enough, in vain. */
export const gaveUpFile = `${layout.drillRun}/gave-up`;
