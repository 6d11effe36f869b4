import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {parseSettings} from '../../src/monitor/settings.js';
import {pairSchema} from '../../src/pair/schema.js';
import {layout, units} from '../../src/templates/layout.js';
import {manifest, type Manifest} from '../../src/templates/manifest.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {contentOf, origin, pair, primary, settings, standby} from './given.js';

const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const all = [...standby, ...primary];
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
    expect(scripts.length).toBe(6);
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
  test('the gateway cannot be enabled, asks both guards first, and is never restarted by systemd', () => {
    expect(contentOf(standby, units.gateway)).not.toContain('[Install]');
    expect(value(units.gateway, 'ExecStartPre')).toEqual([
      `${layout.lib}/role-guard`,
      `${layout.node} ${layout.accountsProgram} guard`,
    ]);
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

  test('only the role service is root, and it touches one gateway', () => {
    const asRoot = standby.filter(
      ({path, content}) => path.endsWith('.service') && !/^User=/m.test(String(content)),
    );
    expect(asRoot.map(({path}) => path)).toEqual([`/etc/systemd/system/${units.role}`]);
  });

  test('what systemd waits for is longer than what it waits for', () => {
    const stop = Number(value(units.gateway, 'TimeoutStopSec')[0]);
    const role = Number(value(units.role, 'TimeoutStartSec')[0]);
    const handback = Number(value(units.handback, 'TimeoutStartSec')[0]);
    expect(role).toBeGreaterThan(stop + handback);
    expect(settings.demotion.timeoutMs).toBeGreaterThan((stop + handback) * 1000);
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
      [units.role, 20],
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
    expect(classic.thresholds).toMatchObject({fall: 3, minActiveMs: 20_000});
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
  expect(read.units).toHaveLength(9);
  expect(read.users).toEqual(['openclaw-monitor']);
});

test('a name of a branch cannot become a command', () => {
  expect(execFileSync('sh', ['-nc', contentOf(standby, 'standby-sync')]).toString()).toBe('');
});
