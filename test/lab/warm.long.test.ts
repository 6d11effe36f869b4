import {afterAll, beforeAll, expect, it} from 'vitest';
import {layout, units} from '../../src/templates/layout.js';
import {nameOf} from './faults/row.js';
import {Play} from './faults/play.js';
import {warmRows} from './faults/rows/warm.js';
import {Stage} from './faults/stage.js';
import {eventNames, sh, unitState} from './host-state.js';
import {said, type Operator} from './operator.js';
import {answersFor, finishedPair, removePair, type LabPair} from './pair.js';

/** A finished pair that the operator's answers make warm, and cold again. */
let pair: LabPair;
let operator: Operator;

async function setUp(standby: 'cold' | 'warm'): Promise<void> {
  const answers = await answersFor(pair);
  operator.answer({...answers, monitor: {...answers.monitor, standby}});
  const ended = await operator.setup();
  expect(ended.code, said(ended)).toBe(0);
}

beforeAll(async () => {
  ({pair, operator} = await finishedPair());
  await setUp('warm');
});
afterAll(async () => {
  await operator?.leave();
  if (pair) await removePair(pair.places);
});

it('a second run finds nothing to do', async () => {
  const {lines} = await operator.setup();
  const done = lines.find(({type}) => type === 'done');
  expect(done?.['summary']).toMatchObject({complete: true, nothingToDo: true});
});

it.each(warmRows.map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
  await new Play(await Stage.of(pair), row).run();
});

it('a standby that becomes cold stops its gateway, and calls nobody for it', async () => {
  const {standby} = pair;
  expect((await unitState(standby, units.gateway)).active).toBe('active');
  const before = (await eventNames(standby)).length;
  await setUp('cold');
  expect((await unitState(standby, units.gateway)).active).toBe('inactive');
  expect((await eventNames(standby)).slice(before)).not.toContain('drift');
  expect(await sh(standby, `ls ${layout.roleRun}`)).not.toMatch(/^(runs|warm\.json)$/m);
});
