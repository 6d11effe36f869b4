import {expect, test} from 'vitest';
import {StandStill} from '../../src/monitor/stand-still.js';

/** Clocks of a host that was up for so long, `suspendedMs` of it asleep. */
const clocks = (upMs: number, suspendedMs = 0) => ({nowMs: () => upMs - suspendedMs, upMs: () => upMs});

test.each([
  ['a round on time', clocks(1000), clocks(2000), undefined],
  ['a sleep that took 30 s longer', clocks(1000), clocks(32_000), 30_000],
  ['a host suspended while it slept', clocks(1000), clocks(32_000, 30_000), 30_000],
] as const)('between two rounds: %s', (_name, before, after, lost) => {
  const still = new StandStill();
  still.lost(before);
  still.rest(before, 1000);
  expect(still.lost(after)).toBe(lost);
});

test.each([
  ['a look of 3 s', clocks(4000), undefined],
  ['frozen in it', clocks(31_000), 30_000],
  ['suspended in it, while the monotonic clock stood still', clocks(33_000, 30_000), 30_000],
] as const)('in the middle of a look: %s', (_name, after, lost) => {
  const still = new StandStill();
  still.lost(clocks(1000));
  expect(still.since(1000, after)).toBe(lost);
  expect(still.lost(after)).toBeUndefined();
});
