// The real live view over two made-up hosts: `tsx fixture-watch.ts [well|failover|silent]`.
import {watchScreen} from '../../src/screens/watch/watch.js';
import {disjoint} from './recorded.js';
import {watchFacts} from './watch-facts.js';

const mode = process.argv[2] ?? 'well';
let round = 0;
await watchScreen({
  pair: 'default',
  split: () => disjoint,
  intervalMs: 300,
  read: {
    primary: async (signal) => {
      round += 1;
      // A host that is gone does not refuse: nothing comes back.
      if (mode === 'silent' && round > 3)
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const down = mode === 'failover' && round > 4;
      return {ok: true, facts: watchFacts('primary', {down})};
    },
    standby: async () => {
      const down = mode === 'failover' && round > 4;
      const state = !down ? 'watching' : round > 12 ? 'active' : round > 8 ? 'promoting' : 'suspect';
      return {ok: true, facts: watchFacts('standby', {down, state})};
    },
  },
});
process.stdout.write('left\n');
