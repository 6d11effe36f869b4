import {describe, expect, it} from 'vitest';
import {changedKey, judgeHostKey, offerOrder, unconfirmedKey} from '../../src/ssh/host-key.js';
import type {Expected} from '../../src/ssh/host-key.js';
import {fingerprint} from '../../src/ssh/known-hosts.js';
import type {HostKey, KnownKey} from '../../src/ssh/known-hosts.js';
import {newKey} from './server.js';

const make = (type: 'ed25519' | 'ecdsa' | 'rsa'): HostKey => {
  const {parsed} = newKey(type);
  return {type: parsed.type, blob: parsed.getPublicSSH()};
};
const at = (key: HostKey, file = 'known_hosts', marker?: KnownKey['marker']): KnownKey => ({
  ...key,
  file,
  line: 3,
  ...(marker === undefined ? {} : {marker}),
});
const [seen, other, ecdsa, rsa] = [make('ed25519'), make('ed25519'), make('ecdsa'), make('rsa')];
const nothing: Expected = {pinned: [], known: []};

describe('a host key that is shown', () => {
  const rows: [string, Expected, object][] = [
    ['is new where nothing is known', nothing, {kind: 'new'}],
    [
      'is the one pinned by the answers',
      {...nothing, pin: fingerprint(seen.blob)},
      {kind: 'same', by: 'answers'},
    ],
    [
      'is the one pinned with padding',
      {...nothing, pin: `${fingerprint(seen.blob)}=`},
      {kind: 'same', by: 'answers'},
    ],
    [
      'is not the one pinned by the answers',
      {...nothing, pin: fingerprint(other.blob)},
      {kind: 'changed', by: 'answers'},
    ],
    [
      'differs from the answers although known_hosts has it',
      {pinned: [], known: [at(seen)], pin: fingerprint(other.blob)},
      {kind: 'changed', by: 'answers'},
    ],
    [
      'is the one of the answers although another was pinned',
      {pinned: [at(other)], known: [], pin: fingerprint(seen.blob)},
      {kind: 'same', by: 'answers'},
    ],
    ['is pinned by the pair', {pinned: [at(ecdsa), at(seen)], known: []}, {kind: 'same', by: 'pair'}],
    ['differs from the pair', {pinned: [at(other)], known: [at(seen)]}, {kind: 'changed', by: 'pair'}],
    ['differs from the pair by its type', {pinned: [at(rsa)], known: []}, {kind: 'changed', by: 'pair'}],
    ['is in known_hosts', {pinned: [], known: [at(other), at(seen)]}, {kind: 'same', by: 'known_hosts'}],
    ['differs from known_hosts', {pinned: [], known: [at(other)]}, {kind: 'changed', by: 'known_hosts'}],
    [
      'is of a type that known_hosts does not have',
      {pinned: [], known: [at(ecdsa)]},
      {kind: 'new', note: expect.stringContaining('ecdsa-sha2-nistp256')},
    ],
    [
      'is revoked, whoever else trusts it',
      {
        pinned: [at(seen)],
        known: [at(seen), at(seen, 'known_hosts', 'revoked')],
        pin: fingerprint(seen.blob),
      },
      {kind: 'revoked', where: 'known_hosts:3'},
    ],
    ['is new where another one is revoked', {pinned: [], known: [at(other, 'f', 'revoked')]}, {kind: 'new'}],
    [
      'is new where only a certificate authority is known',
      {pinned: [], known: [at(seen, 'f', 'cert-authority')]},
      {kind: 'new', note: expect.stringContaining('certificate')},
    ],
  ];
  it.each(rows)('%s', (_, expected, verdict) => {
    expect(judgeHostKey(seen, expected)).toMatchObject(verdict);
  });

  it('tells both fingerprints, where the old one stands, and what to check', () => {
    const verdict = judgeHostKey(seen, {pinned: [at(other, '/p/pins')], known: []});
    const abort = changedKey(seen, verdict as never, {who: 'the primary (root@h)', name: '[h]:2222'});
    expect(abort).toMatchObject({message: 'The host key of the primary (root@h) has changed.', exit: 4});
    expect(abort.detail).toContain(`${fingerprint(other.blob)} (ssh-ed25519), /p/pins:3`);
    expect(abort.detail).toContain(`${fingerprint(seen.blob)} (ssh-ed25519)`);
    expect(abort.next[0]).toContain("failover-wizard keys forget '[h]:2222'");
  });

  it('names the known_hosts file to repair', () => {
    const verdict = judgeHostKey(seen, {pinned: [], known: [at(other, '/home/me/.ssh/known_hosts')]});
    const abort = changedKey(seen, verdict as never, {who: 'the primary', name: 'claw'});
    expect(abort.next[0]).toContain("ssh-keygen -R 'claw' -f '/home/me/.ssh/known_hosts'");
  });

  it('is refused without input, with the fingerprint to put into the answers', () => {
    const abort = unconfirmedKey(seen, false, {who: 'the standby (root@h)', name: 'h'});
    expect(abort.message).toMatch(/^The standby \(root@h\) is not known yet/);
    expect(abort.next.join('\n')).toContain(`"hostKey": "${fingerprint(seen.blob)}"`);
  });
});

describe('the host key algorithms that are offered', () => {
  const first = (expected: Expected, without: string[] = []): string | undefined =>
    offerOrder(expected, new Set(without))[0];

  it.each<[string, Expected, string[], string]>([
    ['ed25519 where nothing is known', nothing, [], 'ssh-ed25519'],
    ['the pinned type first', {pinned: [at(rsa)], known: [at(ecdsa)]}, [], 'rsa-sha2-512'],
    ['the known type first', {pinned: [], known: [at(ecdsa)]}, [], 'ecdsa-sha2-nistp256'],
    [
      'the type whose fingerprint is pinned',
      {pinned: [], known: [at(seen), at(rsa)], pin: fingerprint(rsa.blob)},
      [],
      'rsa-sha2-512',
    ],
    ['not a type that was tried', nothing, ['ssh-ed25519'], 'ecdsa-sha2-nistp256'],
    ['not a type that is only revoked', {pinned: [], known: [at(rsa, 'f', 'revoked')]}, [], 'ssh-ed25519'],
  ])('have %s', (_, expected, without, algorithm) => {
    expect(first(expected, without)).toBe(algorithm);
  });

  it('never include SHA-1', () => {
    expect(offerOrder({pinned: [at(rsa)], known: []}, new Set())).not.toContain('ssh-rsa');
  });
});
