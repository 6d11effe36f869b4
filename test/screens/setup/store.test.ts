import {describe, expect, test} from 'vitest';
import type {Question} from '../../../src/plan/events.js';
import {SetupStore} from '../../../src/screens/setup/store.js';
import {pluginFailure} from '../recorded.js';
import {provision} from './moments.js';

const review: Question = {type: 'review', phase: 'provision', changes: provision.changes};
const failed: Question = {type: 'failed', phase: 'provision', error: pluginFailure};
const storeOf = (yes = false) => new SetupStore({pair: 'default', version: '0.1.0', yes});

describe('questions', () => {
  test('wait for the operator', async () => {
    const store = storeOf();
    const answer = store.port.decide(review);
    expect(store.view().question).toBe(review);
    store.answer('skip');
    expect(await answer).toBe('skip');
    expect(store.view().question).toBeUndefined();
  });

  test('with --yes reviews are applied and failures quit, without being asked', async () => {
    const store = storeOf(true);
    expect(await store.port.decide(review)).toBe('apply');
    expect(await store.port.decide(failed)).toBe('quit');
    expect(store.view().question).toBeUndefined();
  });

  test('an answer without a question does nothing to the next one', async () => {
    const store = storeOf();
    store.answer('quit');
    const answer = store.port.decide(review);
    store.answer('apply');
    expect(await answer).toBe('apply');
  });
});

describe('Ctrl+C', () => {
  test('once: stop, not force, and an open question quits', async () => {
    const store = storeOf();
    const answer = store.port.decide(review);
    store.interrupt();
    expect(await answer).toBe('quit');
    expect([store.port.stop.aborted, store.port.force.aborted]).toEqual([true, false]);
    expect(store.view().stopping).toBe('step');
  });
  test('questions after it are not asked any more, not even with --yes', async () => {
    for (const yes of [true, false]) {
      const store = storeOf(yes);
      store.interrupt();
      expect(await store.port.decide(review)).toBe('quit');
    }
  });
  test('twice: force', () => {
    const store = storeOf();
    store.interrupt();
    store.interrupt();
    expect(store.port.force.aborted).toBe(true);
    expect(store.view().stopping).toBe('now');
  });
});

test('whoever looks is told of every event, until they stop looking', () => {
  const store = storeOf();
  let told = 0;
  const stop = store.subscribe(() => (told += 1));
  store.port.emit({type: 'output', host: 'standby', line: 'x'});
  stop();
  store.port.emit({type: 'output', host: 'standby', line: 'y'});
  expect(told).toBe(1);
  expect(store.view().log).toHaveLength(2);
});
