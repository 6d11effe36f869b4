import {describe, expect, test} from 'vitest';
import {estimateMs, typicalMs} from '../../../src/screens/setup/estimate.js';
import {finished, install, installRunning, moments, provisionDone, viewAfter} from './moments.js';

describe('what is left', () => {
  test('is not told before anything has begun, while a person is awaited, or at the end', () => {
    for (const name of ['start', 'found', 'review', 'waiting', 'failed', 'stopping', 'finished']) {
      expect(estimateMs(moments[name]!), name).toBeUndefined();
    }
  });

  test('shrinks as the step in hand goes on, and never below what follows', () => {
    const early = estimateMs(viewAfter(...provisionDone, ...installRunning))!;
    const later = estimateMs(viewAfter(...provisionDone, ...installRunning, 5000))!;
    expect(early - later).toBe(5000);
  });

  test('loses what a phase would have taken once that has nothing to do', () => {
    const running = [...provisionDone, ...installRunning];
    const summary = {...finished.phases[2]!, status: 'unchanged' as const};
    const before = estimateMs(viewAfter(...running))!;
    expect(estimateMs(viewAfter(...running, {type: 'phase-end', summary}))).toBeLessThan(before);
  });

  test('is not told when a step takes far longer than it ever did', () => {
    expect(estimateMs(viewAfter(...provisionDone, ...installRunning, 300_000))).toBeUndefined();
  });

  test('is not told when a kind of change has no recorded duration', () => {
    const strange = {...install.changes[4]!, kind: 'something-new'};
    const changes = [...install.changes.slice(0, 4), strange];
    expect(
      estimateMs(viewAfter(...provisionDone, {type: 'phase', phase: 'install', status: 'running', changes})),
    ).toBeUndefined();
  });
});

test('proofs are told apart by their names', () => {
  expect(typicalMs({kind: 'proof', id: 'standby:proof:failover'})).toBeGreaterThan(
    typicalMs({kind: 'proof', id: 'standby:proof:reach'})!,
  );
  expect(typicalMs({kind: 'proof', id: 'standby:proof:unheard'})).toBeUndefined();
});
