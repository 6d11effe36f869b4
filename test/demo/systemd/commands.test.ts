import {lstatSync, readlinkSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {armedFor, leftOf, spanS} from '../../../src/drill/dead-man.js';
import {parseUnit} from '../../../src/monitor/unit.js';
import {TestHost} from './host.js';

let host: TestHost;
beforeEach(async () => {
  host = new TestHost();
  host.systemd.builtIn('fail2ban.service', {description: 'Fail2Ban Service'});
  host.systemd.builtIn('tailscaled.service', {enabled: false});
  await host.systemd.boot();
});
afterEach(() => host.end());
const sleeps = 'exec sleep 1000';

describe('every command as the product gives it', () => {
  test('the facts of units, also of those that are built in, have another name, or are not there', async () => {
    host.service('openclaw', [], sleeps);
    await host.ctl('start', 'openclaw');
    const {stdout, code} = await host.ask('systemctl', [
      'show',
      '--no-pager',
      '-p',
      'Id,Names,LoadState,ActiveState,SubState,UnitFileState,Result',
      '-p',
      'NeedDaemonReload,MainPID,NRestarts,ActiveEnterTimestampMonotonic,FragmentPath',
      '--',
      'openclaw.service',
      'sshd',
      'fail2ban',
      'nothing.service',
    ]);
    expect(code).toBe(0);
    const blocks = stdout.split('\n\n').map((block) =>
      Object.fromEntries(
        block
          .trim()
          .split('\n')
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      ),
    );
    expect(blocks).toMatchObject([
      {
        Id: 'openclaw.service',
        LoadState: 'loaded',
        ActiveState: 'active',
        SubState: 'running',
        UnitFileState: 'static',
        FragmentPath: '/etc/systemd/system/openclaw.service',
        NeedDaemonReload: 'no',
      },
      {
        Id: 'ssh.service',
        Names: 'ssh.service sshd.service',
        ActiveState: 'active',
        SubState: 'running',
        UnitFileState: 'enabled',
      },
      {Id: 'fail2ban.service', ActiveState: 'active'},
      {Id: 'nothing.service', LoadState: 'not-found', ActiveState: 'inactive', MainPID: '0'},
    ]);
    expect(Number(blocks[0]!['MainPID'])).toBeGreaterThan(1);
  });

  test('the state as the monitor asks and reads it', async () => {
    host.service('openclaw', [], 'exit 7');
    const ask = async () =>
      parseUnit(
        await host.ctl(
          'show',
          'openclaw.service',
          '--no-pager',
          ...['LoadState', 'ActiveState', 'SubState', 'Result', 'ExecMainStatus'].map(
            (name) => `--property=${name}`,
          ),
        ),
      );
    expect(await ask()).toEqual({state: 'stopped', result: 'success', exitCode: 0});
    await host.ctl('start', 'openclaw');
    await host.until('openclaw', 'ActiveState', 'failed');
    expect(await ask()).toEqual({state: 'failed', result: 'exit-code', exitCode: 7});
  });

  test('one property, its value alone', async () => {
    host.service('a', ['Restart=always'], sleeps);
    expect(await host.ctl('show', '--property=ActiveState', '--value', 'a.service')).toBe('inactive');
    expect(await host.ctl('show', '-p', 'Restart', '--value', 'a.service')).toBe('always');
    expect(await host.ctl('show', '-P', 'ActiveState', 'a.service')).toBe('inactive');
  });

  test('version', async () => {
    expect((await host.ctl('--version')).split('\n')[0]).toMatch(/^systemd 252 /);
  });

  test('is-active says the state and whether', async () => {
    host.service('a', [], sleeps);
    expect(await host.ask('systemctl', ['is-active', 'a.service'])).toEqual({
      code: 3,
      stdout: 'inactive\n',
      stderr: '',
    });
    await host.ctl('start', '--no-block', 'a.service');
    await host.until('a', 'ActiveState', 'active');
    expect(await host.ask('systemctl', ['is-active', 'a.service'])).toEqual({
      code: 0,
      stdout: 'active\n',
      stderr: '',
    });
  });

  test('what is not there', async () => {
    const of = async (...argv: string[]) => {
      const {code, stderr} = await host.ask('systemctl', argv);
      return `${code} ${stderr}`;
    };
    expect(await of('start', 'no')).toBe('5 Failed to start no.service: Unit no.service not found.\n');
    expect(await of('stop', 'no.timer')).toBe('5 Failed to stop no.timer: Unit no.timer not loaded.\n');
    expect(await of('reset-failed', 'no')).toBe(
      '1 Failed to reset failed state of unit no.service: Unit no.service not loaded.\n',
    );
    expect(await of('is-enabled', 'no')).toBe(
      '1 Failed to get unit file state for no.service: No such file or directory\n',
    );
    expect(await of('enable', '-q', 'no')).toBe(
      '1 Failed to enable unit: Unit file no.service does not exist.\n',
    );
    expect(await of('dance', 'no')).toBe("1 Unknown command verb 'dance'.\n");
    expect(await of('show', '--dance', 'no')).toBe("1 systemctl: unrecognized option '--dance'\n");
    expect(await of('status', 'no')).toBe('4 Unit no.service could not be found.\n');
  });

  test('users who are not root may look, and change nothing', async () => {
    host.service('a', [], sleeps);
    const said = await host.ask('systemctl', ['start', 'a'], {user: 'openclaw'});
    expect(said).toMatchObject({
      code: 4,
      stderr: 'Failed to start a.service: Interactive authentication required.\n',
    });
    expect((await host.ask('systemctl', ['is-active', 'a'], {user: 'openclaw'})).stdout).toBe('inactive\n');
  });

  test('enable and disable make and take links that lead somewhere, and say so', async () => {
    host.unit('t.timer', ['[Timer]', 'OnBootSec=1h', '[Install]', 'WantedBy=timers.target']);
    host.service('t', [], sleeps);
    const link = '/etc/systemd/system/timers.target.wants/t.timer';
    expect(await host.ctl('is-enabled', 't.timer')).toBe('disabled');
    expect((await host.ask('systemctl', ['enable', '--now', 't.timer'])).stderr).toBe(
      `Created symlink ${link} → /etc/systemd/system/t.timer.\n`,
    );
    expect(readlinkSync(host.root + link)).toBe('../t.timer');
    expect([await host.ctl('is-enabled', 't.timer'), await host.ctl('is-active', 't.timer')]).toEqual([
      'enabled',
      'active',
    ]);
    expect(await host.ask('systemctl', ['enable', '-q', 't.timer'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await host.ask('systemctl', ['disable', '--now', 't.timer'])).stderr).toBe(
      `Removed "${link}".\n`,
    );
    expect(() => lstatSync(host.root + link)).toThrow();
    expect([await host.ctl('is-enabled', 't.timer'), await host.ctl('is-active', 't.timer')]).toEqual([
      'disabled',
      'inactive',
    ]);
    expect((await host.ask('systemctl', ['enable', '-q', '--now', 'tailscaled'])).code).toBe(0);
    expect([await host.ctl('is-enabled', 'tailscaled'), await host.ctl('is-active', 'tailscaled')]).toEqual([
      'enabled',
      'active',
    ]);
  });

  test('a unit that a package brought is enabled by a link to it, and may take the place of one without a file', async () => {
    host.file(
      '/lib/systemd/system/cron.service',
      '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n',
    );
    await host.ctl('enable', '-q', '--now', 'cron');
    const link = `${host.root}/etc/systemd/system/multi-user.target.wants/cron.service`;
    expect(readlinkSync(link)).toBe('../../../../lib/systemd/system/cron.service');
    expect(await host.get('cron', 'FragmentPath')).toBe('/lib/systemd/system/cron.service');
    await host.ctl('stop', 'fail2ban');
    host.file('/lib/systemd/system/fail2ban.service', '[Service]\nExecStart=/bin/sleep 1000\n');
    await host.ctl('daemon-reload');
    await host.ctl('start', 'fail2ban');
    expect(Number(await host.get('fail2ban', 'MainPID'))).toBeGreaterThan(0);
  });

  test('a file that changed is seen, and counts from the next reload', async () => {
    host.service('a', [], sleeps);
    await host.ctl('start', 'a');
    const pid = await host.get('a', 'MainPID');
    await new Promise((resolve) => setTimeout(resolve, 20));
    host.service('a', ['Restart=always'], sleeps);
    expect([await host.get('a', 'NeedDaemonReload'), await host.get('a', 'Restart')]).toEqual(['yes', 'no']);
    await host.ctl('daemon-reload');
    expect([await host.get('a', 'NeedDaemonReload'), await host.get('a', 'Restart')]).toEqual([
      'no',
      'always',
    ]);
    expect(await host.get('a', 'MainPID')).toBe(pid);
  });

  test('status for people', async () => {
    host.service('a', [], 'echo hello; exec sleep 1000');
    await host.ctl('start', 'a');
    await expect.poll(() => host.ctl('status', 'a')).toContain('a[');
    const text = await host.ctl('status', 'a');
    expect(text).toMatch(
      /^● a\.service - The a\n {5}Loaded: loaded \(\/etc\/systemd\/system\/a\.service; static\)\n {5}Active: active \(running\) since \w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; \d+m?s ago\n {3}Main PID: \d+\n\n/,
    );
    expect(text).toMatch(/ standby a\[\d+\]: hello$/m);
  });

  test("reboot is the machine's", async () => {
    expect((await host.ask('systemctl', ['reboot', '--no-wall'])).code).toBe(0);
    await expect.poll(() => host.rebooted).toBe(1);
  });
});

describe('systemd-run', () => {
  const unit = 'openclaw-failover-drill-revert';
  const arm = (afterS: number) =>
    host.ask('systemd-run', [
      '--quiet',
      `--unit=${unit}`,
      `--on-active=${afterS}`,
      '--timer-property=AccuracySec=1s',
      '--collect',
      '--description=failover-wizard: undoes a drill by itself',
      '/bin/sh',
      '/run/undo.sh',
    ]);
  const timerText = async () =>
    `${await host.ctl('show', `${unit}.timer`, '-p', 'ActiveState', '-p', 'NextElapseUSecMonotonic', '-p', 'ActiveEnterTimestampMonotonic')}\n${(await import('node:fs')).readFileSync('/proc/uptime', 'utf8')}`;

  test('arms a timer whose time is read as the dead man reads it, and a stop leaves nothing', async () => {
    host.file('/run/undo.sh', 'echo undone >"$ROOT/undone"\n');
    expect(await arm(3723)).toEqual({code: 0, stdout: '', stderr: ''});
    const text = await timerText();
    expect(armedFor(text)).toBeCloseTo(3723, 0);
    expect(Math.abs(leftOf(text)! - 3723)).toBeLessThan(5);
    expect(await arm(10)).toMatchObject({code: 1, stderr: expect.stringContaining('already loaded')});
    expect(await host.ctl('is-enabled', `${unit}.timer`)).toBe('transient');
    expect((await host.ask('systemctl', ['stop', `${unit}.timer`])).code).toBe(0);
    expect(await host.ctl('is-active', `${unit}.timer`)).toBe('inactive');
    expect((await host.ask('systemctl', ['stop', `${unit}.service`])).code).toBe(5);
    expect(await arm(5)).toMatchObject({code: 0});
    expect(host.has('/undone')).toBe(false);
  });

  test('runs what it shall when it is time, once, and forgets it', async () => {
    host.file('/run/undo.sh', 'echo undone >>"$ROOT/undone"; sleep 0.2\n');
    await arm(0.3);
    await host.untilFile('/undone', 'undone\n');
    await expect
      .poll(() => host.ctl('show', '-p', 'LoadState', '--value', `${unit}.timer`))
      .toBe('not-found');
    await expect
      .poll(() => host.ctl('show', '-p', 'LoadState', '--value', `${unit}.service`))
      .toBe('not-found');
    expect(host.has('/run/systemd/transient/openclaw-failover-drill-revert.timer')).toBe(false);
  });

  test('what a timer would do can be done at once', async () => {
    host.file('/run/undo.sh', 'echo undone >>"$ROOT/undone"\n');
    await arm(1000);
    expect((await host.ask('systemctl', ['start', `${unit}.service`])).code).toBe(0);
    await host.untilFile('/undone', 'undone\n');
    await host.ctl('stop', `${unit}.timer`);
    expect(await host.ctl('is-active', `${unit}.timer`)).toBe('inactive');
  });

  test('a service of its own, with a whole script as one word', async () => {
    const said = await host.ask('systemd-run', [
      '--quiet',
      '--unit=live.service',
      '--uid=openclaw',
      '--gid=openclaw',
      '--property=RuntimeMaxSec=180',
      '--property=KillMode=mixed',
      '--property=TimeoutStopSec=20',
      '--collect',
      '--property=EnvironmentFile=-/etc/environment',
      '--property=CacheDirectory=openclaw-failover',
      '--property=CacheDirectoryMode=0700',
      '--setenv=NODE_COMPILE_CACHE=/var/cache/openclaw-failover',
      '--setenv=ONLY=1',
      '/bin/sh',
      '-c',
      'echo "$$RUNS_AS $$NODE_COMPILE_CACHE 100% a;b \'c\'" >"$$ROOT/live"\nexec sleep 1000',
    ]);
    expect(said).toEqual({code: 0, stdout: '', stderr: ''});
    await host.untilFile('/live', "openclaw /var/cache/openclaw-failover 100% a;b 'c'\n");
    expect(await host.ctl('is-active', 'live.service')).toBe('active');
    expect((await host.ask('systemctl', ['stop', 'live.service'])).code).toBe(0);
    expect(await host.ctl('is-active', 'live.service')).toBe('inactive');
    expect((await host.ask('systemctl', ['stop', 'live.service'])).code).toBe(5);
  });

  test('waits, and passes on what is said and how it ended', async () => {
    const said = await host.ask('systemd-run', [
      '--wait',
      '--pipe',
      '--collect',
      '--quiet',
      '/bin/sh',
      '-c',
      'echo said; exit 4',
    ]);
    expect(said).toEqual({code: 4, stdout: 'said\n', stderr: ''});
  });
});

describe('a user of the host', () => {
  const env = {XDG_RUNTIME_DIR: '/run/user/1000'};
  const user = (argv: string[]) => host.ask('systemctl', ['--user', ...argv], {env, user: 'alice'});

  test('has a manager from when they linger, which has its own units and journal', async () => {
    host.file(
      '/home/alice/.config/systemd/user/openclaw-gateway.service',
      '[Service]\nExecStart=/srv/gw %h\nRestart=always\n[Install]\nWantedBy=default.target\n',
    );
    host.file('/srv/gw', '#!/bin/sh\necho "I am $USER in $XDG_RUNTIME_DIR $1"\nexec sleep 1000\n', 0o755);
    expect(await user(['is-active', 'openclaw-gateway'])).toMatchObject({
      code: 1,
      stderr: 'Failed to connect to bus: No such file or directory\n',
    });
    expect((await host.ask('loginctl', ['enable-linger', 'alice'])).code).toBe(0);
    expect(host.has('/var/lib/systemd/linger/alice')).toBe(true);
    expect(lstatSync(`${host.root}/run/user/1000/bus`).isSocket()).toBe(true);
    expect((await user(['enable', '--now', 'openclaw-gateway.service'])).code).toBe(0);
    expect((await user(['is-active', 'openclaw-gateway.service'])).stdout).toBe('active\n');
    expect(host.has('/run/user/1000/systemd/units')).toBe(true);
    expect(await host.ctl('show', '-p', 'LoadState', '--value', 'openclaw-gateway.service')).toBe(
      'not-found',
    );
    const match = [
      '_SYSTEMD_USER_UNIT=openclaw-gateway.service',
      '_UID=1000',
      '+',
      'USER_UNIT=openclaw-gateway.service',
      '_UID=1000',
    ];
    await expect
      .poll(
        async () =>
          (await host.ask('journalctl', ['--no-hostname', '--output=short', '--lines=20', ...match])).stdout,
      )
      .toMatch(
        /^\w{3} \d\d \d\d:\d\d:\d\d systemd\[\d+\]: Started openclaw-gateway\.service\.\n\w{3} \d\d \d\d:\d\d:\d\d gw\[\d+\]: I am alice in \/run\/user\/1000 \/home\/alice\n$/,
      );
    expect((await host.ask('loginctl', ['show-user', 'alice', '-p', 'Linger', '--value'])).stdout).toBe(
      'yes\n',
    );
    expect((await user(['show-environment'])).stdout).toContain('XDG_RUNTIME_DIR=/run/user/1000\n');
    expect((await user(['kill', '--signal=SIGKILL', 'openclaw-gateway.service'])).code).toBe(0);
    await expect
      .poll(async () => (await user(['show', '-p', 'NRestarts', '--value', 'openclaw-gateway'])).stdout)
      .toBe('1\n');
  });

  test('of another is not to be spoken to', async () => {
    await host.ask('loginctl', ['enable-linger', 'alice']);
    const said = await host.ask('systemctl', ['--user', 'is-active', 'x'], {env, user: 'openclaw'});
    expect(said.code).toBe(1);
    expect((await host.ask('systemctl', ['--user', 'is-active', 'x'], {user: 'alice'})).stderr).toContain(
      '$XDG_RUNTIME_DIR not defined',
    );
  });

  test('is there when root starts it, and comes again after a boot when they linger', async () => {
    expect((await host.ask('systemctl', ['start', 'user@1000.service'])).code).toBe(0);
    await expect.poll(async () => (await user(['is-active', 'default.target'])).stdout).toBe('active\n');
    expect((await host.ask('systemctl', ['start', 'user@1000.service'])).code).toBe(0);
    await host.ask('loginctl', ['enable-linger', 'alice']);
    host.systemd.crash();
    await host.systemd.boot();
    expect((await user(['is-active', 'default.target'])).stdout).toBe('active\n');
    await host.ask('systemctl', ['start', 'user@1000.service']);
    await host.ask('loginctl', ['disable-linger', 'alice']);
    expect((await user(['is-active', 'default.target'])).code).toBe(1);
    await host.ask('systemctl', ['start', 'user@1000.service']);
    await expect.poll(async () => (await user(['is-active', 'default.target'])).stdout).toBe('active\n');
  });
});

test('spans are printed as they are read', () => {
  expect(spanS('1h 2min 3.004s')).toBeCloseTo(3723.004);
});
