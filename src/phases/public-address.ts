import {isIPv4} from 'node:net';
import type {HostFacts} from '../facts/types.js';
import {isCarrierGrade, isPrivate, sameNetwork} from './network.js';
import type {Reached} from './phase.js';
import {sshPort} from './ssh-port.js';

export interface PublicAddress {
  address: string;
  /** Of its SSH server there. */
  port: number;
}

/**
 * An address of a host, other than its private one, at which the peer can be expected to meet it: where the operator's
 * machine meets it, else one of its interfaces. undefined where there is none.
 * @param family only addresses of this family
 */
export function publicAddress(
  host: HostFacts,
  reached: Reached,
  peer: HostFacts,
  besides: string,
  family?: 4 | 6,
): PublicAddress | undefined {
  const fits = (address: string) =>
    address !== besides && (family === undefined || (isIPv4(address) ? 4 : 6) === family);
  const own = host.addresses.filter(({address}) => fits(address) && !isLocal(address));
  const met = reached.addresses.filter((address) => fits(address) && !isLocal(address));
  const known = met.flatMap((address) => own.filter((one) => one.address === address));
  const shared = known.find(
    (one) => isGlobal(one.address) || peer.addresses.some((other) => sameNetwork(one, other)),
  );
  // Behind a translation of addresses no interface has it, and the peer can use it only when it is global.
  const there = shared?.address ?? met.find((address) => isGlobal(address));
  if (there !== undefined) return {address: there, port: reached.port};
  const global = own
    .filter(({address}) => isGlobal(address))
    .toSorted((a, b) => a.family - b.family)
    .at(0);
  return global && {address: global.address, port: sshPort(host)};
}

/** Loopback and link-local addresses: they mean another host on another host. */
const isLocal = (address: string) => /^(?:127\.|169\.254\.|0\.|::1?$|fe[89ab])/i.test(address);

/** Not private, not carrier-grade, not link-local; IPv6: 2000::/3. */
function isGlobal(address: string): boolean {
  if (address.includes(':')) return /^[23][0-9a-f]{0,3}:/i.test(address);
  return !isPrivate(address) && !isCarrierGrade(address) && !isLocal(address);
}
