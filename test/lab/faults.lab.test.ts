// The rows of the fault matrix that need a real kernel, systemd or gateway; see docs/faults.md.

import {afterAll, beforeAll, describe, it} from 'vitest';
import {acted, chosen, playLanes} from './faults/lanes.js';
import {keepsBudget, killedAtEveryStep} from './faults/measures.js';
import {min, type Row} from './faults/row.js';
import {labRows} from './faults/rows/all.js';
import {Stage} from './faults/stage.js';
import {verdictSummary} from './faults/verdicts.js';
import type {Operator} from './operator.js';
import {finishedPair, removePair, twin, type LabPair} from './pair.js';

const isReal = ({primary, standby}: Row) => primary === 'real' || standby === 'real';
const stubbed = labRows.filter((row) => !isReal(row));
/** Two gateways that start at the same time are slow on two cores, so all real ones are in one lane, and first there. */
const lanes = chosen([
  [...labRows.filter(isReal).map(acted), keepsBudget(min(3)), killedAtEveryStep],
  stubbed.filter((_, index) => index % 2 === 0).map(acted),
  stubbed.filter((_, index) => index % 2 === 1).map(acted),
]);

let operator: Operator | undefined;
let results: ReturnType<typeof playLanes>;
const pairs: LabPair[] = [];

beforeAll(async () => {
  const finished = await finishedPair();
  operator = finished.operator;
  pairs.push(finished.pair);
  for (let count = 1; count < lanes.length; count++) pairs.push(await twin(count));
  results = playLanes(lanes.map((acts, index) => ({acts, stage: () => Stage.of(pairs[index]!)})));
});

afterAll(async () => {
  for (const line of verdictSummary()) console.log(`measured: from fault to verdict, ${line}`);
  await operator?.leave();
  for (const {places} of pairs) await removePair(places);
});

describe.each(lanes.map((acts, index) => ({acts, lane: index + 1})))('lane $lane', ({acts}) => {
  it.each(acts)('$name', (act) => results.get(act)!);
});
