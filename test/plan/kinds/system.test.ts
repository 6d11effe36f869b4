import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {authorizedKey, unit} from '../../../src/plan/kinds/system.js';
import {layout} from '../../../src/templates/layout.js';
import {contextOf, localHost, type LocalHost} from '../local-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-system-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describe('an authorized key', () => {
  const line = 'ssh-ed25519 AAAAC3Nza me';
  const change = {kind: 'authorized-key', id: 'x', host: 'standby', title: 'x', line} as const;
  const keys = () => readFileSync(join(folder, '.ssh/authorized_keys'), 'utf8');
  const authorize = () =>
    authorizedKey({...change, user: userInfo().username}, contextOf(localHost({HOME: folder})));
  it('is added once, in a folder of mode 0700', async () => {
    await authorize();
    await authorize();
    expect(keys()).toBe(`${line}\n`);
    expect(statSync(join(folder, '.ssh')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '.ssh/authorized_keys')).mode & 0o777).toBe(0o600);
  });
  it('stands on a line of its own behind one without an end', async () => {
    mkdirSync(join(folder, '.ssh'));
    writeFileSync(join(folder, '.ssh/authorized_keys'), 'ssh-ed25519 OTHER them');
    await authorize();
    expect(keys()).toBe(`ssh-ed25519 OTHER them\n${line}\n`);
  });
  it('is written by the user, not by root', async () => {
    const host = localHost({HOME: folder});
    await authorizedKey({...change, user: userInfo().username}, contextOf(host));
    expect(host.users).toEqual([userInfo().username]);
  });
});

describe('an authorized key of ours that is made on the other host', () => {
  const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'M'.repeat(43)}`;
  const comment = 'openclaw-failover default';
  const line = `restrict,from="100.64.0.12",command="/r" {key} ${comment}`;
  const change = {kind: 'authorized-key', id: 'x', host: 'primary', title: 'x', line, comment} as const;
  const file = () => join(folder, '.ssh/authorized_keys');
  const keys = () => readFileSync(file(), 'utf8');
  const publicHalf = () => join(folder, 'key.pub');
  const user = userInfo().username;
  const authorize = (more: {rootsFile?: string} = {}, host = localHost({HOME: folder})) =>
    authorizedKey({...change, ...more, user, keyOf: {host: 'standby', path: publicHalf()}}, contextOf(host));
  const whole = line.replace('{key}', key);
  beforeEach(() => writeFileSync(publicHalf(), `${key} made there\n`));
  const given = (text: string) => {
    mkdirSync(join(folder, '.ssh'));
    writeFileSync(file(), text);
  };

  it('is put into the line without the comment that it has there', async () => {
    await authorize();
    expect(keys()).toBe(`${whole}\n`);
  });
  it('takes the place of older ones with its comment, and of no other', async () => {
    const others =
      '# mine\n\nssh-ed25519 AAAA me\nssh-ed25519 BBBB openclaw-failover default2\nssh-ed25519 BBBB x-openclaw-failover default\n';
    given(
      `${others}ssh-ed25519 OLD openclaw-failover default\n${whole.replace('100.64.0.12', '10.0.0.1')}\n`,
    );
    await authorize();
    expect(keys()).toBe(`${others}${whole}\n`);
  });
  it('goes when an older one is left beside the right one', async () => {
    given(`${whole}\nssh-ed25519 OLD openclaw-failover default\n`);
    await authorize();
    expect(keys()).toBe(`${whole}\n`);
  });
  it('leaves a file that is right untouched', async () => {
    given(`${whole}\n# a comment\n`);
    const before = statSync(file()).ino;
    await authorize();
    expect(keys()).toBe(`${whole}\n# a comment\n`);
    expect(statSync(file()).ino).toBe(before);
  });
  it('in a folder of root’s is written by root, and readable by sshd as that user', async () => {
    const host = localHost({HOME: '/nonexistent'});
    await authorize({rootsFile: file()}, host);
    expect(keys()).toBe(`${whole}\n`);
    expect(host.users).toEqual([undefined]);
    expect(statSync(file()).mode & 0o777).toBe(0o644);
    expect(statSync(join(folder, '.ssh')).mode & 0o777).toBe(0o755);
  });
  it.each([
    ['nothing', undefined],
    ['a line break and a second key', `${key} x\nssh-ed25519 AAAA evil\n`],
    ['options before the key', `command="/bin/sh" ${key}\n`],
    ['another type', `ssh-rsa ${'A'.repeat(68)}\n`],
  ])('is refused when the other host has %s for it', async (_what, content) => {
    if (content === undefined) rmSync(publicHalf());
    else writeFileSync(publicHalf(), content);
    await expect(authorize()).rejects.toThrow('holds no public key');
    expect(existsSync(file())).toBe(false);
  });
});

describe('a unit', () => {
  const change = {kind: 'unit', id: 'x', host: 'standby', title: 'x', unit: 'x.service'} as const;
  const stamp = () => join(folder, 'etc/applied/x.service');
  /** Stands in for systemd; `restart` fails when `broken` lies there. The folder of notes is the test's. */
  function host(): LocalHost {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const log = join(folder, 'log');
    const text = `#!/bin/sh\necho "$*" >> ${log}\nif [ "$1" = restart ] && [ -e ${folder}/broken ]; then exit 1; fi\n`;
    for (const name of ['systemctl', 'journalctl']) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
    const local = localHost({PATH: `${bin}:${process.env.PATH}`});
    const {script} = local;
    local.script = ({label, text: wanted}, options) =>
      script({label, text: wanted.replaceAll(layout.etc, join(folder, 'etc'))}, options);
    return local;
  }
  const log = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');

  it('is noted with what it was started with, after it has started', async () => {
    await unit({...change, enabled: true, active: true, restart: true, applied: 'abc'}, contextOf(host()));
    expect(log()).toEqual([
      'daemon-reload',
      'enable -q x.service',
      'reset-failed x.service',
      'restart x.service',
    ]);
    expect(readFileSync(stamp(), 'utf8')).toBe('abc\n');
    expect(statSync(stamp()).mode & 0o777).toBe(0o644);
  });
  it('is not noted when it does not start', async () => {
    writeFileSync(join(folder, 'broken'), '');
    await expect(unit({...change, restart: true, applied: 'abc'}, contextOf(host()))).rejects.toThrow(
      'does not start',
    );
    expect(existsSync(stamp())).toBe(false);
  });
  it('is only read again when nothing else is asked for', async () => {
    await unit(change, contextOf(host()));
    expect(log()).toEqual(['daemon-reload']);
  });
});
