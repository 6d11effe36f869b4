import {isIPv4, isIPv6} from 'node:net';

/**
 * An address and a port as /proc/net/tcp and tcp6 spell them: upper-case hex, each word of 32 bits in the byte order
 * of the processor (little-endian on x86-64 and ARM64, the only ones that pairs run on), the port as a number.
 * @throws TypeError for what is no IP address
 */
export function kernelAddress(address: string): string {
  if (isIPv4(address)) return reversed(address.split('.').map(Number));
  if (!isIPv6(address)) throw new TypeError(`${address} is no IP address.`);
  const bytes = bytesOf(address);
  return [0, 4, 8, 12].map((at) => reversed(bytes.slice(at, at + 4))).join('');
}

export const kernelPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

const reversed = (bytes: readonly number[]) =>
  bytes
    .toReversed()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');

function bytesOf(address: string): number[] {
  // As a URL has it: compressed, without dotted parts.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string | undefined) =>
    text ? text.split(':').map((group) => parseInt(group, 16)) : [];
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({length: 8 - before.length - after.length}, () => 0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}
