import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {parseSettings} from '../../src/monitor/settings.js';
import {pairSchema} from '../../src/pair/schema.js';
import {Secret} from '../../src/secret.js';
import type {RemoteFile} from '../../src/ssh/host.js';
import {layout, units} from '../../src/templates/layout.js';
import {manifest, type Manifest} from '../../src/templates/manifest.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {contentOf, origin, pair, primary, report, settings, standby} from './given.js';

const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const all = [...standby, ...primary, report];
const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const lines = (files: typeof standby, file: string) => contentOf(files, file).split('\n');
const value = (file: string, key: string) =>
  lines(all, file)
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));

describe('every file', () => {
  test.each(all.map((file) => [file.path, file] as const))('%s says who wrote it', (_path, file) => {
    expect(String(file.content).split('\n').slice(0, 2).join('\n')).toContain(
      file.path.endsWith('.json')
        ? '"_": "Written by failover-wizard 1.2.3 for the pair \\"default\\". Do not edit: run failover-wizard setup."'
        : 'Written by failover-wizard 1.2.3 for the pair "default". Do not edit: run failover-wizard setup.',
    );
    expect([file.owner, file.group]).toEqual(['root', 'root']);
    expect(file.mode & 0o022).toBe(0);
    expect(String(file.content).endsWith('\n')).toBe(true);
  });

  test('the same input gives the same bytes, no path twice', () => {
    expect(new Set(standby.map(({path}) => path)).size).toBe(standby.length);
    expect(contentOf(standby, 'monitor.json')).toBe(contentOf(standby, 'monitor.json'));
  });

  test.runIf(has('shellcheck'))('every script passes shellcheck and is a program', () => {
    const scripts = all.filter(({content}) => String(content).startsWith('#!/bin/sh\n'));
    expect(scripts.length).toBeGreaterThan(10);
    for (const [index, script] of scripts.entries()) {
      const file = path.join(folder, `script-${index}`);
      writeFileSync(file, String(script.content));
      expect(spawnSync('shellcheck', [file], {encoding: 'utf8'}).stdout).toBe('');
      expect(script.mode).toBe(0o755);
    }
  });

  test.runIf(has('systemd-analyze'))('every unit is understood by systemd', () => {
    const names = all.filter(({path}) => path.startsWith('/etc/systemd/system/'));
    const files = names.map(({path: from, content}) => {
      const file = path.join(folder, path.basename(from));
      // The programs and users are on a host, not here.
      const text = String(content)
        .replaceAll(/^(Exec\w+=)\S+.*$/gm, '$1/bin/true')
        .replaceAll(/^(User|Group)=.*$/gm, '$1=root');
      writeFileSync(file, text);
      return file;
    });
    const {stderr} = spawnSync('systemd-analyze', ['verify', ...files], {encoding: 'utf8'});
    expect(stderr.split('\n').filter((line) => line.includes(folder))).toEqual([]);
  });
});

describe('who may start what', () => {
  test('the gateway cannot be enabled, asks the guards first, and is never restarted by systemd', () => {
    expect(contentOf(standby, units.gateway)).not.toContain('[Install]');
    expect(value(units.gateway, 'ExecStartPre')).toEqual([`${layout.lib}/role-guard`]);
    expect(value(units.gateway, 'Restart')).toEqual(['no']);
    expect(value(units.gateway, 'User')).toEqual(['openclaw']);
  });

  test('the monitor has no root, no capabilities, and never gives up', () => {
    expect(value(units.monitor, 'User')).toEqual(['openclaw-monitor']);
    expect(value(units.monitor, 'CapabilityBoundingSet')).toEqual(['']);
    expect(value(units.monitor, 'Restart')).toEqual(['always']);
    expect(value(units.monitor, 'StartLimitIntervalSec')).toEqual(['0']);
    expect(value(units.monitor, 'RuntimeDirectoryPreserve')).toEqual(['yes']);
  });

  test('root are only the role service, which touches one gateway, and who looks at a port', () => {
    const asRoot = standby.filter(
      ({path, content}) => path.endsWith('.service') && !/^User=/m.test(String(content)),
    );
    expect(asRoot.map(({path}) => path)).toEqual(
      [units.port, units.role].map((unit) => `/etc/systemd/system/${unit}`),
    );
  });

  test('what systemd waits for is longer than what it waits for', () => {
    const stop = Number(value(units.gateway, 'TimeoutStopSec')[0]);
    const role = Number(value(units.role, 'TimeoutStartSec')[0]);
    const handback = Number(value(units.handback, 'TimeoutStartSec')[0]);
    expect(role).toBeGreaterThan(stop + handback);
    // The guard's own limits, and the start that it is part of.
    expect(Number(value(units.gateway, 'TimeoutStartSec')[0])).toBeGreaterThan(2 + 15);
    expect(settings.demotion.timeoutMs).toBeGreaterThan((stop + handback) * 1000);
  });

  test('no takeover waits for a pull of secrets, and none disturbs one', () => {
    for (const file of [units.gateway, units.role, units.verify, units.sync, '/role'])
      expect(contentOf(standby, file)).not.toContain(units.secretsPull);
    expect(contentOf(standby, units.secretsPull)).not.toMatch(
      /^(?:Before|Conflicts|Requires|BindsTo|Also)=/m,
    );
    expect(Number(value(units.secretsPull, 'TimeoutStartSec')[0])).toBeGreaterThan(30 + 5 + 10);
  });

  test('the watchdog has time for the slowest round', () => {
    expect(Number(value(units.monitor, 'WatchdogSec')[0]) * 1000).toBeGreaterThan(3 * 8000);
  });

  test.runIf(has('systemd-analyze'))('the sandboxes are as tight as promised', () => {
    for (const [unit, most] of [
      [units.monitor, 15],
      [units.gateway, 20],
      [units.verify, 20],
      [units.sync, 20],
      [units.prepare, 20],
      [units.secretsPull, 20],
      [units.role, 20],
      [units.port, 30],
    ] as const) {
      const file = path.join(folder, unit);
      writeFileSync(file, contentOf(standby, unit));
      const {status, stderr, stdout} = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', `--threshold=${most}`, '--no-pager', file],
        {encoding: 'utf8'},
      );
      expect(status, `${unit}: ${stdout.split('\n').at(-2)}${stderr}`).toBe(0);
    }
  });
});

describe('on the primary', () => {
  test('a workspace with a space is one word', () => {
    expect(value(units.push, 'ReadWritePaths')).toEqual(['"/home/claw/.openclaw/my workspace"']);
    expect(contentOf(primary, 'workspace-push')).toContain("workspace='/home/claw/.openclaw/my workspace'");
    expect(value(units.push, 'User')).toEqual(['claw']);
  });
});

describe('the settings of the monitor', () => {
  test('are accepted by the monitor', () => {
    expect(parseSettings(contentOf(standby, 'monitor.json'))).toEqual(settings);
  });

  test('classic is three failures 10 s apart', () => {
    const classic = monitorSettings(pairSchema.parse({...pair, monitor: {profile: 'classic'}}), {
      primary: {address: '100.64.0.11', port: 1},
      minActiveMs: 20_000,
    });
    expect(classic.probe).toMatchObject({intervalMs: 10_000, suspectIntervalMs: 10_000});
    expect(classic.holds.classicMs).toBe(20_000);
    expect(classic.thresholds).toMatchObject({minActiveMs: 20_000});
    expect(parseSettings(JSON.stringify({version: 1, ...classic}))).toEqual(classic);
  });
});

test('the manifest names every file, and the units in the order in which they stop', () => {
  const file = manifest(origin, 'standby', standby);
  expect(file.path).toBe(layout.manifest);
  const read = JSON.parse(String(file.content)) as Manifest;
  expect(read.files.map(({path}) => path)).toEqual(standby.map(({path}) => path));
  expect(read.files.find(({path}) => path.endsWith('/role'))).toMatchObject({mode: '755'});
  expect(read.units.slice(0, 2)).toEqual([units.monitor, units.rolePath]);
  expect(read.units).toHaveLength(18);
  expect(read.users).toEqual(['openclaw-monitor', 'openclaw']);
  expect(read.folders).toContain('/var/cache/openclaw-failover');
});

test('a name of a branch cannot become a command', () => {
  expect(execFileSync('sh', ['-nc', contentOf(standby, 'standby-sync')]).toString()).toBe('');
});

describe('the command on the standby', () => {
  const command = standby.find(({path: file}) => file === layout.standbyCommand)!;
  const runs = (...args: string[]) => {
    const file = path.join(folder, 'openclaw-failover');
    // What it would start is printed instead.
    writeFileSync(file, String(command.content).replace(/^exec /m, 'printf "%s|" '), {mode: 0o755});
    const {status, stdout} = spawnSync('sh', [file, ...args], {encoding: 'utf8'});
    return {status, stdout};
  };
  test('is the monitor program with the same words', () => {
    expect(runs('pause', '30m', 'two  words')).toEqual({
      status: 0,
      stdout: `${layout.node}|${layout.monitorProgram}|pause|30m|two  words|`,
    });
    expect(runs()).toEqual({status: 0, stdout: `${layout.node}|${layout.monitorProgram}|`});
  });
  test.each(['run', 'verify', 'warm'])('leaves %s to the services', (word) =>
    expect(runs(word)).toEqual({status: 2, stdout: ''}),
  );
  test('is in the manifest', () =>
    expect(
      (JSON.parse(String(manifest(origin, 'standby', standby).content)) as Manifest).files,
    ).toContainEqual({
      path: layout.standbyCommand,
      owner: 'root',
      group: 'root',
      mode: '755',
      sha256: createHash('sha256').update(String(command.content)).digest('hex'),
    }));
});

describe('what the manifest notes of a content', () => {
  const noted = (file: Partial<RemoteFile>, madeThere = false) => {
    const whole: RemoteFile = {
      path: '/p',
      content: 'text',
      owner: 'root',
      group: 'root',
      mode: 0o644,
      ...file,
    };
    const made = madeThere
      ? manifest(origin, 'standby', [], {madeThere: [whole]})
      : manifest(origin, 'standby', [whole]);
    return (JSON.parse(String(made.content)) as Manifest).files[0]!;
  };
  test('is the hash of one that everybody may read', () =>
    expect(noted({}).sha256).toBe(createHash('sha256').update('text').digest('hex')));
  test.each([
    ['one that not everybody may read: a hash would tell whoever guesses it', noted({mode: 0o600})],
    ['one for root and a group', noted({mode: 0o640})],
    ['a secret, whoever may read it', noted({content: new Secret('text')})],
    ['one that the host makes itself', noted({}, true)],
  ])('is nothing of %s', (_, file) => {
    expect(file).toMatchObject({path: '/p'});
    expect(file).not.toHaveProperty('sha256');
  });
});
