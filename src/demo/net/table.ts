/**
 * The network of the rehearsal. Its hosts have addresses of their own, out of the blocks for documentation (RFC 5737) and
 * of 100.64.0.0/10, as a real pair would; each stands for one address of 127.0.0.0/8 on this machine, which every Linux
 * lets everybody use. Ports stay, but for those below 1024, which take privileges, and the one of a gateway: whoever looks
 * for a gateway of this machine in the tables of its kernel is to find none of the rehearsal's.
 */
export type Place = 'operator' | 'hub' | 'primary' | 'standby';

/** What one process of the rehearsal knows of it; as JSON in the environment of programs of the hosts. */
export interface Network {
  /** The two middle numbers of this rehearsal's addresses: 127.A.B.x; so that several can be under way. */
  a: number;
  b: number;
  /** Whose network this process sees. */
  at: Place;
  /** A folder; a file `down.PLACE` there: that host is not there, and nothing comes back from it. `cut`: no private network. */
  state: string;
}

export const addresses = {
  hub: '198.51.100.2',
  primary: {public: '203.0.113.10', private: '100.64.0.11'},
  standby: {public: '203.0.113.20', private: '100.64.0.12'},
} as const;

/** Last numbers of the real addresses. */
const rows: readonly {address: string; place: Place; last: number}[] = [
  {address: addresses.hub, place: 'hub', last: 2},
  {address: addresses.primary.public, place: 'primary', last: 10},
  {address: addresses.primary.private, place: 'primary', last: 11},
  {address: addresses.standby.public, place: 'standby', last: 20},
  {address: addresses.standby.private, place: 'standby', last: 12},
];
const ownLoopback: Readonly<Record<Place, number>> = {operator: 0, hub: 102, primary: 111, standby: 112};

const loopback = new Set(['127.0.0.1', 'localhost', '::1', '']);
const privileged = 1024;
const gatewayPort = 18_789;
const shift = 20_000;
const isMoved = (port: number) => (port > 0 && port < privileged) || port === gatewayPort;

export interface Spot {
  address: string;
  port: number;
}

/** Where a spot of the rehearsal really is; undefined: it is none of the rehearsal's. */
export function toReal({a, b, at}: Network, {address, port}: Spot): Spot | undefined {
  const row = rows.find((one) => one.address === address);
  const last = row?.last ?? (loopback.has(address) && at !== 'operator' ? ownLoopback[at] : undefined);
  if (last === undefined) return undefined;
  return {address: `127.${a}.${b}.${last}`, port: isMoved(port) ? port + shift : port};
}

/** The address of the rehearsal that a real one stands for; others stay as they are. */
export function toVirtual({a, b}: Pick<Network, 'a' | 'b'>, address: string): string {
  const match = /^(?:::ffff:)?127\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (!match || Number(match[1]) !== a || Number(match[2]) !== b) return address;
  const last = Number(match[3]);
  if (Object.values(ownLoopback).includes(last)) return '127.0.0.1';
  return rows.find((row) => row.last === last)?.address ?? address;
}

/** The port of the rehearsal that a real one stands for. */
export const virtualPort = (port: number): number => (isMoved(port - shift) ? port - shift : port);

/** Who has an address; undefined: nobody of the rehearsal. */
export const placeOf = (address: string): Place | undefined =>
  rows.find((row) => row.address === address)?.place;

/** The address of its own that a host is seen with by whoever has that one. */
export function sourceFor(at: Place, to: string): string | undefined {
  if (at !== 'primary' && at !== 'standby') return undefined;
  const private_ = to === addresses.primary.private || to === addresses.standby.private;
  return private_ ? addresses[at].private : addresses[at].public;
}

export const isPrivateSpot = (address: string): boolean =>
  address === addresses.primary.private || address === addresses.standby.private;
