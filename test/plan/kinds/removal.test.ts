import {
  chmodSync,
  existsSync,
  readdirSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {firewallOff, removePaths, removeUser, unitsOff} from '../../../src/plan/kinds/removal.js';
import {layout} from '../../../src/templates/layout.js';
import type {Host, HostName} from '../../../src/ssh/host.js';
import {localHost} from '../local-host.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'removal-'));
  mkdirSync(join(root, 'bin'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

/** A program in front of this machine's own. */
function program(name: string, ...lines: string[]): void {
  const path = join(root, 'bin', name);
  writeFileSync(path, ['#!/bin/sh', `echo "${name} $*" >>${root}/calls`, ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}
const calls = () =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : [];

/** This machine, with the folders of a host below a folder. */
function here(name: HostName = 'standby'): Host {
  const host = localHost({PATH: `${join(root, 'bin')}:${process.env.PATH}`});
  const below = (text: string) =>
    text.replaceAll(
      /(?<![\w/])\/(?:etc|usr\/local|opt|var|home|run)\/(?=openclaw|lib|mail|bin|cache|systemd)/g,
      (path) => root + path,
    );
  return {
    ...host,
    name,
    script: ({text, label}, options) => host.script({label, text: below(text)}, options),
  };
}
const say = () => {};

describe('units are stopped', () => {
  const change = {
    kind: 'units-off',
    id: 'x',
    host: 'standby',
    title: 't',
    units: ['a.service', 'b.timer'],
  } as const;
  it('each is disabled, stopped and forgotten, in order, and looked at afterwards', async () => {
    program('systemctl', 'case $1 in show) echo inactive ;; esac');
    await unitsOff({...change, units: [...change.units]}, {host: here(), say});
    expect(calls().slice(0, 6)).toEqual([
      'systemctl disable -q a.service',
      'systemctl stop a.service',
      'systemctl reset-failed a.service',
      'systemctl disable -q b.timer',
      'systemctl stop b.timer',
      'systemctl reset-failed b.timer',
    ]);
  });
  it('what was started meanwhile is stopped once more', async () => {
    program(
      'systemctl',
      `case "$1 $4$5" in "show "*) [ $(grep -c 'stop a.service' ${root}/calls) -ge 2 ] && echo inactive || echo active ;; esac`,
    );
    await unitsOff({...change, units: ['a.service']}, {host: here(), say});
    expect(calls().filter((call) => call === 'systemctl stop a.service')).toHaveLength(2);
  });
  it('what goes on running is named', async () => {
    program('systemctl', 'case $1 in show) echo active ;; esac');
    const ended = unitsOff({...change, units: ['a.service']}, {host: here(), say});
    await expect(ended).rejects.toMatchObject({
      message: expect.stringContaining('stop the units'),
      detail: expect.stringContaining('a.service'),
    });
  });
});

describe('paths are removed', () => {
  const change = (...paths: string[]) =>
    ({kind: 'remove-paths', id: 'x', host: 'standby', title: 't', paths}) as const;
  it.each([
    '/',
    '/etc',
    '/etc/passwd',
    '/home/openclaw',
    '/etc/openclaw-failover/../x',
    '',
    '/var/lib',
    '~',
    '/etc/openclaw-failover/x',
  ])('never %j', async (path) => {
    await expect(removePaths(change(path) as never, {host: here(), say})).rejects.toThrow(TypeError);
  });
  it("never the standby's on the primary", async () => {
    await expect(removePaths(change(layout.opt) as never, {host: here('primary'), say})).rejects.toThrow(
      TypeError,
    );
  });
  it('with a unit goes what an upgrade that was cut off left beside it', async () => {
    const folder = join(root, '/etc/systemd/system');
    mkdirSync(folder, {recursive: true});
    for (const end of ['', '.failover-next', '.failover-before', '.mine'])
      writeFileSync(join(folder, `openclaw.service${end}`), '');
    await removePaths(change('/etc/systemd/system/openclaw.service') as never, {host: here(), say});
    expect(readdirSync(folder)).toEqual(['openclaw.service.mine']);
  });
  it('a folder goes with all that is in it; what a link leads to stays', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    mkdirSync(join(root, layout.etc, 'proofs'), {recursive: true});
    symlinkSync(outside, join(root, layout.etc, 'link'));
    mkdirSync(join(root, '/opt'));
    symlinkSync(outside, join(root, layout.opt));
    await removePaths(change(layout.etc, layout.opt, layout.state) as never, {host: here(), say});
    expect(existsSync(join(root, layout.etc))).toBe(false);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    expect(existsSync(join(root, layout.opt))).toBe(false);
  });
});

describe('a user is removed', () => {
  const change = {
    kind: 'remove-user',
    id: 'x',
    host: 'standby',
    title: 't',
    user: 'openclaw',
    uid: 54_321,
    home: layout.home,
    removeHome: true,
  } as const;
  const entry = (uid: number, home: string) =>
    program('getent', `echo 'openclaw:x:${uid}:${uid}::${home}:/bin/bash'`);
  beforeEach(() => {
    program('userdel');
    program('loginctl');
    program('crontab');
    mkdirSync(join(root, layout.home), {recursive: true});
  });
  it('with its home', async () => {
    entry(54_321, join(root, layout.home));
    await removeUser(change, {host: here(), say});
    expect(calls()).toContain('userdel openclaw');
    expect(existsSync(join(root, layout.home))).toBe(false);
  });
  it('without its home where that goes by itself', async () => {
    entry(54_321, join(root, layout.home));
    await removeUser({...change, removeHome: false}, {host: here(), say});
    expect(existsSync(join(root, layout.home))).toBe(true);
  });
  it.each([
    ['id', 1000, layout.home],
    ['home', 54_321, '/srv/somebody'],
  ])('not when it has another %s by now', async (_what, uid, home) => {
    entry(uid, home.startsWith('/home') ? join(root, home) : home);
    await expect(removeUser(change, {host: here(), say})).rejects.toMatchObject({
      detail: expect.stringContaining('another one than before'),
    });
    expect(calls().some((call) => call.startsWith('userdel'))).toBe(false);
    expect(existsSync(join(root, layout.home))).toBe(true);
  });
  it('one that is gone leaves only its home to do', async () => {
    program('getent', 'exit 2');
    await removeUser(change, {host: here(), say});
    expect(calls().some((call) => call.startsWith('userdel'))).toBe(false);
    expect(existsSync(join(root, layout.home))).toBe(false);
  });
});

describe('firewall rules are removed', () => {
  const change = {
    kind: 'firewall-off',
    id: 'x',
    host: 'standby',
    title: 't',
    rules: [['allow', '22/tcp']],
    disable: true,
  } as const;
  const rules = [['allow', '22/tcp']];
  it('after the firewall is off', async () => {
    program('ufw');
    await firewallOff({...change, rules}, {host: here(), say});
    expect(calls()).toEqual(['ufw --force disable', 'ufw --force delete allow 22/tcp']);
  });
  it('one that is gone already is right, anything else is told', async () => {
    program('ufw', 'echo "Could not delete non-existent rule"; exit 1');
    await firewallOff({...change, rules, disable: false}, {host: here(), say});
    program('ufw', 'echo "ERROR: no lock" >&2; exit 1');
    await expect(firewallOff({...change, rules, disable: false}, {host: here(), say})).rejects.toMatchObject({
      detail: 'ERROR: no lock',
    });
  });
});
