import {describe, expect, it} from 'vitest';
import {
  addresses,
  placeOf,
  sourceFor,
  toReal,
  toVirtual,
  virtualPort,
  type Network,
} from '../../../src/demo/net/table.js';

const seenFrom = (at: Network['at']): Network => ({a: 7, b: 9, at, state: '/nowhere'});

describe('an address of the rehearsal', () => {
  it.each([
    ['operator', addresses.primary.public, 22, '127.7.9.10', 20_022],
    ['standby', addresses.primary.private, 18_789, '127.7.9.11', 38_789],
    ['primary', addresses.hub, 6667, '127.7.9.2', 6667],
    ['hub', addresses.standby.public, 80, '127.7.9.20', 20_080],
    // Its own loopback is another one for each host.
    ['primary', '127.0.0.1', 18_789, '127.7.9.111', 38_789],
    ['standby', 'localhost', 18_789, '127.7.9.112', 38_789],
    ['standby', '', 0, '127.7.9.112', 0],
  ] as const)('from the %s, %s:%i is %s:%i of this machine', (at, address, port, real, realPort) => {
    expect(toReal(seenFrom(at), {address, port})).toEqual({address: real, port: realPort});
  });

  it.each([
    ['operator', '127.0.0.1'],
    ['operator', '192.0.2.1'],
    ['standby', 'example.org'],
  ] as const)('from the %s, %s is none', (at, address) => {
    expect(toReal(seenFrom(at), {address, port: 22})).toBeUndefined();
  });

  it('comes back as it was, and no other does', () => {
    const {a, b} = seenFrom('standby');
    for (const address of [
      addresses.hub,
      ...Object.values(addresses.primary),
      ...Object.values(addresses.standby),
    ]) {
      const real = toReal(seenFrom('standby'), {address, port: 22})!;
      expect(toVirtual({a, b}, real.address)).toBe(address);
      expect(toVirtual({a, b}, `::ffff:${real.address}`)).toBe(address);
      expect(virtualPort(real.port)).toBe(22);
    }
    expect(toVirtual({a, b}, '127.7.9.111')).toBe('127.0.0.1');
    for (const other of ['127.0.0.1', '127.7.8.11', '192.0.2.1', '::1'])
      expect(toVirtual({a, b}, other)).toBe(other);
    expect([virtualPort(38_789), virtualPort(6667)]).toEqual([18_789, 6667]);
  });

  it('is asked from the address of the same network', () => {
    expect(sourceFor('standby', addresses.primary.private)).toBe(addresses.standby.private);
    expect(sourceFor('standby', addresses.primary.public)).toBe(addresses.standby.public);
    expect(sourceFor('operator', addresses.primary.public)).toBeUndefined();
    expect([placeOf(addresses.standby.private), placeOf('192.0.2.1')]).toEqual(['standby', undefined]);
  });
});
