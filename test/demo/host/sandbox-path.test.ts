import {expect, test} from 'vitest';
import {mapEnvironment, mapPath} from '../../../src/demo/host/sandbox-path.js';

const sandbox = {
  root: '/tmp/r/primary',
  scripts: '/tmp/r/primary.scripts',
  real: ['/tmp/r', '/home/you/failover-wizard', '/usr/local/node/bin'],
};

test.each([
  ['/etc/passwd', '/tmp/r/primary/etc/passwd'],
  ['/etc', '/tmp/r/primary/etc'],
  ['/home/openclaw/.openclaw/.env', '/tmp/r/primary/home/openclaw/.openclaw/.env'],
  ['/tmp/x', '/tmp/r/primary/tmp/x'],
  ['/var/lib/x', '/tmp/r/primary/var/lib/x'],
  ['/run/lock', '/tmp/r/primary/run/lock'],
  ['/proc/mounts', '/tmp/r/primary/proc/mounts'],
  ['/proc/net/tcp', '/tmp/r/primary/proc/net/tcp'],
  ['/proc/self/net/tcp', '/tmp/r/primary/proc/net/tcp'],
  ['/proc/sys/kernel/random/boot_id', '/tmp/r/primary/proc/sys/kernel/random/boot_id'],
])('%s of a host is %s', (path, real) => expect(mapPath(path, sandbox)).toBe(real));

test.each([
  '/proc/self/stat',
  '/proc/4711/environ',
  '/proc/meminfo',
  '/proc/network',
  '/dev/null',
  '/etcetera',
  '/',
  'etc/passwd',
  './etc',
  '',
  '/tmp/r/primary/etc/passwd',
  '/tmp/r/primary.scripts/usr/local/bin/x',
  '/tmp/r',
  '/home/you/failover-wizard',
  '/home/you/failover-wizard/dist/demo/host/curl.js',
  '/usr/local/node/bin/node',
])('%s stays', (path) => expect(mapPath(path, sandbox)).toBe(path));

test('what only begins like a folder of the program is the host’s', () => {
  expect(mapPath('/home/you/failover-wizard-2/x', sandbox)).toBe(
    '/tmp/r/primary/home/you/failover-wizard-2/x',
  );
  expect(mapPath('/usr/local/node/binary', sandbox)).toBe('/tmp/r/primary/usr/local/node/binary');
});

test('the environment has the host’s home and folders of programs, and the copies of its scripts', () => {
  const env = {
    HOME: '/root',
    TMPDIR: '/tmp',
    XDG_RUNTIME_DIR: '/run/user/1000',
    PATH: '/usr/local/bin:/usr/bin:/tmp/r/primary/bin:relative',
    OTHER: '/etc/stays',
    GONE: undefined,
  };
  const before = {...env};
  expect(mapEnvironment(env, sandbox)).toEqual({
    HOME: '/tmp/r/primary/root',
    TMPDIR: '/tmp/r/primary/tmp',
    XDG_RUNTIME_DIR: '/tmp/r/primary/run/user/1000',
    PATH: '/tmp/r/primary.scripts/usr/local/bin:/tmp/r/primary/usr/bin:/tmp/r/primary/bin:relative',
    OTHER: '/etc/stays',
    GONE: undefined,
  });
  expect(env).toEqual(before);
  expect(mapEnvironment({}, sandbox)).toEqual({});
});
