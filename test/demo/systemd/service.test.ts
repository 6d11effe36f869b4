import {execFileSync} from 'node:child_process';
import {lstatSync, readlinkSync, statSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {Group, isAlive} from '../../../src/demo/systemd/group.js';
import {TestHost} from './host.js';

let host: TestHost;
beforeEach(async () => {
  host = new TestHost();
  await host.systemd.boot();
});
afterEach(() => host.end());

/** Waits for its end as a service does that wants nothing else. */
const sleeps = 'sleep 1000 & wait';
const pidsIn = (path: string) => host.read(path).trim().split(/\s+/).map(Number);

describe('a service that goes on', () => {
  test('is active once it was begun, with a process, a run and a link that says so', async () => {
    host.service('a', [], sleeps);
    expect(await host.ask('systemctl', ['start', 'a'])).toEqual({code: 0, stdout: '', stderr: ''});
    expect(await host.ctl('show', '-p', 'ActiveState,SubState,Result,NRestarts', 'a')).toBe(
      'Result=success\nNRestarts=0\nActiveState=active\nSubState=running',
    );
    const pid = Number(await host.get('a', 'MainPID'));
    expect(isAlive(pid)).toBe(true);
    const link = `${host.root}/run/systemd/units/invocation:a.service`;
    expect(readlinkSync(link)).toBe(await host.get('a', 'InvocationID'));
    expect(host.told).toEqual(['began a.service true']);
    const [up] = (await import('node:fs')).readFileSync('/proc/uptime', 'utf8').split(' ');
    const since = Number(await host.get('a', 'ActiveEnterTimestampMonotonic')) / 1e6;
    expect(Math.abs(Number(up) - since)).toBeLessThan(5);

    expect(await host.ask('systemctl', ['stop', 'a'])).toEqual({code: 0, stdout: '', stderr: ''});
    expect(isAlive(pid)).toBe(false);
    expect(await host.ctl('show', '-p', 'ActiveState,SubState,Result,MainPID', 'a')).toBe(
      'MainPID=0\nResult=success\nActiveState=inactive\nSubState=dead',
    );
    expect(() => lstatSync(link)).toThrow();
    expect(host.told).toEqual(['began a.service true', 'gone a.service true']);
  });

  test('that cannot be executed has failed with 203', async () => {
    host.unit('x.service', ['[Service]', 'Type=exec', 'ExecStart=/srv/nothing']);
    const said = await host.ask('systemctl', ['start', 'x']);
    expect(said.code).toBe(1);
    expect(said.stderr).toContain(
      'Job for x.service failed because the control process exited with error code.',
    );
    expect(await host.ctl('show', '-p', 'ActiveState,Result,ExecMainStatus', 'x')).toBe(
      'Result=exit-code\nExecMainStatus=203\nActiveState=failed',
    );
  });

  test.each([
    ['exit 3', 'failed', 'exit-code', '3'],
    ['exit 143', 'inactive', 'success', '143'],
    ['exit 0', 'inactive', 'success', '0'],
    ['kill -KILL $$', 'failed', 'signal', '9'],
    ['kill -TERM $$', 'inactive', 'success', '15'],
  ])('that ends by itself (%s) is %s, with the result %s', async (script, state, result, status) => {
    host.service('b', ['SuccessExitStatus=0 143'], script);
    await host.ctl('start', 'b');
    await host.until('b', 'ActiveState', state);
    expect(await host.ctl('show', '-p', 'Result,ExecMainStatus', 'b')).toBe(
      `Result=${result}\nExecMainStatus=${status}`,
    );
    expect((await host.ask('systemctl', ['is-failed', 'b'])).code).toBe(state === 'failed' ? 0 : 1);
    await host.ctl('reset-failed', 'b');
    expect(await host.ctl('is-active', 'b')).toBe('inactive');
  });

  test('is begun again, counts it, and is not when the status forbids it', async () => {
    host.service(
      'c',
      ['Restart=always', 'RestartSec=100ms', 'RestartPreventExitStatus=78'],
      'echo x >>"$ROOT/count"; [ "$(wc -l <"$ROOT/count")" -lt 3 ] || exit 78; exit 1',
    );
    await host.ctl('start', 'c');
    await host.until('c', 'ActiveState', 'failed');
    expect(host.read('/count')).toBe('x\nx\nx\n');
    expect(await host.get('c', 'NRestarts')).toBe('2');
    expect(await host.get('c', 'ExecMainStatus')).toBe('78');
  });

  test('that waits for its restart is activating, and a stop ends the waiting', async () => {
    host.service('d', ['Restart=on-failure', 'RestartSec=1h'], 'exit 1');
    await host.ctl('start', 'd');
    await host.until('d', 'SubState', 'auto-restart');
    expect(await host.ctl('is-active', 'd')).toBe('activating');
    await host.ctl('stop', 'd');
    expect(await host.ctl('is-active', 'd')).toBe('inactive');
  });

  test('that comes back too often has hit its limit, until that is forgiven', async () => {
    host.unit(
      'e.service',
      [
        '[Unit]',
        'StartLimitIntervalSec=60',
        'StartLimitBurst=2',
        '[Service]',
        'ExecStart=/srv/e',
        'Restart=always',
      ],
      'exit 1',
    );
    await host.ctl('start', 'e');
    await host.until('e', 'Result', 'start-limit-hit');
    expect((await host.ask('systemctl', ['start', 'e'])).code).toBe(1);
    await host.ctl('reset-failed', 'e');
    expect((await host.ask('systemctl', ['start', 'e'])).code).toBe(0);
  });

  test('keeps its pid when it is reloaded, which gets MAINPID', async () => {
    host.service(
      'f',
      ['ExecReload=/bin/kill -HUP $MAINPID'],
      'trap \'echo hup >>"$ROOT/hup"\' HUP; while :; do sleep 0.05; done',
    );
    await host.ctl('start', 'f');
    const pid = await host.get('f', 'MainPID');
    // It may not have come to its trap.
    await expect.poll(async () => (await host.ctl('reload', 'f'), host.has('/hup'))).toBe(true);
    expect(await host.get('f', 'MainPID')).toBe(pid);
  });
});

describe('the end of a service', () => {
  test('is the end of its children too, also of those with a group or session of their own', async () => {
    host.service(
      'a',
      [],
      'timeout 900 sleep 900 & setsid sleep 901 & (sleep 902 & sleep 903) & sleep 0.2; ps -o pid= -g $$ >/dev/null; echo ready >"$ROOT/ready"; wait',
    );
    await host.ctl('start', 'a');
    await host.untilFile('/ready', 'ready\n');
    const group = new Group(await host.get('a', 'InvocationID'), 0);
    const members = group.members();
    expect(members.length).toBeGreaterThanOrEqual(5);
    await host.ctl('stop', 'a');
    expect(members.filter(isAlive)).toEqual([]);
  });

  test('comes with SIGKILL to what does not hear SIGTERM, and is then called a timeout', async () => {
    host.service(
      'b',
      ['TimeoutStopSec=300ms'],
      `trap '' TERM; echo $$ >"$ROOT/pid"; while :; do sleep 0.1; done`,
    );
    await host.ctl('start', 'b');
    await host.untilFile('/pid', /\d\n/);
    await host.ctl('stop', 'b');
    expect(pidsIn('/pid').filter(isAlive)).toEqual([]);
    expect(await host.ctl('show', '-p', 'ActiveState,Result', 'b')).toBe(
      'Result=timeout\nActiveState=failed',
    );
  });

  test('is told to the main process alone (mixed), and the rest is killed after it', async () => {
    host.service(
      'c',
      ['KillMode=mixed'],
      `(trap 'echo asked >"$ROOT/asked"' TERM; while :; do sleep 0.1; done) & echo $! >"$ROOT/pid"; trap 'echo drained >"$ROOT/drained"; exit 0' TERM; while :; do sleep 0.1; done`,
    );
    await host.ctl('start', 'c');
    await host.untilFile('/pid', /\d\n/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await host.ctl('stop', 'c');
    expect(host.read('/drained')).toBe('drained\n');
    expect(host.has('/asked')).toBe(false);
    expect(pidsIn('/pid').filter(isAlive)).toEqual([]);
    expect(await host.ctl('is-active', 'c')).toBe('inactive');
  });

  test('reaches one that is halted', async () => {
    host.service('d', [], 'exec sleep 1000');
    await host.ctl('start', 'd');
    await host.ctl('kill', '--signal=SIGSTOP', 'd');
    await host.ctl('stop', 'd');
    expect(await host.ctl('show', '-p', 'ActiveState,Result', 'd')).toBe(
      'Result=success\nActiveState=inactive',
    );
  });

  test('by systemctl kill is a signal', async () => {
    host.service('e', [], sleeps);
    await host.ctl('start', 'e');
    await host.ctl('kill', '--signal=KILL', 'e');
    await host.until('e', 'ActiveState', 'failed');
    expect(await host.ctl('show', '-p', 'Result,ExecMainCode,ExecMainStatus', 'e')).toBe(
      'Result=signal\nExecMainCode=2\nExecMainStatus=9',
    );
  });

  test('by a limit of its time is a timeout', async () => {
    host.service('f', ['RuntimeMaxSec=200ms'], sleeps);
    await host.ctl('start', 'f');
    await host.until('f', 'Result', 'timeout');
    await host.until('f', 'ActiveState', 'failed');
  });

  test('runs what shall be done then, with what became of it', async () => {
    host.service(
      'g',
      [
        'ExecStop=/srv/stop',
        'ExecStopPost=/bin/sh -c \'echo "$$SERVICE_RESULT $$EXIT_CODE $$EXIT_STATUS" >"$$ROOT/post"\'',
      ],
      sleeps,
    );
    host.file('/srv/stop', '#!/bin/sh\necho "$MAINPID" >"$ROOT/stop"\nkill "$MAINPID"\n', 0o755);
    await host.ctl('start', 'g');
    const pid = await host.get('g', 'MainPID');
    await host.ctl('stop', 'g');
    expect(host.read('/stop')).toBe(`${pid}\n`);
    expect(host.read('/post')).toBe('success killed TERM\n');
  });
});

describe('what comes before and after the start', () => {
  test('a guard that refuses keeps it from being started', async () => {
    host.service('a', ['ExecStartPre=/srv/guard'], 'echo never >"$ROOT/never"');
    host.file('/srv/guard', '#!/bin/sh\necho "Only the monitor starts this." >&2\nexit 1\n', 0o755);
    const said = await host.ask('systemctl', ['start', 'a']);
    expect(said.code).toBe(1);
    expect(host.has('/never')).toBe(false);
    const log = await host.ask('journalctl', [
      '-q',
      '-u',
      'a.service',
      '-t',
      'guard',
      '-n',
      '1',
      '-o',
      'cat',
      '--no-pager',
    ]);
    expect(log.stdout).toBe('Only the monitor starts this.\n');
    expect(host.told).toEqual([]);
  });

  test('a start that takes too long is ended', async () => {
    host.service('b', ['Type=oneshot', 'TimeoutStartSec=200ms'], sleeps);
    const said = await host.ask('systemctl', ['start', 'b']);
    expect(said).toMatchObject({code: 1, stderr: expect.stringContaining('a timeout was exceeded')});
    expect(await host.ctl('show', '-p', 'ActiveState,Result', 'b')).toBe(
      'Result=timeout\nActiveState=failed',
    );
  });

  test('a oneshot has done its work when the start is answered, and may stay active after it', async () => {
    host.service('c', ['Type=oneshot', 'RemainAfterExit=yes'], 'sleep 0.1; echo done >"$ROOT/c"');
    host.service('d', ['Type=oneshot'], 'exit 0');
    await host.ctl('start', 'c', 'd');
    expect(host.read('/c')).toBe('done\n');
    expect(await host.ctl('show', '-p', 'ActiveState,SubState', 'c', 'd')).toBe(
      'ActiveState=active\nSubState=exited\n\nActiveState=inactive\nSubState=dead',
    );
  });

  test('a start that is stopped meanwhile is canceled', async () => {
    host.service('e', ['Type=oneshot'], sleeps);
    const start = host.ask('systemctl', ['start', 'e']);
    await host.until('e', 'ActiveState', 'activating');
    await host.ctl('stop', 'e');
    expect(await start).toMatchObject({code: 1, stderr: 'Job for e.service canceled.\n'});
  });

  test('one that says when it is ready is activating until then, and fails when it ends before', async () => {
    host.service(
      'n',
      ['Type=notify', 'NotifyAccess=all'],
      'echo "$NOTIFY_SOCKET" >"$ROOT/socket"; exec sleep 1000',
    );
    const start = host.ask('systemctl', ['start', 'n']);
    await host.untilFile('/socket', /\n/);
    expect(await host.ctl('is-active', 'n')).toBe('activating');
    const env = {NOTIFY_SOCKET: host.read('/socket').trim()};
    await host.ask('systemd-notify', ['--ready', '--status=well'], {env, user: 'openclaw-monitor'});
    expect(await start).toMatchObject({code: 0});
    expect(await host.get('n', 'StatusText')).toBe('well');
    host.service('m', ['Type=notify'], 'exit 0');
    expect((await host.ask('systemctl', ['start', 'm'])).code).toBe(1);
    expect(await host.get('m', 'Result')).toBe('protocol');
  });

  test('one that stops feeding its watchdog is killed, and begun again', async () => {
    host.service(
      'w',
      [
        'Type=notify',
        'NotifyAccess=all',
        'WatchdogSec=400ms',
        'WatchdogSignal=SIGKILL',
        'Restart=always',
        'RestartSec=10ms',
      ],
      'echo "$NOTIFY_SOCKET" >"$ROOT/socket"; exec sleep 1000',
    );
    const start = host.ctl('start', 'w');
    await host.untilFile('/socket', /\n/);
    const env = {NOTIFY_SOCKET: host.read('/socket').trim()};
    await host.ask('systemd-notify', ['READY=1'], {env});
    await start;
    for (let round = 0; round < 6; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await host.ask('systemd-notify', ['--status=well', 'WATCHDOG=1'], {env});
    }
    expect(await host.ctl('is-active', 'w')).toBe('active');
    await host.until('w', 'NRestarts', /^[1-9]/);
    expect((await host.ask('journalctl', ['-u', 'w', '-o', 'cat'])).stdout).toContain(
      "Failed with result 'watchdog'.",
    );
  });
});

describe('what cannot be', () => {
  test.each([
    ['a user who is not there', 'User=nobody-here', 'exit-code', '217'],
    ['a folder that is not there', 'WorkingDirectory=/srv/none', 'exit-code', '200'],
    ['a file of variables that is not there', 'EnvironmentFile=/etc/none', 'resources', '0'],
    ['a folder where a file is', 'RuntimeDirectory=taken/x', 'resources', '0'],
  ])('%s ends the start', async (_, line, result, status) => {
    host.file('/run/taken', '');
    host.service('a', ['Type=oneshot', line], 'exit 0');
    expect((await host.ask('systemctl', ['start', 'a'])).code).toBe(1);
    expect(await host.ctl('show', '-p', 'ActiveState,Result,ExecMainStatus', 'a')).toBe(
      `Result=${result}\nExecMainStatus=${status}\nActiveState=failed`,
    );
    expect((await host.ask('journalctl', ['-o', 'cat'])).stdout).not.toContain(host.root);
  });

  test('a machine that begins nothing ends the start too', async () => {
    host.spawn = () => {
      throw new Error('no more processes');
    };
    host.service('a', ['Restart=no'], 'exit 0');
    expect((await host.ask('systemctl', ['start', 'a'])).code).toBe(1);
    expect(await host.get('a', 'Result')).toBe('resources');
    expect((await host.ask('journalctl', ['-u', 'a', '-o', 'cat'])).stdout).toContain('no more processes');
  });

  test('a reload that fails leaves the service as it was', async () => {
    host.service('a', ['ExecReload=/bin/false'], sleeps);
    await host.ctl('start', 'a');
    expect((await host.ask('systemctl', ['reload', 'a'])).code).toBe(1);
    expect(await host.ctl('show', '-p', 'ActiveState,SubState,Result', 'a')).toBe(
      'Result=success\nActiveState=active\nSubState=running',
    );
  });
});

test('many units at once leave no process behind, and no corpse', async () => {
  const names = Array.from({length: 20}, (_, at) => `many${at}`);
  for (const name of names)
    host.service(name, ['TimeoutStopSec=5'], '(sleep 900 & sleep 901) & exec sleep 902');
  expect((await host.ask('systemctl', ['start', ...names])).code).toBe(0);
  const groups = await Promise.all(
    names.map(async (name) => new Group(await host.get(name, 'InvocationID'), 0)),
  );
  expect((await host.ask('systemctl', ['restart', ...names.slice(0, 10)])).code).toBe(0);
  const later = await Promise.all(
    names.map(async (name) => new Group(await host.get(name, 'InvocationID'), 0)),
  );
  expect((await host.ask('systemctl', ['stop', ...names])).code).toBe(0);
  expect([...groups, ...later].flatMap((group) => group.members())).toEqual([]);
  const children = execFileSync('ps', ['-o', 'stat=', '--ppid', String(process.pid)], {encoding: 'utf8'});
  expect(children.split('\n').filter((state) => state.startsWith('Z'))).toEqual([]);
});

test('what may stay when its service ends is gone with the host', async () => {
  host.service('a', ['KillMode=process'], '(sleep 900; :) & echo $! >"$ROOT/pid"; exec sleep 901');
  await host.ctl('start', 'a');
  await host.untilFile('/pid', /\d\n/);
  await host.ctl('stop', 'a');
  const [pid = 0] = pidsIn('/pid');
  expect(isAlive(pid)).toBe(true);
  await host.systemd.shutdown();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('what a service finds: user, folder, environment, its own folders', async () => {
  host.file('/etc/environment', '# of the host\nPROXY="a b"\nWHO=file\n');
  host.service(
    'a',
    [
      'Type=oneshot',
      'User=openclaw',
      'WorkingDirectory=~',
      'EnvironmentFile=-/etc/environment',
      'EnvironmentFile=-/etc/nothing',
      'Environment="QUOTED=x y" WHO=line PERCENT=%% NAME=%n INSTANCE=%i',
      'RuntimeDirectory=one two',
      'RuntimeDirectoryMode=0750',
      'CacheDirectory=kept',
      'UMask=0077',
    ],
    'env | sort >"$ROOT/env"; pwd >"$ROOT/pwd"; : >"$ROOT/made"',
  );
  await host.ctl('start', 'a');
  const env = host.read('/env').split('\n');
  expect(env).toEqual(
    expect.arrayContaining([
      'HOME=/home/openclaw',
      'USER=openclaw',
      'RUNS_AS=openclaw',
      'SHELL=/bin/sh',
      'PROXY=a b',
      'WHO=file',
      'QUOTED=x y',
      'PERCENT=%',
      'NAME=a.service',
      'INSTANCE=',
      'RUNTIME_DIRECTORY=/run/one:/run/two',
      'CACHE_DIRECTORY=/var/cache/kept',
    ]),
  );
  expect(env.some((line) => /^INVOCATION_ID=[0-9a-f]{32}$/.test(line))).toBe(true);
  expect(host.read('/pwd')).toBe(`${host.root}/home/openclaw\n`);
  expect(statSync(`${host.root}/made`).mode & 0o777).toBe(0o600);
  expect([host.has('/run/one'), host.has('/var/cache/kept')]).toEqual([false, true]);
});
