import {expect, test} from 'vitest';
import type {WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import {startMs, wellPair} from './playing.js';
import * as samples from './samples.js';

const {failoverSample, silentSample} = samples;

test.each<[string, WatchSample, string]>([
  ['well', samples.wellSample(), 'protected'],
  ['suspect', failoverSample('suspect'), 'not-protected'],
  ['held', failoverSample('held'), 'not-protected'],
  ['starting', failoverSample('starting'), 'taking-over'],
  ['connecting', failoverSample('connecting'), 'taking-over'],
  ['taken over', failoverSample('taken-over'), 'standby-active'],
  ['blocked', failoverSample('blocked'), 'not-protected'],
  ['cleared', failoverSample('cleared'), 'protected'],
  ['active', samples.activeSample(), 'standby-active'],
  ['recovering', samples.recoveringSample(), 'standby-active'],
  ['paused', samples.pausedSample(), 'not-protected'],
  ['conflict', samples.conflictSample(), 'not-protected'],
  ['primary silent', silentSample('primary'), 'protected'],
  ['standby silent', silentSample('standby'), 'not-protected'],
  ['both silent', silentSample('both'), 'reading'],
  ['reading', samples.readingSample(), 'reading'],
])('the ready-made sample "%s" gets the verdict that it is made for', (_, {verdict, ledger}, state) => {
  expect(verdict.state).toBe(state);
  const running = ledger?.stages.filter((stage) => stage.state === 'running') ?? [];
  expect(running).toHaveLength(ledger === null || ledger.endedMs !== null ? 0 : 1);
});

test('they have the fields of a real sample', () => {
  const real = toSample(wellPair(), startMs);
  const made = samples.wellSample();
  expect(Object.keys(made).toSorted()).toEqual(Object.keys(real).toSorted());
  for (const part of ['primary', 'standby', 'health', 'monitor', 'outlook'] as const)
    expect(Object.keys(made[part]!).toSorted(), part).toEqual(Object.keys(real[part]!).toSorted());
});
