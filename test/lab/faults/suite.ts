import {afterAll, beforeAll, describe, it} from 'vitest';
import type {Operator} from '../operator.js';
import {finishedPair, removePair, twin, type LabPair} from '../pair.js';
import {playLanes, type Act} from './lanes.js';
import {Stage} from './stage.js';
import {verdictSummary} from './verdicts.js';

/** The lanes as tests: each on a pair of its own, all at the same time. The first is the pair that setup made. */
export function describeLanes(lanes: readonly (readonly Act[])[]): void {
  let operator: Operator | undefined;
  let results: ReturnType<typeof playLanes<Stage>>;
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
}
