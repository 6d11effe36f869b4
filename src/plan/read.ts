import {randomBytes} from 'node:crypto';
import {plannedConflicts, checkSplit} from '../channels/split.js';
import type {Split, SplitConflict} from '../channels/types.js';
import {readFacts} from '../facts/read.js';
import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import type {Secret} from '../secret.js';
import type {Host, HostName} from '../ssh/host.js';
import {requestFor, type Known} from './requests.js';

export type Hosts = Readonly<Record<HostName, Host>>;

/** One reading of both hosts with one key, and what it says about the split. */
export interface Reading {
  primary: HostFacts;
  standby: HostFacts;
  split: Split;
  planned: SplitConflict[];
}

/**
 * Reads both hosts, at the same time, one round trip each. Only a first reading that taught where to look (the
 * primary's workspace, its private address) is followed by a second one.
 */
export async function readPair(
  hosts: Hosts,
  pair: Pair,
  secrets: Readonly<Record<string, Secret>>,
  accountsProgram: string,
  known: Known = {},
): Promise<Reading> {
  const key = randomBytes(32).toString('hex');
  const read = (host: HostName, knowing: Known) =>
    readFacts(hosts[host], requestFor(host, pair, key, knowing), accountsProgram);
  let [primary, standby] = await Promise.all([read('primary', known), read('standby', known)]);
  const again = unanswered({primary, standby}, pair);
  if (again.length > 0) {
    const fresh = await Promise.all(again.map((host) => read(host, {primary, standby})));
    for (const facts of fresh) {
      if (facts.host === 'primary') primary = facts;
      else standby = facts;
    }
  }
  return readingOf({primary, standby}, pair, secrets);
}

/** Both hosts, read with one key, and what they say about the split. Pure. */
export function readingOf(
  {primary, standby}: Pick<Reading, 'primary' | 'standby'>,
  {channel}: Pick<Pair, 'channel'>,
  secrets: Readonly<Record<string, Secret>>,
): Reading {
  // Fingerprints of two keys never agree: that would look disjoint.
  if (primary.key !== standby.key) throw new TypeError('the two hosts were read with two keys');
  return {
    primary,
    standby,
    split: checkSplit(primary.accounts, standby.accounts, standby.pulled),
    planned: plannedConflicts(primary.accounts, standby.accounts, channel, secrets, primary.key),
  };
}

/** Hosts whose reading lacks something that can be asked for now. Pure. */
export function unanswered(
  {primary, standby}: {primary: HostFacts; standby: HostFacts},
  pair: Pair,
): HostName[] {
  const hosts: HostName[] = [];
  const workspace = primaryWorkspacePath(primary);
  const {users} = requestFor('primary', pair, '', {primary, standby});
  if (
    (workspace !== undefined && !primary.checkouts[workspace]) ||
    users.some((user) => primary.users[user] === undefined)
  ) {
    hosts.push('primary');
  }
  const {probe} = requestFor('standby', pair, '', {primary, standby});
  if (typeof probe === 'object' && standby.probe?.target !== `${probe.address} ${probe.port}`)
    hosts.push('standby');
  return hosts;
}
