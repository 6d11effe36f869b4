// Rows and measurements that take minutes, all at the same time on pairs of their own: about 70 minutes.

import {afterAll, beforeAll, describe, it} from 'vitest';
import {acted, chosen, playLanes, type Act} from './faults/lanes.js';
import {keepsBudget} from './faults/measures.js';
import {min, type Row} from './faults/row.js';
import {longRows} from './faults/rows/long.js';
import {Stage} from './faults/stage.js';
import {verdictSummary} from './faults/verdicts.js';
import type {Operator} from './operator.js';
import {finishedPair, removePair, twin, type LabPair} from './pair.js';

const named = (...names: string[]): Act[] => names.map((name) => acted(rowOf(name)));
const nameOf = ({id, variant = ''}: Row) => `${id}${variant}`;

const waiting = new Map(longRows.map((row) => [nameOf(row), row]));
function rowOf(name: string): Row {
  const row = waiting.get(name);
  if (!row) throw new Error(`there is no row ${name} left to play`);
  waiting.delete(name);
  return row;
}

const lanes = chosen([
  [keepsBudget(min(60))],
  named('7'),
  named('30h'),
  named('37.10', '13', '64'),
  named('37.30', '14', '69'),
  named('37.120'),
  named('18', '19'),
  named('15'),
]);
if (waiting.size > 0) throw new Error(`rows without a lane: ${[...waiting.keys()].join(', ')}`);

let operator: Operator | undefined;
let results = new Map<Act, Promise<void>>();
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
