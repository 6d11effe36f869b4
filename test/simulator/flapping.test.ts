import {describe, expect, test} from 'vitest';
import {minutes, seconds} from './dice.js';
import {periods} from './faults/ways.js';
import {patience} from './proof.js';
import {run} from './run.js';
import type {Variant} from './sequence.js';
import {story} from './story.js';

/** For 20 min, the period decided by the dice of the fault. */
async function flap(row: string, period: number, variant: Variant) {
  const faults = [{row: `${row}:${period}`, atMs: seconds(20), forMs: minutes(20), dice: 1}];
  const outcome = await run({seed: period, variant, faults});
  expect(outcome.violation, story(outcome)).toBeUndefined();
  return outcome;
}
const takeovers = (told: {event: {event: string}}[]) =>
  told.filter(({event}) => event.event === 'promoting').length;

describe.each(periods)('half of every %i s out of reach, for 20 min', (period) => {
  test.each(['usual', 'no report', 'classic'] as const)(
    '%s: the host comes and goes; at most two takeovers in 15 min (so four in 20), never stuck, and given back (I9, I6)',
    async (variant) => {
      const {world} = await flap('37b', period, variant);
      expect(takeovers(world.told)).toBeLessThanOrEqual(4);
      expect(world.memory?.state).toBe('watching');
    },
    patience,
  );

  test(
    'only the private network does: it is a partition, and nobody takes over',
    async () => {
      const {world} = await flap('37', period, 'usual');
      expect(takeovers(world.told)).toBe(0);
      expect(world.memory?.state).toBe('watching');
    },
    patience,
  );
});
