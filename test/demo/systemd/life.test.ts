import {execFile, spawn} from 'node:child_process';
import {rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {Group, isAlive} from '../../../src/demo/systemd/group.js';
import {serveBus, type Bus} from '../../../src/demo/systemd/server.js';
import {TestHost} from './host.js';

const sleeps = 'exec sleep 1000';
let host: TestHost;
beforeEach(() => {
  host = new TestHost();
});
afterEach(() => host.end());

const enabled = (name: string, lines: readonly string[], script: string) => {
  host.service(name, [...lines, '[Install]', 'WantedBy=multi-user.target'], script);
};

test('a boot starts what is enabled, a crash ends all of it at once, and the next boot starts it again', async () => {
  await host.systemd.boot();
  enabled(
    'a',
    ['Restart=always', 'RestartSec=1ms'],
    `trap '' TERM; (trap '' TERM; setsid sleep 900) & while :; do sleep 0.1; done`,
  );
  enabled('b', [], sleeps);
  await host.ctl('enable', '-q', 'a');
  await host.ctl('start', 'a', 'b');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const members = [
    ...new Group(await host.get('a', 'InvocationID'), 0).members(),
    Number(await host.get('b', 'MainPID')),
  ];
  expect(members.length).toBeGreaterThan(2);
  host.systemd.crash();
  await expect.poll(() => members.filter(isAlive)).toEqual([]);
  expect((await host.ask('systemctl', ['is-active', 'a'])).code).toBe(1);
  await host.systemd.boot();
  await host.until('a', 'ActiveState', 'active');
  expect(await host.ctl('is-active', 'b')).toBe('inactive');
  const log = await host.ask('journalctl', ['-u', 'a.service', '-o', 'cat']);
  expect(log.stdout).toBe('Started a.service - The a.\nStarted a.service - The a.\n');
  expect((await host.ask('journalctl', ['-b', '-u', 'a.service', '-o', 'cat'])).stdout).toBe(
    'Started a.service - The a.\n',
  );
});

test('a crash in the middle of everything leaves nothing that goes on', async () => {
  await host.systemd.boot();
  host.service('pre', ['ExecStartPre=/bin/sleep 900'], sleeps);
  host.service('slow', ['TimeoutStopSec=900'], `trap '' TERM; while :; do sleep 0.1; done`);
  host.service('again', ['Restart=always', 'RestartSec=50ms'], 'exit 1');
  host.unit('t.timer', ['[Timer]', 'OnActiveSec=100ms', 'OnUnitInactiveSec=100ms', 'Unit=once.service']);
  host.service('once', ['Type=oneshot'], 'echo x >>"$ROOT/once"');
  const starts = [
    host.ask('systemctl', ['start', 'pre']),
    host.ask('systemctl', ['start', 'slow', 'again', 't.timer']),
  ];
  await host.untilFile('/once', /x/);
  const stop = host.ask('systemctl', ['stop', 'slow']);
  await host.until('slow', 'ActiveState', 'deactivating');
  const runs = await Promise.all(['pre', 'slow'].map((name) => host.get(name, 'InvocationID')));
  host.systemd.crash();
  await Promise.all([...starts, stop]);
  await expect.poll(() => runs.flatMap((run) => new Group(run, 0).members())).toEqual([]);
  const seen = host.read('/once');
  const said = host.systemd.journal.entries.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([host.read('/once'), host.systemd.journal.entries.length]).toEqual([seen, said]);
});

test('a shutdown lets everything end in good order, and starts nothing any more', async () => {
  await host.systemd.boot();
  host.service(
    'a',
    ['Restart=always', 'RestartSec=1ms'],
    `trap 'echo bye >"$ROOT/bye"; exit 0' TERM; echo up >"$ROOT/up"; while :; do sleep 0.05; done`,
  );
  await host.ctl('start', 'a');
  await host.untilFile('/up', 'up\n');
  const pid = Number(await host.get('a', 'MainPID'));
  await host.systemd.shutdown();
  expect([host.read('/bye'), isAlive(pid)]).toEqual(['bye\n', false]);
  expect((await host.ask('systemctl', ['start', 'a'])).code).toBe(1);
});

test('a shutdown is over after 5 s, whatever does not want to end', async () => {
  await host.systemd.boot();
  host.service('a', [], `trap '' TERM; echo $$ >"$ROOT/pid"; while :; do sleep 0.1; done`);
  await host.ctl('start', 'a');
  await host.untilFile('/pid', /\d\n/);
  const began = performance.now();
  await host.systemd.shutdown();
  expect(performance.now() - began).toBeLessThan(8_000);
  await expect.poll(() => isAlive(Number(host.read('/pid')))).toBe(false);
});

test('two hosts in one process do not know of each other', async () => {
  const other = new TestHost();
  await Promise.all([host.systemd.boot(), other.systemd.boot()]);
  host.service('a', [], sleeps);
  other.service('a', [], sleeps);
  await Promise.all([host.ctl('start', 'a'), other.ctl('start', 'a')]);
  const pid = Number(await other.get('a', 'MainPID'));
  host.systemd.crash();
  expect(isAlive(pid)).toBe(true);
  expect(await other.ctl('is-active', 'a')).toBe('active');
  await other.end();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

describe('the command of the host', () => {
  const folder = join(tmpdir(), `sdc-${process.pid}`);
  const client = join(folder, 'client.mjs');
  const path = join(folder, 's');
  let server: Bus;
  beforeAll(() =>
    build({
      entryPoints: ['src/demo/systemd/client.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: client,
    }),
  );
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  beforeEach(async () => {
    await host.systemd.boot();
    server = await serveBus(host.systemd, path);
  });
  afterEach(() => server.close());
  const run = (...argv: string[]) =>
    promisify(execFile)(process.execPath, [client, path, ...argv], {env: {USER: 'root'}}).then(
      ({stdout, stderr}) => ({code: 0, stdout, stderr}),
      ({code, stdout, stderr}: {code: number; stdout: string; stderr: string}) => ({code, stdout, stderr}),
    );

  test('passes on what is said and how it ends', async () => {
    host.service('a', [], sleeps);
    expect(await run('systemctl', 'start', 'a')).toEqual({code: 0, stdout: '', stderr: ''});
    expect(await run('systemctl', 'is-active', 'a', 'ssh')).toEqual({
      code: 0,
      stdout: 'active\nactive\n',
      stderr: '',
    });
    expect(await run('systemctl', 'is-active', 'b')).toEqual({code: 3, stdout: 'inactive\n', stderr: ''});
    expect((await run('systemctl', 'start', 'b')).stderr).toBe(
      'Failed to start b.service: Unit b.service not found.\n',
    );
  });

  test('follows the journal until it is ended, and then nobody follows any more', async () => {
    host.service('a', [], 'while :; do echo tick; sleep 0.05; done');
    await host.ctl('start', 'a');
    const child = spawn(
      process.execPath,
      [
        client,
        path,
        'journalctl',
        '--no-hostname',
        '--output=short',
        '--lines=2',
        '--follow',
        '--unit=a.service',
      ],
      {env: {USER: 'root'}},
    );
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    await expect.poll(() => said.match(/ a\[\d+\]: tick\n/g)?.length ?? 0).toBeGreaterThan(4);
    const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    child.kill('SIGTERM');
    expect(await gone).toBe('SIGTERM');
    await expect.poll(() => host.systemd.journal.followed).toBe(0);
  });

  test('says so where nobody answers, or the host crashes meanwhile', async () => {
    const waits = run('journalctl', '-f');
    await expect.poll(() => host.systemd.journal.followed).toBe(1);
    await server.close();
    expect(await waits).toMatchObject({
      code: 1,
      stderr: 'Failed to connect to bus: Connection reset by peer\n',
    });
    expect(await run('systemctl', 'is-active', 'a')).toMatchObject({
      code: 1,
      stderr: 'Failed to connect to bus: No such file or directory\n',
    });
  });

  test('is how a service says that it is ready', async () => {
    host.service(
      'n',
      ['Type=notify', 'NotifyAccess=all', 'TimeoutStartSec=30'],
      `${process.execPath} ${client} ${path} systemd-notify --ready --status='all is well'; exec sleep 1000`,
    );
    expect(await host.ask('systemctl', ['start', 'n'])).toMatchObject({code: 0});
    expect(await host.get('n', 'StatusText')).toBe('all is well');
  });
});
