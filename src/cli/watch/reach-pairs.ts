import {loadPrograms} from '../../templates/programs.js';
import type {Found} from '../gather.js';
import {reachPair} from '../reach.js';
import type {Mode} from '../terminal.js';
import {LivePair} from './live-pair.js';

/** A pair that is looked at, or why it cannot be. */
export type Looked = {name: string; live: LivePair} | {name: string; error: unknown};

export interface Looking {
  pairs: readonly Looked[];
  close(): Promise<void>;
}

/**
 * Connects to the pairs, one after the other: each may have to ask. Of several, one that cannot be reached does not
 * hide the others, and is tried again.
 * @throws Abort what stands against it, when there is no pair left to look at
 */
export async function reachPairs(found: readonly Found[], mode: Mode): Promise<Looking> {
  const programs = loadPrograms();
  const pairs: Looked[] = [];
  for (const each of found) {
    if ('error' in each) {
      pairs.push(each);
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop
    const reach = await reachPair(each.pair, mode, {patient: found.length > 1});
    pairs.push({name: each.name, live: new LivePair(each.pair, reach, programs)});
  }
  const reached = livePairs(pairs);
  const first = pairs.find((each) => 'error' in each);
  if (reached.length === 0 && first && 'error' in first) throw first.error;
  return {
    pairs,
    close: async () => {
      for (const live of reached) live.stop();
      await Promise.all(reached.map(({reach}) => reach.close()));
    },
  };
}

export const livePairs = (pairs: readonly Looked[]): LivePair[] =>
  pairs.flatMap((each) => ('live' in each ? [each.live] : []));
