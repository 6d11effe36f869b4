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
 * Connects to the pairs: at the same time where nothing can be asked, else one after the other. Of several, one that
 * cannot be reached does not hide the others, and is tried again.
 * @param soon does not wait for a host that is much slower than the other one of its pair
 * @throws Abort what stands against it, when there is no pair left to look at
 */
export async function reachPairs(
  found: readonly Found[],
  mode: Mode,
  {soon}: {soon: boolean},
): Promise<Looking> {
  const programs = loadPrograms();
  // A program that reads JSON gets an object of the pair in any case, with what stands against it.
  const patient = found.length > 1 || mode.output === 'json';
  const look = async (each: Found): Promise<Looked> => {
    if ('error' in each) return each;
    const reach = await reachPair(each.pair, mode, {patient, soon});
    return {name: each.name, live: new LivePair(each.pair, reach, programs)};
  };
  const pairs = mode.ask ? await inTurn(found, look) : await Promise.all(found.map(look));
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

async function inTurn<T, R>(list: readonly T[], act: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (const each of list) done.push(await act(each));
  return done;
}

export const livePairs = (pairs: readonly Looked[]): LivePair[] =>
  pairs.flatMap((each) => ('live' in each ? [each.live] : []));
