import {describe, expect, it} from 'vitest';
import {isCarrierGrade, isPrivate, privateAddress, sharedAddresses} from '../../src/phases/network.js';
import {bareStandby, planInputOf, runningPrimary} from './facts.js';

const address = (name: string, text: string, prefix = 24) => ({
  name,
  address: text,
  family: text.includes(':') ? (6 as const) : (4 as const),
  prefix,
});
const found = (mine: ReturnType<typeof address>[], theirs: ReturnType<typeof address>[]) =>
  sharedAddresses(runningPrimary({addresses: mine}), bareStandby({addresses: theirs})).map(
    (one) => one.address,
  );

describe('address ranges', () => {
  it.each([
    ['100.64.0.1', true],
    ['100.127.255.254', true],
    ['100.128.0.1', false],
    ['100.63.0.1', false],
    ['10.0.0.1', false],
  ])('%s carrier grade: %s', (text, expected) => expect(isCarrierGrade(text)).toBe(expected));
  it.each([
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['203.0.113.1', false],
    ['fd00::1', true],
    ['2001:db8::1', false],
  ])('%s private: %s', (text, expected) => expect(isPrivate(text)).toBe(expected));
});

describe('the private network of a pair', () => {
  it('prefers the overlay to a shared subnet', () => {
    expect(
      found(
        [address('eth1', '10.0.0.5'), address('tailscale0', '100.64.0.5', 32)],
        [address('eth1', '10.0.0.6'), address('tailscale0', '100.64.0.6', 32)],
      ),
    ).toEqual(['100.64.0.5', '10.0.0.5']);
  });
  it('takes a subnet that both are in', () => {
    expect(found([address('ens10', '10.0.0.5')], [address('ens10', '10.0.0.6')])).toEqual(['10.0.0.5']);
  });
  it('does not take two private networks for one', () => {
    expect(found([address('ens10', '10.0.0.5')], [address('ens10', '10.0.1.6')])).toEqual([]);
  });
  it('never takes a container bridge, which has the same address on every host', () => {
    expect(found([address('docker0', '172.17.0.1', 16)], [address('docker0', '172.17.0.1', 16)])).toEqual([]);
  });
  it('prefers a tunnel among shared subnets', () => {
    expect(
      found(
        [address('eth0', '192.168.1.5'), address('wg0', '10.9.0.1')],
        [address('eth0', '192.168.1.6'), address('wg0', '10.9.0.2')],
      ),
    ).toEqual(['10.9.0.1', '192.168.1.5']);
  });
  it('believes the answers only when the primary has that address', () => {
    const {primary, standby, pair} = planInputOf({
      answers: {primary: {ssh: 'root@a', address: '100.64.0.99'}},
    });
    expect(privateAddress(primary, standby, pair)).toEqual({
      known: false,
      reason: 'primary.address 100.64.0.99 is not on any interface of the primary',
    });
  });
});
