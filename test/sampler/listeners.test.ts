import {readFileSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import {once} from 'node:events';
import {describe, expect, it} from 'vitest';
import {onlyOf} from '../../src/sampler/program/listeners.js';

/** As the kernel prints them: address and port, state, uid. */
const table = (...rows: [local: string, state: string, uid: number][]) =>
  [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    ...rows.map(
      ([local, state, uid], index) =>
        `   ${index}: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 1576 1 0000000080c62487 100 0 0 10 0`,
    ),
    '',
  ].join('\n');

const any4 = '00000000:4965';
const loopback4 = '0100007F:4965';
const tailnet4 = '09004064:4965';
const zeros = '0'.repeat(32);
const any6 = `${zeros}:4965`;
const loopback6 = '00000000000000000000000001000000:4965';
const mapped6 = '0000000000000000FFFF00000100007F:4965';
const own6 = 'B80D0120000000000000000001000000:4965';
const own = 1000;

describe('whether only the gateway may be at an address', () => {
  it.each<[string, string, string, string, boolean]>([
    ['its own on loopback', '127.0.0.1', table([loopback4, '0A', own]), '', true],
    ['its own on all addresses', '127.0.0.1', table([any4, '0A', own]), '', true],
    ['its own on all addresses, of IPv6 too', '127.0.0.1', '', table([any6, '0A', own]), true],
    ['its own on IPv4 in IPv6', '127.0.0.1', '', table([mapped6, '0A', own]), true],
    ['its own elsewhere', '100.64.0.9', table([tailnet4, '0A', own]), '', true],
    ['its own on loopback of IPv6', '::1', '', table([loopback6, '0A', own]), true],
    ['its own on an address of IPv6', '2001:db8::1', '', table([own6, '0A', own]), true],
    ['its own on all addresses of IPv6', '2001:0db8::1', '', table([any6, '0A', own]), true],
    ['nobody', '127.0.0.1', table(), table(), false],
    ['no table at all', '127.0.0.1', '', '', false],
    ['somebody else', '127.0.0.1', table([loopback4, '0A', 1001]), '', false],
    ['root', '127.0.0.1', table([loopback4, '0A', 0]), '', false],
    [
      'somebody else before its own on all addresses',
      '127.0.0.1',
      table([any4, '0A', own], [loopback4, '0A', 1001]),
      '',
      false,
    ],
    [
      'somebody else on all addresses of IPv6',
      '127.0.0.1',
      table([loopback4, '0A', own]),
      table([any6, '0A', 1001]),
      false,
    ],
    [
      'somebody else, its own being elsewhere',
      '127.0.0.1',
      table([tailnet4, '0A', own], [loopback4, '0A', 1001]),
      '',
      false,
    ],
    [
      'its own, somebody else being elsewhere',
      '100.64.0.9',
      table([tailnet4, '0A', own], [loopback4, '0A', 1001]),
      '',
      true,
    ],
    ['its own at another port', '127.0.0.1', table(['0100007F:4966', '0A', own]), '', false],
    ['a connection, not a listener', '127.0.0.1', table([loopback4, '01', own]), '', false],
    ['IPv4 everywhere, where IPv6 is asked', '::1', table([any4, '0A', own]), '', false],
    ['no address', 'localhost', table([loopback4, '0A', own]), '', false],
    ['garbage', '127.0.0.1', 'x y z\n0100007F:4965 0A\n', ': : : : :', false],
  ])('%s', (_name, address, tcp, tcp6, expected) => {
    expect(onlyOf(own, address, 0x4965, {tcp, tcp6})).toBe(expected);
  });

  it.runIf(process.platform === 'linux')('reads what the kernel of this machine says', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address() as AddressInfo;
    const read = () => ({tcp: readFileSync('/proc/net/tcp', 'utf8'), tcp6: ''});
    const uid = process.getuid!();
    expect(onlyOf(uid, '127.0.0.1', port, read())).toBe(true);
    expect(onlyOf(uid + 1, '127.0.0.1', port, read())).toBe(false);
    server.close();
    await once(server, 'close');
    expect(onlyOf(uid, '127.0.0.1', port, read())).toBe(false);
  });
});
