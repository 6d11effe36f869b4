import {randomBytes} from 'node:crypto';
import {checkSplit} from '../channels/split.js';
import type {Split} from '../channels/types.js';
import {readFacts} from '../facts/read.js';
import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {requestFor} from '../plan/requests.js';
import type {Host, HostName} from '../ssh/host.js';

/** Whole readings of either host, all with one key, so that accounts can be compared across hosts and readings. */
export interface PairReader {
  read: Readonly<Record<HostName, () => Promise<HostFacts>>>;
  split: (primary: HostFacts, standby: HostFacts) => Split;
}

export function pairReader(
  pair: Pair,
  sources: Readonly<Record<HostName, () => Promise<Host>>>,
  accountsProgram: string,
): PairReader {
  const key = randomBytes(32).toString('hex');
  const known: {primary?: HostFacts; standby?: HostFacts} = {};
  const read = async (host: HostName): Promise<HostFacts> => {
    const request = requestFor(host, pair, key, known);
    return (known[host] = await readFacts(await sources[host](), request, accountsProgram));
  };
  return {
    read: {primary: () => read('primary'), standby: () => read('standby')},
    split: (primary, standby) => checkSplit(primary.accounts, standby.accounts, standby.pulled),
  };
}
