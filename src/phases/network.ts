import type {HostFacts, Known} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';

type Address = HostFacts['addresses'][number];

/** Interfaces of container engines and virtual bridges: an address there is not one that the other host reaches. */
const inner = /^(?:lo|docker|br-|veth|virbr|lxc|lxd|podman|cni)/;

/** 100.64.0.0/10, RFC 6598: what Tailscale hands out. */
export function isCarrierGrade(address: string): boolean {
  const [a, b] = address.split('.').map(Number);
  return a === 100 && b !== undefined && b >= 64 && b <= 127;
}

/** RFC 1918 and RFC 4193. */
export function isPrivate(address: string): boolean {
  if (address.includes(':')) return /^f[cd]/i.test(address);
  const [a, b = 0] = address.split('.').map(Number);
  return a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

function toBits(address: string): bigint | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

export function sameNetwork(one: Address, other: Address): boolean {
  if (one.family !== 4 || other.family !== 4)
    return one.family === other.family && one.address.slice(0, 14) === other.address.slice(0, 14);
  const [a, b] = [toBits(one.address), toBits(other.address)];
  const shift = BigInt(32 - Math.min(one.prefix, other.prefix));
  return a !== undefined && b !== undefined && a >> shift === b >> shift;
}

/** Every address under which a host may show itself to a server elsewhere. */
export function outerAddresses(host: HostFacts): string[] {
  return host.addresses
    .filter(({name, address}) => !inner.test(name) && !/^(?:fe80:|169\.254\.)/i.test(address))
    .map(({address}) => address);
}

/** Addresses of `host` that `peer` can be expected to reach over a private network, best first. */
export function sharedAddresses(host: HostFacts, peer: HostFacts): Address[] {
  const outer = (facts: HostFacts) => facts.addresses.filter(({name}) => !inner.test(name));
  const peers = outer(peer);
  const overlay = outer(host).filter(
    ({address, name}) =>
      isCarrierGrade(address) &&
      peers.some((other) => isCarrierGrade(other.address) && other.name.slice(0, 4) === name.slice(0, 4)),
  );
  const local = outer(host).filter(
    (mine) => isPrivate(mine.address) && peers.some((other) => sameNetwork(mine, other)),
  );
  const tunnel = (one: Address) => (/^(?:wg|tailscale|zt|nebula)/.test(one.name) ? 0 : 1);
  return [...overlay, ...local.toSorted((a, b) => tunnel(a) - tunnel(b))];
}

/**
 * The primary's address on the private network, as the standby should use it.
 * @returns the reason when there is none
 */
export function privateAddress(primary: HostFacts, standby: HostFacts, pair: Pair): Known<string> {
  const given = pair.primary.address;
  if (given !== undefined) {
    return primary.addresses.some(({address}) => address === given)
      ? {known: true, value: given}
      : {known: false, reason: `primary.address ${given} is not on any interface of the primary`};
  }
  const shared = sharedAddresses(primary, standby)[0];
  if (shared) return {known: true, value: shared.address};
  const tailscale = primary.tailscale.known ? primary.tailscale.value.ip4 : undefined;
  if (pair.network.kind === 'tailscale' && tailscale !== undefined) return {known: true, value: tailscale};
  return {known: false, reason: 'the two hosts share no private network yet'};
}

/** The standby's own address on the network it shares with the primary. */
export function standbyAddress(primary: HostFacts, standby: HostFacts, pair: Pair): Known<string> {
  const given = pair.standby.address;
  if (given !== undefined) return {known: true, value: given};
  const shared = sharedAddresses(standby, primary)[0];
  return shared
    ? {known: true, value: shared.address}
    : {known: false, reason: 'the two hosts share no private network yet'};
}
