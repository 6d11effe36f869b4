import {spawn, type ChildProcess} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import http from 'node:http';
import type net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {layout} from '../../src/templates/layout.js';
import {settings} from './settings-of-tests.js';

let built: string;
let root: string;
let children: ChildProcess[] = [];
let server: http.Server;
let port: number;

beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'monitor-built-'));
  await build({
    entryPoints: ['src/monitor/main.ts'],
    outfile: path.join(built, 'monitor.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
  });
  // Stands in for systemctl: the gateway's unit is stopped.
  await writeFile(
    path.join(built, 'systemctl'),
    '#!/bin/sh\necho LoadState=loaded\necho ActiveState=inactive\necho Result=success\n',
  );
  await chmod(path.join(built, 'systemctl'), 0o755);
});
afterAll(() => rm(built, {recursive: true, force: true}));

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'monitor-root-'));
  for (const folder of [layout.etc, layout.state, layout.run, layout.roleRun, layout.workRun])
    await mkdir(path.join(root, folder), {recursive: true});
  server = http.createServer((_request, response) => response.end('{"ok":true,"status":"started"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({port} = server.address() as net.AddressInfo);
  await configure({});
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  await rm(root, {recursive: true, force: true});
});

const below = (file: string) => path.join(root, file);
const configure = (more: object) =>
  writeFile(
    below(layout.monitorSettings),
    JSON.stringify({
      version: 1,
      ...settings,
      primary: {address: '127.0.0.1', port},
      probe: {
        ...settings.probe,
        intervalMs: 1000,
        suspectIntervalMs: 1000,
        timeoutMs: 900,
        connectTimeoutMs: 300,
      },
      witnesses: [{address: '127.0.0.1', port: 1}],
      ...more,
    }),
  );

function start(...args: string[]) {
  const child = spawn(process.execPath, [path.join(built, 'monitor.mjs'), '--root', root, ...args], {
    env: {PATH: `${built}:${process.env['PATH']}`},
  });
  children = [...children, child];
  let text = '';
  child.stderr.on('data', (data) => (text += data));
  child.stdout.on('data', (data) => (text += data));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {child, ended, text: () => text};
}

const events = async () =>
  (await readFile(below(layout.events), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as MonitorEvent);

async function until<T>(read: () => Promise<T | undefined | false>, ms = 10_000): Promise<T> {
  const endMs = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > endMs) throw new Error('it did not happen in time');
    await sleep(50);
  }
}
const event = (name: string) => until(async () => (await events()).find((one) => one.event === name));
const role = () => readFile(below(layout.role), 'utf8').catch(() => '');

describe('the program as it runs on a host', () => {
  test('watches, takes over when the primary is gone, and SIGTERM leaves the role as it is', async () => {
    const monitor = start('run');
    await until(async () => (await role()) === 'standby 1\n');
    await until(async () =>
      (await readFile(below(layout.stateJson), 'utf8').catch(() => '')).includes('"class": "ok"'),
    );
    server.closeAllConnections();
    server.close();
    const promoting = await event('promoting');
    expect(promoting).toMatchObject({from: 'suspect', to: 'promoting', class: 'refused', evidence: {bad: 3}});
    expect(await role()).toBe('active 2\n');
    monitor.child.kill('SIGTERM');
    expect(await monitor.ended).toBe(0);
    expect(await role()).toBe('active 2\n');
    expect(monitor.text()).toContain('<1>suspect → promoting: The primary');
  });

  test('killed with SIGKILL in the middle of a promotion it goes on, and wishes nothing twice', async () => {
    server.close();
    const first = start('run');
    await event('promoting');
    first.child.kill('SIGKILL');
    await first.ended;
    start('run');
    await until(async () => (await events()).filter(({event}) => event === 'started').length === 2);
    await sleep(1500);
    expect(await role()).toBe('active 2\n');
    expect((await events()).map(({seq}) => seq)).toEqual((await events()).map((_one, index) => index + 1));
  });

  test('a second one is refused and told who the first is', async () => {
    const first = start('run');
    await event('started');
    const second = start('run');
    expect(await second.ended).toBe(1);
    expect(second.text()).toBe(`Another monitor runs on this host already (process ${first.child.pid}).\n`);
  });

  test('settings that cannot be used: exit 78 and one sentence', async () => {
    await configure({profile: 'fast'});
    const monitor = start('run');
    expect(await monitor.ended).toBe(78);
    expect(monitor.text()).toBe(
      `${below(layout.monitorSettings)}: monitor.profile must be one of: default, classic.\n`,
    );
    await rm(below(layout.monitorSettings));
    const without = start('run');
    expect(await without.ended).toBe(78);
    expect(without.text()).toContain('cannot be read: ENOENT');
  });

  test('SIGHUP with a broken edit keeps the old settings and says so; a good one is taken over', async () => {
    const monitor = start('run');
    await event('started');
    await writeFile(below(layout.monitorSettings), '{"version": 1,');
    monitor.child.kill('SIGHUP');
    const kept = await event('settings');
    expect(kept).toMatchObject({level: 'alert', from: 'watching'});
    expect(kept.say).toContain('The settings were not taken over, the old ones stay in force:');
    await configure({thresholds: {...settings.thresholds, fall: 5}});
    monitor.child.kill('SIGHUP');
    await until(async () =>
      (await events()).some(({event, level}) => event === 'settings' && level === 'info'),
    );
    server.closeAllConnections();
    server.close();
    const promoting = await event('promoting');
    expect(promoting.evidence.bad).toBe(5);
    monitor.child.kill('SIGTERM');
    await monitor.ended;
  });

  test('a pause and its end, and what status says', async () => {
    start('run');
    await event('started');
    expect(await start('pause', '15', 'setup', 'edits').ended).toBe(0);
    expect((await event('paused')).say).toMatch(/^Paused for (14 min 59|15 min 0) s: setup edits\.$/);
    const status = start('status');
    await status.ended;
    expect(status.text()).toMatch(/^state {4}watching for /);
    expect(status.text()).toMatch(/^paused {3}for 1[45] min/m);
    await start('resume').ended;
    await event('resumed');
    const forever = start('pause', 'forever');
    expect(await forever.ended).toBe(1);
    expect(forever.text()).toBe('A pause lasts from 1 to 240 minutes.\n');
  });

  test('status before there was a monitor, and a command that does not exist', async () => {
    const status = start('status');
    await status.ended;
    expect(status.text()).toContain('has not written anything since this host booted');
    const unknown = start('constructor');
    expect(await unknown.ended).toBe(2);
    expect(unknown.text()).toContain('usage: monitor.mjs');
  });
});
