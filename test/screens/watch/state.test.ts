import {expect, test} from 'vitest';
import {emptyState, observe, splitOf} from '../../../src/screens/watch/state.js';
import {historyLength} from '../../../src/screens/watch/sample.js';
import {disjoint} from '../recorded.js';
import {watchFacts} from '../watch-facts.js';

const well = (host: 'primary' | 'standby', more = {}) =>
  ({ok: true, facts: watchFacts(host, more, 0)}) as const;

test('the first reading of a host is no news', () => {
  expect(observe(emptyState, 'primary', well('primary'), 1).events).toEqual([]);
});

test('a gateway that stops, and a monitor that changes its mind, are told, newest first', () => {
  let state = observe(emptyState, 'primary', well('primary'), 1);
  state = observe(state, 'standby', well('standby'), 2);
  state = observe(state, 'primary', well('primary', {down: true}), 3);
  state = observe(state, 'standby', well('standby', {down: true, state: 'suspect'}), 4);
  expect(state.events.map(({host, sentence}) => `${host} ${sentence}`)).toEqual([
    'standby monitor: watching → suspect',
    'primary gateway stopped',
  ]);
});

test('silence is told once, and its end', () => {
  let state = observe(emptyState, 'primary', well('primary'), 1);
  for (const atMs of [2, 3, 4])
    state = observe(state, 'primary', {ok: false, error: 'no route\u001B[2J'}, atMs);
  state = observe(state, 'primary', well('primary'), 5);
  expect(state.events.map(({sentence}) => sentence)).toEqual(['answers again', 'does not answer: no route']);
  expect(state.readings.primary.error).toBeUndefined();
});

test('a failed reading keeps what was known and when', () => {
  const state = observe(
    observe(emptyState, 'primary', well('primary'), 1),
    'primary',
    {ok: false, error: 'x'},
    9,
  );
  expect(state.readings.primary).toMatchObject({readMs: 1, error: 'x'});
});

test('events of the host come in once, however often they are read', () => {
  const events = [{atMs: 5, host: 'standby' as const, sentence: 'workspace synced, 2 commits'}];
  let state = observe(emptyState, 'standby', {...well('standby'), events}, 6);
  state = observe(state, 'standby', {...well('standby'), events}, 7);
  expect(state.events).toEqual(events);
});

test('the history of the health is short', () => {
  let state = emptyState;
  for (let at = 0; at < 30; at += 1) state = observe(state, 'standby', well('standby', {down: at > 25}), at);
  expect(state.readings.standby.health).toHaveLength(historyLength);
  expect(state.readings.standby.health.slice(-5)).toEqual([4, null, null, null, null]);
});

test('the split is unknown until both hosts have been read', () => {
  const one = observe(emptyState, 'primary', well('primary'), 1);
  expect(splitOf(one, () => disjoint)).toMatchObject({state: 'unknown', reasons: [{host: 'standby'}]});
  expect(splitOf(observe(one, 'standby', well('standby'), 2), () => disjoint)).toBe(disjoint);
});
