import {describe, expect, test} from 'vitest';
import {isPressing, isPressingList, paced, type Timing} from '../../../../src/screens/watch/live/pace.js';
import type {Snapshot} from '../../../../src/screens/watch/model/store.js';
import {failoverSample, pausedSample, silentSample, timeline, wellSample} from '../model/samples.js';
import {healthy, standbyHost, starting} from '../model/sample-parts.js';

/** Time that a test moves. */
function clockwork() {
  let nowMs = 1000;
  let waiting: {atMs: number; run: () => void}[] = [];
  const timing: Timing = {
    nowMs: () => nowMs,
    later: (ms, run) => {
      const entry = {atMs: nowMs + ms, run};
      waiting.push(entry);
      return () => (waiting = waiting.filter((each) => each !== entry));
    },
  };
  const pass = (ms: number) => {
    const endMs = nowMs + ms;
    for (;;) {
      const next = waiting.filter(({atMs}) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      nowMs = next.atMs;
      waiting = waiting.filter((each) => each !== next);
      next.run();
    }
    nowMs = endMs;
  };
  return {timing, pass, pending: () => waiting.length};
}

function numbers() {
  let shown = 0;
  const listeners = new Set<() => void>();
  return {
    put: (next: number) => {
      shown = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => shown,
    listeners: () => listeners.size,
  };
}

describe('a paced source', () => {
  const even = (before: number, after: number) => Math.floor(before / 10) !== Math.floor(after / 10);
  const begin = () => {
    const {timing, pass, pending} = clockwork();
    const source = numbers();
    const calm = paced(source, even, timing);
    const told: number[] = [];
    calm.subscribe(() => told.push(calm.snapshot()));
    return {source, calm, told, pass, pending};
  };
  test('tells what presses at once, and a burst of it ten times a second', () => {
    const {source, told, pass} = begin();
    pass(500);
    source.put(10);
    expect(told).toEqual([10]);
    for (let number = 2; number <= 100; number += 1) {
      source.put(number * 10);
      pass(10);
    }
    expect(told.length).toBeGreaterThan(8);
    expect(told.length).toBeLessThanOrEqual(12);
    pass(100);
    expect(told.at(-1)).toBe(1000);
  });
  test('tells what only grows older once a second', () => {
    const {source, told, pass} = begin();
    for (let number = 1; number <= 9; number += 1) {
      source.put(number);
      pass(300);
    }
    expect(told).toHaveLength(2);
    pass(1000);
    expect(told.at(-1)).toBe(9);
  });
  test('does not let what is calm wait longer because of it', () => {
    const {source, told, pass, pending} = begin();
    source.put(1);
    expect(pending()).toBe(1);
    source.put(2);
    expect(pending()).toBe(1);
    source.put(11);
    pass(100);
    expect(told).toEqual([11]);
    expect(pending()).toBe(0);
  });
  test('shows the same until it tells, and nothing after it is closed', () => {
    const {source, calm, told, pass} = begin();
    source.put(1);
    expect(calm.snapshot()).toBe(0);
    calm.close();
    pass(5000);
    source.put(20);
    expect(told).toEqual([]);
    expect(source.listeners()).toBe(0);
  });
});

describe('what presses', () => {
  const well = (): Snapshot => ({sample: wellSample(), timeline: timeline(5)});
  test.each([
    ['a line of the timeline', {sample: wellSample(), timeline: timeline(6)}, true],
    ['a verdict', {...well(), sample: pausedSample()}, true],
    ['a gateway', {...well(), sample: wellSample({standby: standbyHost({gateway: starting})})}, true],
    ['a connection', {...well(), sample: silentSample('primary')}, true],
    ['a class of health', {...well(), sample: wellSample({health: healthy({class: 'draining'})})}, true],
    ['an age', {...well(), sample: wellSample({atMs: wellSample().atMs + 1000})}, false],
    ['a latency', {...well(), sample: wellSample({health: healthy({tookMs: 9})})}, false],
    ['a load', {...well(), sample: wellSample({standby: standbyHost({load: 1})})}, false],
  ] as const)('%s: %o', (_, after, presses) => expect(isPressing(well(), after)).toBe(presses));
  test('a stage that was reached', () => {
    const at = (stage: 'starting' | 'connecting') => ({sample: failoverSample(stage), timeline: []});
    expect(isPressing(at('starting'), at('starting'))).toBe(false);
    expect(isPressing(at('starting'), at('connecting'))).toBe(true);
  });
  test('of several pairs, a verdict, and not an age', () => {
    const row = (sample: ReturnType<typeof wellSample>) => [{pair: 'a', sample}];
    expect(isPressingList(row(wellSample()), row(wellSample({atMs: 5})))).toBe(false);
    expect(isPressingList(row(wellSample()), row(pausedSample()))).toBe(true);
  });
});
