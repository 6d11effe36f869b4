import {readFile} from 'node:fs/promises';
import {BlockList} from 'node:net';

// What the kernel's tables under /proc/net say; netlink is not in the sandbox of the monitor.

const up = 1;
const viaGateway = 2;
const rejects = 0x200;

const words = (table: string) => table.split('\n').map((line) => line.trim().split(/\s+/));
/** A word of /proc/net/route: the address in the byte order of the host. */
const dotted = (hex: string) =>
  (hex.match(/../g) ?? [])
    .toReversed()
    .map((byte) => parseInt(byte, 16))
    .join('.');

/** The gateway of the default route with the lowest metric in /proc/net/route; dotted IPv4. */
export function defaultGateway(routes: string): string | undefined {
  return words(routes)
    .filter(
      ([, to, via, flags]) =>
        to === '00000000' && via && (parseInt(flags ?? '0', 16) & (up | viaGateway)) === (up | viaGateway),
    )
    .toSorted((a, b) => Number(a[6]) - Number(b[6]))
    .map(([, , via]) => dotted(via ?? ''))
    .at(0);
}

/** Whether /proc/net/arp has a complete entry for an address. */
export function isNeighbour(arp: string, address: string): boolean {
  const complete = 2;
  return words(arp).some(([ip, , flags]) => ip === address && (parseInt(flags ?? '0', 16) & complete) !== 0);
}

/** The networks this host is on itself, without a gateway in between: /proc/net/route and /proc/net/ipv6_route. */
export function ownNetworks(routes: string, routes6: string): BlockList {
  const networks = new BlockList();
  // In no table of these, and nearest of all.
  networks.addSubnet('127.0.0.0', 8, 'ipv4');
  networks.addAddress('::1', 'ipv6');
  for (const [, to = '', , flags = '', , , , mask = ''] of words(routes)) {
    const prefix = parseInt(mask, 16).toString(2).replaceAll('0', '').length;
    const direct = (parseInt(flags, 16) & (up | viaGateway)) === up;
    if (/^[\dA-F]{8}$/.test(to) && /^[\dA-F]{8}$/.test(mask) && direct && prefix > 0)
      networks.addSubnet(dotted(to), prefix, 'ipv4');
  }
  for (const [to = '', length = '', , , via = '', , , , flags = ''] of words(routes6)) {
    const prefix = parseInt(length, 16);
    const direct = (parseInt(flags, 16) & (up | viaGateway | rejects)) === up && /^0+$/.test(via);
    if (/^[\da-f]{32}$/.test(to) && direct && prefix > 0 && !to.startsWith('ff'))
      networks.addSubnet(to.match(/..../g)!.join(':'), prefix, 'ipv6');
  }
  return networks;
}

/** Those of this host, as they are now. */
export async function readOwnNetworks(): Promise<BlockList> {
  const [routes, routes6] = await Promise.all(
    ['route', 'ipv6_route'].map((name) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  );
  return ownNetworks(routes!, routes6!);
}
