import {describe, expect, it} from 'vitest';
import {describeEndpoint, knownHostsName, parseTarget} from '../../src/ssh/target.js';

describe('the name of a host', () => {
  it.each([
    ['claw', {host: 'claw'}],
    ['root@203.0.113.10', {user: 'root', host: '203.0.113.10'}],
    ['ops@claw.example.org:2222', {user: 'ops', host: 'claw.example.org', port: 2222}],
    ['root@[2001:db8::1]', {user: 'root', host: '2001:db8::1'}],
    ['[2001:db8::1]:2222', {host: '2001:db8::1', port: 2222}],
    ['[fe80::1%eth0]:22', {host: 'fe80::1%eth0', port: 22}],
  ])('%s', (text, expected) => {
    expect(parseTarget(text)).toEqual({text, ...expected});
  });

  it.each([
    '',
    'root@',
    '-oProxyCommand=x',
    '-l@host',
    'root@-host',
    'a b',
    'host:0',
    'host:70000',
    '2001:db8::1',
    'a@b@c',
    'host:',
    'x/y',
  ])('refuses "%s" as a usage error', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({exit: 2}));
  });

  it('is written like OpenSSH writes it in known_hosts', () => {
    expect(knownHostsName('Claw.Example.org', 22)).toBe('claw.example.org');
    expect(knownHostsName('203.0.113.10', 2222)).toBe('[203.0.113.10]:2222');
    expect(knownHostsName('2001:db8::1', 22)).toBe('2001:db8::1');
  });

  it('is written with port and brackets only where needed', () => {
    expect(describeEndpoint({user: 'root', host: 'h', port: 22})).toBe('root@h');
    expect(describeEndpoint({user: 'root', host: '2001:db8::1', port: 2222})).toBe('root@[2001:db8::1]:2222');
  });
});
