import {expect, test, vi} from 'vitest';
import {WatchStore} from '../../../../src/screens/watch/model/store.js';
import {firstWords, pairFacts, startMs, told} from './playing.js';

function storeAt(atMs: number) {
  let nowMs = atMs;
  const store = new WatchStore({pair: 'default', now: () => nowMs});
  const pass = (ms: number) => (nowMs += ms);
  const fill = () => {
    for (const host of ['primary', 'standby'] as const) {
      for (const one of firstWords(host, nowMs)) store.put(told(host, one));
      store.put({on: 'facts', host, facts: pairFacts(host)});
    }
  };
  return {store, pass, fill};
}

test('the snapshot is the same until something comes in or time goes on', () => {
  const {store, pass, fill} = storeAt(startMs);
  fill();
  const one = store.snapshot();
  pass(60_000);
  expect(store.snapshot()).toBe(one);
  store.tick();
  expect(store.snapshot()).not.toBe(one);
  expect(store.snapshot().sample.primary.link.silentMs).toBe(60_000);
});

test('whoever listens hears of each input and each tick, until it leaves', () => {
  const {store, fill} = storeAt(startMs);
  const heard = vi.fn();
  const leave = store.subscribe(heard);
  store.tick();
  store.put({on: 'facts-failed', host: 'primary', error: 'no way there'});
  expect(heard).toHaveBeenCalledTimes(2);
  leave();
  fill();
  expect(heard).toHaveBeenCalledTimes(2);
});

test('it is settled once both hosts have told everything', () => {
  const {store, fill} = storeAt(startMs);
  expect(store.settled).toBe(false);
  fill();
  expect(store.settled).toBe(true);
  expect(store.snapshot().sample.verdict.state).toBe('protected');
});

test('events that pour in cost little as long as nobody looks', () => {
  const {store, fill} = storeAt(startMs);
  fill();
  const began = performance.now();
  for (let n = 0; n < 20_000; n += 1) store.put(told('standby', {kind: 'clock', hostMs: startMs + n}));
  // A hundredth of a core at a thousand lines a second would be more than there ever are.
  expect((performance.now() - began) / 20_000).toBeLessThan(0.05);
});
