import {pairFiles, type Folders} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import {compare, type Comparison} from '../plan/compare.js';
import type {Reading} from '../plan/read.js';
import {planInput} from '../plan/setup.js';
import type {HostName} from '../ssh/host.js';
import {pinStore} from '../ssh/pins.js';
import type {SshHost} from '../ssh/ssh-host.js';
import type {Programs} from '../templates/programs.js';
import {operatorKey} from './operator-key.js';
import {reachedOf} from './reached.js';

export interface Compared {
  pair: Pair;
  hosts: Readonly<Record<HostName, SshHost>>;
  programs: Programs;
  version: string;
  where: Folders;
}

/**
 * What `setup` would change, from here, by a reading of both hosts. Secrets are not at hand: those on the standby count
 * as they are.
 * @throws Abort (exit 2) when the pair names a key of the operator that is none
 */
export async function compared(
  {pair, hosts, programs, version, where}: Compared,
  reading: Reading,
): Promise<Comparison> {
  const pins = pinStore(pairFiles(pair.name, where).knownHosts);
  const [primary, standby, key] = await Promise.all([
    reachedOf(hosts.primary, pins),
    reachedOf(hosts.standby, pins),
    operatorKey(pair, hosts.standby.publicKey),
  ]);
  const reached = {primary, standby};
  const around = {pair, secrets: {}, programs, version, reached};
  return compare(planInput({...around, ...(key !== undefined && {operatorKey: key})}, reading));
}
