import {expect, test} from 'vitest';
import {foundParts, privateAddress, targetWords} from '../../src/screens/found.js';
import {hostFacts} from './facts.js';

test('the primary is told by what runs on it, the standby by its room', () => {
  expect(foundParts(hostFacts('primary'))).toEqual([
    'Debian 12',
    'OpenClaw 2026.9.6',
    'gateway up 12 d',
    'user unit',
    '100.64.0.11',
  ]);
  expect(foundParts(hostFacts('standby'))).toEqual([
    'Debian 12',
    '2 cores · 2.0 GB · 38 GB free',
    '100.64.0.12',
  ]);
});

test('what is not known says why', () => {
  const parts = foundParts(
    hostFacts('primary', {
      gateway: {known: false, reason: 'ps is not there\u001B[2J'},
      openclaw: {known: true, value: null},
    }),
  );
  expect(parts).toContain('gateway unknown: ps is not there');
  expect(parts).toContain('no OpenClaw');
});

test.each([
  ['Tailscale’s own address first', {}, '100.64.0.11'],
  [
    'an address of Tailscale’s range without Tailscale',
    {tailscale: {known: false as const, reason: 'no'}},
    '100.64.0.11',
  ],
  [
    'else a private one',
    {
      tailscale: {known: false as const, reason: 'no'},
      addresses: [
        {name: 'eth0', address: '203.0.113.1', family: 4 as const, prefix: 24},
        {name: 'wg0', address: '10.8.0.2', family: 4 as const, prefix: 24},
      ],
    },
    '10.8.0.2',
  ],
  ['none', {tailscale: {known: false as const, reason: 'no'}, addresses: []}, undefined],
])('private address: %s', (_, differing, address) => {
  expect(privateAddress(hostFacts('primary', differing))).toBe(address);
});

test('a host goes by the operator’s name for it, else by its own', () => {
  expect(targetWords(hostFacts('primary'), 'root@203.0.113.10')).toBe('root@203.0.113.10');
  expect(targetWords(hostFacts('primary'), undefined)).toBe('root@claw-main');
});
