import {expect, test} from 'vitest';
import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import {liveSample} from '../../src/monitor/sample.js';
import {settings} from './settings-of-tests.js';

const around = {
  latencies: [4, null],
  probeDueMs: 101_500,
  disk: null,
  unready: null,
  settings,
  startMs: 45_000,
  say: '',
};
const moment = {nowMs: 100_000, time: '2026-11-26T12:00:00.000Z', boot: 'b'};
const live = (change: Partial<Memory>) => liveSample({...freshMemory(90_000), ...change}, moment, around);

test('a calm monitor counts nothing', () => {
  expect(live({})).toMatchObject({
    state: 'watching',
    nextProbeInMs: 1500,
    bad: 0,
    badForMs: null,
    verdictInMs: null,
    good: null,
    minActiveInMs: null,
    pausedMs: null,
    pausedWhy: null,
  });
});

test('a suspicion says how long it has lasted and how far the verdict is', () => {
  const suspicion = {
    firstMs: 94_000,
    count: 4,
    class: 'unreachable' as const,
    classSinceMs: 94_000,
    lastMs: 99_000,
    changedMs: 96_000,
    verdictMs: 108_000,
    reason: 'silent' as const,
    startingMs: null,
    told: null,
    timers: {},
    broken: {},
  };
  expect(live({state: 'suspect', suspicion})).toMatchObject({bad: 4, badForMs: 6000, verdictInMs: 8000});
  expect(live({state: 'suspect', suspicion: {...suspicion, verdictMs: null}}).verdictInMs).toBeNull();
  // It is decided in the round that comes; never less than nothing.
  expect(live({state: 'suspect', suspicion: {...suspicion, verdictMs: 99_000}}).verdictInMs).toBe(0);
});

test('a recovering one says how long the primary has been well, and what it waits for', () => {
  const takeover = {
    promotingMs: 30_000,
    attempt: 1,
    attemptMs: 30_000,
    retryMs: null,
    activeMs: 40_000,
    started: true,
    ready: true,
  };
  expect(live({state: 'recovering', takeover, good: {count: 3, firstMs: 88_000}})).toMatchObject({
    good: {count: 3, forMs: 12_000},
    rise: {count: settings.thresholds.rise, ms: settings.thresholds.riseMs},
    minActiveInMs: 40_000 + settings.thresholds.minActiveMs - 100_000,
  });
  expect(live({state: 'watching', good: {count: 900, firstMs: 0}}).good).toBeNull();
});

test('a pause says why', () => {
  expect(live({pause: {untilMs: 160_000, why: 'kernel update', id: 'x'}})).toMatchObject({
    pausedMs: 60_000,
    pausedWhy: 'kernel update',
  });
});

test('the channel account of an earlier takeover is not that of this one', () => {
  const channel = {connected: true, detail: 'connected', seq: 4, atMs: 20_000};
  const promoting = (seq: number) => live({state: 'promoting', channel, role: {want: 'active', seq}});
  expect(promoting(4).channel).toMatchObject({connected: true});
  expect(promoting(6).channel).toBeNull();
});
