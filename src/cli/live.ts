import {randomBytes} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {checkSplit} from '../channels/split.js';
import {readFacts} from '../facts/read.js';
import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {requestFor} from '../plan/requests.js';
import type {HostReaders} from '../screens/watch/poll.js';
import type {WatchOptions} from '../screens/watch/watch.js';
import type {Host, HostName} from '../ssh/host.js';

/** A host, or how to get it: one that was down when the program started may come back. */
export type HostSource = () => Promise<Host>;

/** ms that the standby's first reading waits for the primary's: that one tells which address to probe. */
const headStartMs = 4000;

/**
 * What the live view reads from: each host on its own, all with one key, so that accounts can be compared across
 * hosts and readings.
 */
export function liveSource(
  pair: Pair,
  sources: Readonly<Record<HostName, HostSource>>,
  accountsProgram: string,
): Pick<WatchOptions, 'pair' | 'read' | 'split'> {
  const key = randomBytes(32).toString('hex');
  const known: {primary?: HostFacts; standby?: HostFacts} = {};
  const reading = async (host: HostName) => {
    const facts = await readFacts(await sources[host](), requestFor(host, pair, key, known), accountsProgram);
    known[host] = facts;
    return facts;
  };
  const tried = Promise.withResolvers<void>();
  const read: HostReaders = {
    async primary() {
      try {
        return {ok: true, facts: await reading('primary')};
      } finally {
        tried.resolve();
      }
    },
    async standby() {
      await Promise.race([tried.promise, sleep(headStartMs, undefined, {ref: false})]);
      const facts = await reading('standby');
      // Both hosts' addresses are needed to know where to look; the first reading has only just found them.
      const blind = facts.probe === undefined && requestFor('standby', pair, key, known).probe !== undefined;
      return {ok: true, facts: blind ? await reading('standby') : facts};
    },
  };
  return {
    pair: pair.name,
    read,
    split: (primary, standby) => checkSplit(primary.accounts, standby.accounts, standby.pulled),
  };
}
