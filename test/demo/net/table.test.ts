import {describe, expect, it, test} from 'vitest';
import {
  addresses,
  isPrivateSpot,
  placeOf,
  sourceFor,
  toReal,
  toVirtual,
  virtualPort,
  type Network,
  type Place,
} from '../../../src/demo/net/table.js';

const seenBy = (at: Place): Network => ({a: 7, b: 9, at, state: '/nowhere'});
const everyAddress = [
  addresses.hub,
  ...Object.values(addresses.primary),
  ...Object.values(addresses.standby),
];

describe('where a spot of the rehearsal really is', () => {
  test.each([
    [addresses.hub, '127.7.9.2'],
    [addresses.primary.public, '127.7.9.10'],
    [addresses.primary.private, '127.7.9.11'],
    [addresses.standby.public, '127.7.9.20'],
    [addresses.standby.private, '127.7.9.12'],
  ])('%s is %s for everybody', (address, real) => {
    for (const at of ['operator', 'hub', 'primary', 'standby'] as const)
      expect(toReal(seenBy(at), {address, port: 18_789})).toEqual({address: real, port: 38_789});
  });

  test.each([
    ['hub', '127.7.9.102'],
    ['primary', '127.7.9.111'],
    ['standby', '127.7.9.112'],
  ] as const)('the loopback of the %s is its own, %s', (at, real) => {
    for (const address of ['127.0.0.1', 'localhost', '::1', ''])
      expect(toReal(seenBy(at), {address, port: 5000})).toEqual({address: real, port: 5000});
  });

  it('leaves the operator’s loopback, and everybody else of the world, alone', () => {
    for (const address of [
      '127.0.0.1',
      'localhost',
      '::1',
      '',
      '192.0.2.7',
      'example.org',
      '127.7.9.10',
      '8.8.8.8',
    ])
      expect(toReal(seenBy('operator'), {address, port: 22})).toBeUndefined();
    for (const address of ['192.0.2.7', 'example.org', '0.0.0.0', '100.64.0.13'])
      expect(toReal(seenBy('standby'), {address, port: 22})).toBeUndefined();
  });

  test.each([
    [22, 20_022],
    [1, 20_001],
    [1023, 21_023],
    [1024, 1024],
    [6667, 6667],
    [0, 0],
  ])('port %i is really %i', (port, real) => {
    expect(toReal(seenBy('operator'), {address: addresses.hub, port})?.port).toBe(real);
    expect(virtualPort(real)).toBe(port);
  });

  it('leaves ports just outside of what it moved', () => {
    expect(virtualPort(20_000)).toBe(20_000);
    expect(virtualPort(21_024)).toBe(21_024);
  });

  it('gives no two spots the same place', () => {
    const real = everyAddress.map((address) => toReal(seenBy('hub'), {address, port: 1})?.address);
    const loopbacks = (['hub', 'primary', 'standby'] as const).map(
      (at) => toReal(seenBy(at), {address: '127.0.0.1', port: 1})?.address,
    );
    expect(new Set([...real, ...loopbacks]).size).toBe(everyAddress.length + 3);
  });
});

describe('what a real address stands for', () => {
  it('is the way back', () => {
    for (const address of everyAddress) {
      const real = toReal(seenBy('operator'), {address, port: 1})!.address;
      expect(toVirtual(seenBy('hub'), real)).toBe(address);
      expect(toVirtual(seenBy('hub'), `::ffff:${real}`)).toBe(address);
    }
  });

  it('is 127.0.0.1 for a host’s own loopback', () => {
    for (const last of [102, 111, 112]) expect(toVirtual(seenBy('hub'), `127.7.9.${last}`)).toBe('127.0.0.1');
  });

  test.each(['127.7.8.10', '127.8.9.10', '127.7.9.99', '10.7.9.10', '::1', '127.0.0.1', 'x127.7.9.10'])(
    '%s stays: it is none of this rehearsal',
    (address) => expect(toVirtual(seenBy('hub'), address)).toBe(address),
  );
});

test('who has an address', () => {
  expect(everyAddress.map(placeOf)).toEqual(['hub', 'primary', 'primary', 'standby', 'standby']);
  expect(placeOf('127.0.0.1')).toBeUndefined();
  expect(placeOf('192.0.2.1')).toBeUndefined();
});

test('a host is seen with the address of the network on which it goes out', () => {
  expect(sourceFor('standby', addresses.primary.private)).toBe(addresses.standby.private);
  expect(sourceFor('standby', addresses.primary.public)).toBe(addresses.standby.public);
  expect(sourceFor('primary', addresses.hub)).toBe(addresses.primary.public);
  expect(sourceFor('operator', addresses.primary.private)).toBeUndefined();
  expect(sourceFor('hub', addresses.primary.public)).toBeUndefined();
});

test('the private network is the two private addresses', () => {
  expect(everyAddress.filter(isPrivateSpot)).toEqual([addresses.primary.private, addresses.standby.private]);
});
