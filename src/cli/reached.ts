import {lookup} from 'node:dns/promises';
import type {Reached} from '../phases/phase.js';
import type {PinStore} from '../ssh/pins.js';
import type {SshHost} from '../ssh/ssh-host.js';

/** How this machine reaches a connected host, in words that another machine can use. */
export async function reachedOf(
  host: Pick<SshHost, 'endpoint' | 'keyName' | 'direct'>,
  pins: Pick<PinStore, 'get'>,
): Promise<Reached> {
  const {endpoint, keyName, direct} = host;
  const found = direct ? await lookup(endpoint.host, {all: true}).catch(() => []) : [];
  const addresses = found
    .toSorted((a, b) => a.family - b.family || (a.address < b.address ? -1 : 1))
    .map(({address}) => address);
  const hostKeys = pins.get(keyName).map(({type, blob}) => `${type} ${blob.toString('base64')}`);
  return {addresses: [...new Set(addresses)], port: endpoint.port, hostKeys};
}
