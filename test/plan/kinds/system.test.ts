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
