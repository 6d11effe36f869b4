import {afterEach, expect, it, vi} from 'vitest';
import type {Question, SetupPort} from '../../src/plan/events.js';
import {countingWaits} from '../../src/plan/patience.js';

afterEach(() => vi.restoreAllMocks());

const question: Question = {type: 'review', phase: 'provision', changes: []};
const portOf = (decide: SetupPort['decide']): SetupPort => ({
  emit: () => {},
  decide,
  stop: new AbortController().signal,
  force: new AbortController().signal,
});

it('adds up the time that every decision took, also one that was never made', async () => {
  let nowMs = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const answers = [
    async () => {
      nowMs += 60_000;
      return 'apply' as const;
    },
    async () => {
      nowMs += 5000;
      throw new Error('the terminal is gone');
    },
  ];
  const {port, waitedMs} = countingWaits(portOf(() => answers.shift()!()));
  nowMs += 700;
  expect(waitedMs()).toBe(0);
  expect(await port.decide(question)).toBe('apply');
  await expect(port.decide(question)).rejects.toThrow('terminal');
  nowMs += 700;
  expect(waitedMs()).toBe(65_000);
});
