import {describe, expect, test} from 'vitest';
import {minutes} from './dice.js';
import {faults} from './faults/index.js';
import {patience} from './proof.js';
import {run} from './run.js';
import {drawHarmless} from './sequence.js';

describe('nothing that is no death is taken for one (I4)', () => {
  test(
    'restarts, stalls up to 45 s, 30 % loss, partitions, an isolated, rebooted or suspended standby, kills: no takeover in 300 hours',
    async () => {
      for (let seed = 1; seed <= 300; seed++) {
        const sequence = drawHarmless(seed);
        const {world, violation} = await run(sequence);
        expect(violation, `npm run simulate -- --harmless --seed ${seed}`).toBeUndefined();
        expect(
          world.told.filter(({event}) => event.event === 'promoting').map(({event}) => event.say),
          `npm run simulate -- --harmless --story --seed ${seed}`,
        ).toEqual([]);
      }
    },
    patience,
  );

  test(
    'a day without any fault has one line in its log',
    async () => {
      const {world, violation} = await run({
        seed: 1,
        variant: 'usual',
        faults: [{row: '70', atMs: minutes(24 * 60), forMs: 0, dice: 1}],
      });
      expect(violation).toBeUndefined();
      expect(world.standby.events.map(({event}) => event)).toEqual(['started']);
    },
    patience,
  );

  test('every fault that may not lead to a takeover says for how long', () => {
    for (const {row, harmless, lasts} of faults)
      if (harmless && lasts) expect(lasts[1], row).toBeGreaterThanOrEqual(lasts[0]);
  });
});
