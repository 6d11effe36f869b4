import {spawn, type ChildProcess} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import http from 'node:http';
import type net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {build} from 'esbuild';
import {spawn as spawnPty} from '@lydell/node-pty';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {parseRecord} from '../../src/explain/parse.js';
import {replay} from '../../src/explain/replay.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {layout, units} from '../../src/templates/layout.js';
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
  // Stands in for systemctl: the monitor's unit runs, the gateway's is stopped.
  await writeFile(
    path.join(built, 'systemctl'),
    `#!/bin/sh
echo LoadState=loaded
case $2 in ${units.monitor}) echo ActiveState=active ;; *) echo ActiveState=inactive ;; esac
echo Result=success
`,
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
      holds: {...settings.holds, plainMs: 2000},
      witnesses: [{address: '127.0.0.2', port: 1}],
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
    expect(promoting).toMatchObject({
      from: 'suspect',
      to: 'promoting',
      class: 'refused',
      evidence: {reason: 'plain'},
    });
    expect(await role()).toBe('active 2\n');
    monitor.child.kill('SIGTERM');
    expect(await monitor.ended).toBe(0);
    expect(await role()).toBe('active 2\n');
    expect(monitor.text()).toContain('<1>suspect → promoting: The primary');
  });

  test('what it heard of a primary that is gone is in the record, and means the same when it is decided again', async () => {
    start('run');
    await until(async () =>
      (await readFile(below(layout.stateJson), 'utf8').catch(() => '')).includes('"class": "ok"'),
    );
    server.closeAllConnections();
    server.close();
    const {seq, say} = await event('promoting');
    const decided = await until(async () => {
      const [segment] = parseRecord(await readFile(below(layout.record), 'utf8').catch(() => ''));
      const replayed = segment && replay(segment);
      const last = replayed?.steps.find(({decision}) => decision.row?.event === 'promoting')?.decision;
      return last && {faithful: replayed.faithful, seq: last.memory.sequence, say: last.sentence};
    });
    expect(decided).toEqual({faithful: true, seq, say});
    expect((await stat(below(layout.record))).mode & 0o777).toBe(0o644);
  }, 20_000);

  test('a witness that has answered before and does not now holds it, whatever the router says', async () => {
    const file = below(layout.witnesses);
    await writeFile(file, '{"chat.invalid 443":{"addresses":["255.255.255.255"],"answered":true}}');
    await configure({witnesses: [{address: 'chat.invalid', port: 443}]});
    start('run');
    await event('started');
    server.closeAllConnections();
    server.close();
    const {say} = await event('held');
    expect(say).toContain('cut off (no witness answers (chat.invalid (255.255.255.255) port 443: ');
    expect((await events()).map(({event}) => event)).not.toContain('promoting');
  });

  test('who has answered while all was well is kept for the next monitor', async () => {
    const kept = () => readFile(below(layout.witnesses), 'utf8').catch(() => '');
    start('run');
    await until(async () => (await kept()).includes('{"127.0.0.2 1":{"addresses":[],"answered":true}}'));
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

  test('a restart after a broken edit goes on with the settings that worked, and says so', async () => {
    const first = start('run');
    await event('started');
    first.child.kill('SIGKILL');
    await first.ended;
    await configure({profile: 'fast'});
    const second = start('run');
    expect((await event('settings')).say).toMatch(
      /not taken over, the old ones stay in force: .*monitor\.profile must be one of/,
    );
    expect(second.child.exitCode).toBeNull();
    second.child.kill('SIGKILL');
    await second.ended;
    await rm(below(layout.goodSettings));
    expect(await start('run').ended).toBe(78);
  });

  test('SIGHUP with a broken edit keeps the old settings and says so; a good one is taken over', async () => {
    const monitor = start('run');
    await event('started');
    await writeFile(below(layout.monitorSettings), '{"version": 1,');
    monitor.child.kill('SIGHUP');
    const kept = await event('settings');
    expect(kept).toMatchObject({level: 'alert', from: 'watching'});
    expect(kept.say).toContain('The settings were not taken over, the old ones stay in force:');
    await configure({holds: {...settings.holds, plainMs: 4000}});
    monitor.child.kill('SIGHUP');
    await until(async () =>
      (await events()).some(({event, level}) => event === 'settings' && level === 'info'),
    );
    server.closeAllConnections();
    server.close();
    const promoting = await event('promoting');
    expect(promoting.durations.sinceFirstBadMs).toBeGreaterThanOrEqual(4000);
    monitor.child.kill('SIGTERM');
    await monitor.ended;
  });

  test('status before there was a monitor, and a command that does not exist', async () => {
    const status = start('status');
    await status.ended;
    expect(status.text()).toContain('has not written anything since this host booted');
    const unknown = start('constructor');
    expect(await unknown.ended).toBe(2);
    expect(unknown.text()).toContain('There is no command "constructor".');
  });
});

/** Runs one command to its end. */
async function command(...args: string[]) {
  const run = start(...args);
  const code = await run.ended;
  return {code, text: run.text()};
}
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the hand of an operator', () => {
  test('a pause is waited for, told with its end, replaced by the next one, and resumed', async () => {
    start('run');
    await event('started');
    await until(async () => (await readFile(below(layout.live), 'utf8').catch(() => '')).includes('"ok"'));
    const paused = await command('pause', '30m', 'kernel', 'update');
    expect(paused).toMatchObject({code: 0});
    expect(paused.text).toMatch(/^Pause 30 min · pair default · /);
    expect(paused.text).toMatch(/✔ The primary answers \(ok, /);
    expect(paused.text).toMatch(/✔ Paused until \d\d:\d\d, for 30 min: .* It ends by itself/);
    expect((await event('paused')).say).toMatch(/^Paused for (29 min 59|30 min 0) s: kernel update\.$/);

    const status = await command('status');
    expect(status.text).toMatch(/^state {4}watching for /);
    expect(status.text).toMatch(/^paused {3}for (29|30) min/m);
    expect((await command('why')).text).toMatch(/Paused for another (29|30) min .*: kernel update\./);

    const again = await command('pause', '90s', '--json');
    expect(json(again.text).at(-1)).toMatchObject({type: 'end', result: 'done', exit: 0});
    expect(again.text).toContain('The new pause takes its place.');

    expect(await command('resume')).toMatchObject({code: 0});
    await event('resumed');
    const nothing = await command('resume');
    expect(nothing).toMatchObject({code: 0});
    expect(nothing.text).toContain('✔ Nothing is paused.');
  });

  test('a length that no pause can have asks for nothing', async () => {
    const forever = await command('pause', '5h');
    expect(forever.code).toBe(2);
    expect(forever.text).toMatch(/^A pause lasts at most 4 h,/);
    await expect(readFile(below(layout.pause))).rejects.toThrow('ENOENT');
  });

  test('where no monitor runs it is refused, with how to start it', async () => {
    const refused = await command('pause', '30m');
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('✖ The monitor has written nothing since this host booted.');
    expect(refused.text).toContain('systemctl start openclaw-health-monitor');
  });

  test('a takeover needs the name of the pair, and a dry run only looks', async () => {
    start('run');
    await event('started');
    const unnamed = await command('promote');
    expect(unnamed.code).toBe(2);
    expect(unnamed.text).toContain('--confirm PAIR');
    const other = await command('promote', '--confirm', 'home');
    expect(other.code).toBe(2);
    expect(other.text).toContain('"home" is not the name of the pair, "default": nothing was asked.');
    const look = await command('promote', '--dry-run');
    expect(look).toMatchObject({code: 0});
    expect(look.text).toContain('nothing was asked');
    await expect(readFile(below(layout.promote))).rejects.toThrow('ENOENT');
  });

  test('on a terminal the name of the pair is typed, and Ctrl+C there has asked for nothing', async () => {
    start('run');
    await event('started');
    const terminal = (answer: string) => {
      const pty = spawnPty(process.execPath, [path.join(built, 'monitor.mjs'), '--root', root, 'promote'], {
        cols: 40,
        rows: 24,
        env: {PATH: `${built}:${process.env['PATH']}`, NO_COLOR: '1'},
      });
      let text = '';
      let typed = false;
      pty.onData((data) => {
        text += data;
        if (!typed && text.includes('Type default to go on: ')) {
          typed = true;
          pty.write(answer);
        }
      });
      return new Promise<{code: number; text: string}>((resolve) =>
        pty.onExit(({exitCode}) => resolve({code: exitCode, text})),
      );
    };
    const wrong = await terminal('defualt\r');
    expect(wrong.code).toBe(2);
    expect(wrong.text.replaceAll(/\s+/g, ' ')).toContain('"defualt" is not the name of the pair');
    const left = await terminal('\u0003');
    expect(left.code).toBe(130);
    expect(left.text).toContain('Left; nothing was asked.');
    expect((await events()).map(({event}) => event)).not.toContain('promoting');
    // Nothing starts the gateway here; that it is on its way is all that is seen.
    void terminal('default\r');
    expect((await event('promoting')).say).toContain('An operator asked the standby to take over');
  });

  test('an edit of the settings that went wrong takes nobody his hand', async () => {
    start('run');
    await event('started');
    await writeFile(below(layout.monitorSettings), '{"version": 1,');
    const look = await command('promote', '--dry-run');
    expect(look.text).toContain('pair default');
    expect(look.code).toBe(0);
  });

  test('demote while it sleeps is nothing to do', async () => {
    start('run');
    await event('started');
    const asleep = await command('demote', '--confirm', 'default');
    expect(asleep.code).toBe(0);
    expect(asleep.text).toContain('The standby sleeps already');
  });

  test('SIGINT stops the watching and leaves the request', async () => {
    start('run');
    await event('started');
    server.closeAllConnections();
    server.close();
    await event('promoting');
    // It is taking over and never gets there: no systemd answers.
    const watching = start('promote', '--confirm', 'default', '--json');
    await until(async () => watching.text().includes('"checks"'));
    await sleep(500);
    watching.child.kill('SIGINT');
    expect(await watching.ended).toBe(130);
    expect(json(watching.text()).at(-1)).toMatchObject({result: 'left', exit: 130});
  });

  test('events: the newest, as lines, as JSON, and as they come', async () => {
    start('run');
    await event('started');
    const following = start('events', '-f', '-n', '1');
    await until(async () => following.text().includes('The monitor started'));
    await command('pause', '1m');
    await until(async () => following.text().includes('Paused for'));
    following.child.kill('SIGINT');
    expect(await following.ended).toBe(0);
    expect(following.text()).toMatch(/^\d\d:\d\d:\d\d The monitor started and goes on as watching\.\n\d\d:/);
    const last = await command('events', '-n', '1', '--json');
    expect(json(last.text)).toMatchObject([{event: 'paused'}]);
    expect((await command('events')).text.trim().split('\n')).toHaveLength(2);
  });

  test('why: the event that brought it here, and what came since', async () => {
    start('run');
    await event('started');
    server.closeAllConnections();
    server.close();
    await event('promoting');
    const {text} = await command('why');
    expect(text).toMatch(/^The standby is promoting, for /);
    expect(text).toMatch(
      /Because of this:\n\d\d:\d\d:\d\d The primary's gateway does not listen: its port is refused/,
    );
  });

  test('what the wizard asks over SSH: a look as JSON, and requests in words', async () => {
    start('run');
    await event('started');
    const {text} = await command('look');
    expect(json(text)).toMatchObject([
      {pair: 'default', unit: 'running', live: {state: 'watching'}, pause: null, modelsProven: false},
    ]);
    expect(await command('request', 'hold', '300')).toEqual({code: 0, text: '{"asked":true}\n'});
    expect((await event('paused')).say).toContain('failover-wizard changes the gateway of the primary');
    expect(await command('request', 'release')).toMatchObject({code: 0});
    await event('resumed');
    expect(await command('request', 'withdraw', 'promote')).toEqual({code: 0, text: '{"asked":false}\n'});
    expect(await command('request', 'everything')).toMatchObject({code: 2});
  });
});
