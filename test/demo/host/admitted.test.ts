import {describe, expect, it} from 'vitest';
import {admitted} from '../../../src/demo/host/ssh-server.js';
import {mapEnvironment, mapPath} from '../../../src/demo/host/sandbox-path.js';
import {unable} from '../../../src/demo/able.js';

const key = 'ssh-ed25519 AAAAkey';

describe('a line of authorized_keys', () => {
  it.each([
    [`${key} me@laptop`, {}],
    [`# ${key}`, undefined],
    ['ssh-ed25519 AAAAother me', undefined],
    [
      `restrict,from="100.64.0.12,203.0.113.20",command="/usr/local/lib/x/report" ${key} ours`,
      {command: '/usr/local/lib/x/report'},
    ],
    [`from="100.64.0.99" ${key}`, undefined],
    [`from="100.64.0.99" ${key}\n${key}`, {}],
  ])('%s', (text, door) => expect(admitted(text, key, '100.64.0.12')).toEqual(door));
});

describe('files of a program in Node', () => {
  const sandbox = {root: '/tmp/r/one', scripts: '/tmp/r/one.scripts', real: ['/opt/program', '/tmp/r']};
  it.each([
    ['/etc/passwd', '/tmp/r/one/etc/passwd'],
    ['/opt/openclaw-failover/x', '/tmp/r/one/opt/openclaw-failover/x'],
    ['/opt/program/dist/x.js', '/opt/program/dist/x.js'],
    ['/opt/programme', '/tmp/r/one/opt/programme'],
    ['/tmp/r/network/cut', '/tmp/r/network/cut'],
    ['/proc/self/net/route', '/tmp/r/one/proc/net/route'],
    ['/proc/net/tcp', '/tmp/r/one/proc/net/tcp'],
    ['/proc/uptime', '/proc/uptime'],
    ['relative/etc', 'relative/etc'],
  ])('%s', (path, real) => expect(mapPath(path, sandbox)).toBe(real));

  it('and its home and PATH', () => {
    expect(
      mapEnvironment({HOME: '/home/openclaw', PATH: '/usr/local/bin:/usr/bin', X: '/etc'}, sandbox),
    ).toEqual({
      HOME: '/tmp/r/one/home/openclaw',
      PATH: '/tmp/r/one.scripts/usr/local/bin:/tmp/r/one/usr/bin',
      X: '/etc',
    });
  });
});

describe('a machine', () => {
  it('says why it can have no embedded pair', () => {
    expect(unable('linux', () => [])).toBeUndefined();
    expect(unable('darwin', () => [])).toContain('macOS');
    expect(unable('win32', () => [])).toContain('Linux');
    expect(unable('linux', () => ['flock', 'git'])).toBe(
      'This machine lacks flock, git (Debian: apt-get install git openssh-client).',
    );
  });
});
