// Lanes of drills as tests: each on a pair of its own, with nicks of its own, all at the same time.

import {afterAll, beforeAll, describe, it} from 'vitest';
import {finishedPair, places, removePair, twin, type LabPair} from '../pair.js';
import {playLanes, type Act} from '../faults/lanes.js';
import {Bench, type Settings} from './bench.js';
import {comparedLines} from './compare.js';

export function describeDrills(lanes: readonly (readonly Act<Bench>[])[], settings: Settings): void {
  let results: ReturnType<typeof playLanes<Bench>>;
  const pairs: LabPair[] = [];
  const benches: Bench[] = [];
  let startedMs = 0;

  beforeAll(async () => {
    startedMs = performance.now();
    const {operator, pair} = await finishedPair();
    await operator.leave();
    pairs.push(pair);
    for (let count = 1; count < lanes.length; count++) pairs.push(await twin(count));
    results = playLanes(
      lanes.map((acts, index) => ({
        acts: acts.map(timedAct),
        stage: async () => {
          const pair = pairs[index]!;
          const nick = `${places.nicks.standby}${index || ''}`;
          // A nick has nine characters at most.
          const number = pair.places.standby.ip.split('.').at(-1);
          const bench = await Bench.of(pair, {nick, asker: `ask${number}`}, settings);
          benches.push(bench);
          return bench;
        },
      })),
    );
    console.log(`measured: ${lanes.length} pairs were there after ${since(startedMs)} s`);
  });

  afterAll(async () => {
    for (const line of comparedLines()) console.log(`measured: ${line}`);
    for (const {operator} of benches) await operator.leave();
    for (const {places: at} of pairs) await removePair(at);
    console.log(`measured: everything took ${since(startedMs)} s`);
  });

  describe.each(lanes.map((acts, index) => ({acts, lane: index + 1})))('lane $lane', ({acts}) => {
    it.each(acts)('$name', ({name}) => [...results].find(([act]) => act.name === name)![1]);
  });
}

const since = (ms: number) => Math.round((performance.now() - ms) / 1000);

function timedAct({name, play}: Act<Bench>): Act<Bench> {
  return {
    name,
    async play(bench) {
      const startedMs = performance.now();
      try {
        await play(bench);
      } finally {
        console.log(`measured: ${name}: ${since(startedMs)} s`);
      }
    },
  };
}
