/** Listening sockets of a host, or of a container, as the kernel has them. */
export interface Listening {
  /** Text of /proc/net/tcp and /proc/net/tcp6; empty where there is none. */
  tcp: string;
  tcp6: string;
}

const listens = '0A';

/**
 * Whether a connection to the address and port can only come to a socket of this user. Who else is on the host can take
 * a free port on loopback, and would be given the token. Of several listeners (the address itself, all addresses) it is
 * not judged here which one the kernel takes: none of them may be anybody else's.
 */
export function onlyOf(uid: number, address: string, port: number, {tcp, tcp6}: Listening): boolean {
  const accepting = acceptingFor(address);
  const found = [...listenersOf(tcp), ...listenersOf(tcp6)].filter(
    (one) => one.port === port && accepting.has(one.address),
  );
  return found.length > 0 && found.every((one) => one.uid === uid);
}

/** Addresses whose listeners may take a connection to this one. */
function acceptingFor(address: string): Set<string> {
  if (address.includes(':')) return new Set([canonical(address), '[::]']);
  // A socket for IPv6 may take IPv4 as well.
  return new Set([
    canonical(address),
    '0.0.0.0',
    canonical(`::ffff:${address}`),
    canonical('::ffff:0.0.0.0'),
    '[::]',
  ]);
}

function listenersOf(table: string): {address: string; port: number; uid: number}[] {
  return table.split('\n').flatMap((line) => {
    // A busy host has thousands of connections, and this is done every few seconds.
    if (!line.includes(` ${listens} `)) return [];
    const [, local = '', , state, , , , uid] = line.trim().split(/\s+/);
    const [, address, port] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/.exec(local) ?? [];
    if (state !== listens || address === undefined || port === undefined) return [];
    return [{address: addressOf(address), port: Number.parseInt(port, 16), uid: Number(uid)}];
  });
}

/** The kernel writes words of four bytes as they are in memory: least first on all that OpenClaw runs on. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => word.match(/../g)!.toReversed());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return canonical((bytes.join('').match(/.{4}/g) ?? []).join(':'));
}

/** One way of writing an address; IPv6 in brackets. */
function canonical(address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return URL.parse(`http://${host}`)?.hostname ?? host;
}
