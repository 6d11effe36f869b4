import type {MakeAuditor, Rule} from './auditor.js';
import {everythingIsTold, monitorLives, neverMuted, noSecretIsRepeated, noWorkIsLost} from './records.js';
import {gatewayRunsByState, restartChangesNothing, startedByWishOnly} from './roles.js';
import {
  activeMeansConnected,
  givesBack,
  givesBackWithPatience,
  notTooOften,
  onlyFromTheDead,
  overFromTheDead,
  stepsAreBounded,
} from './verdicts.js';

/** The rules that two virtual hosts can show broken, under the names of docs/monitor.md; for the others: `elsewhere`. */
export const auditors: readonly [Rule, MakeAuditor][] = [
  ['lives', monitorLives],
  ['I1', gatewayRunsByState],
  ['by-wish', startedByWishOnly],
  ['I3', stepsAreBounded],
  ['I4', onlyFromTheDead],
  ['I5', overFromTheDead],
  ['I6', givesBack],
  ['I6', givesBackWithPatience],
  ['bot-there', activeMeansConnected],
  ['I7', noWorkIsLost],
  ['I8', everythingIsTold],
  ['I9', notTooOften],
  ['I10', restartChangesNothing],
  ['I11', noSecretIsRepeated],
  ['crash-limit', neverMuted],
];

/** Rules that need real configs or a real setup, and who shows them. */
export const elsewhere = {
  I2: 'the same account on both nodes is refused by setup, and again before every start: test/channels, test/lab/refusals.lab.test.ts',
  I12: 'setup, cut off or killed in each phase, and the bot of the primary after it: test/lab/interrupted.lab.test.ts',
} as const;
