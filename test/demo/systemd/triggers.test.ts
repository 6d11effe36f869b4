import {mkdirSync, renameSync, rmSync, statSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {spanS} from '../../../src/drill/dead-man.js';
import {TestHost} from './host.js';

let host: TestHost;
beforeEach(async () => {
  host = new TestHost();
  await host.systemd.boot({upForS: 100});
});
afterEach(() => host.end());

const counts = 'echo x >>"$ROOT/count"';
const lines = (count: number) => 'x\n'.repeat(count);
const quiet = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As the monitor writes its wishes. */
function write(path: string, text: string): void {
  host.file(`${path}.new`, text);
  renameSync(`${host.root}${path}.new`, host.root + path);
}

describe('a path unit', () => {
  beforeEach(() => {
    host.unit('role.path', ['[Path]', 'PathChanged=/run/fo/role', 'Unit=role.service']);
  });

  test('starts its service when the file changes, not for what was there before', async () => {
    host.service('role', ['Type=oneshot'], counts);
    host.file('/run/fo/role', 'standby 1');
    await host.ctl('start', 'role.path');
    expect(await host.ctl('show', '-p', 'ActiveState,SubState', 'role.path')).toBe(
      'ActiveState=active\nSubState=waiting',
    );
    await quiet(400);
    expect(host.has('/count')).toBe(false);
    const began = performance.now();
    write('/run/fo/role', 'active 2');
    await host.untilFile('/count', lines(1));
    expect(performance.now() - began).toBeLessThan(5_000);
    write('/run/fo/role', 'standby 3');
    await host.untilFile('/count', lines(2));
    await quiet(400);
    expect(host.read('/count')).toBe(lines(2));
    await host.ctl('stop', 'role.path');
    write('/run/fo/role', 'active 4');
    await quiet(400);
    expect(host.read('/count')).toBe(lines(2));
  });

  test('sees a file in a folder that is not there yet, or is made anew', async () => {
    host.service('role', ['Type=oneshot'], counts);
    await host.ctl('start', 'role.path');
    mkdirSync(`${host.root}/run/fo`, {recursive: true});
    await quiet(50);
    write('/run/fo/role', '1');
    await host.untilFile('/count', lines(1));
    rmSync(`${host.root}/run/fo`, {recursive: true});
    // That it is gone is a change too.
    await host.untilFile('/count', lines(2));
    write('/run/fo/role', '2');
    await host.untilFile('/count', lines(3));
  });

  test('starts it once more for what changed while it was at work', async () => {
    host.service('role', ['Type=oneshot'], `${counts}; while [ ! -e "$ROOT/go" ]; do sleep 0.02; done`);
    host.file('/run/fo/role', '1');
    await host.ctl('start', 'role.path');
    write('/run/fo/role', '2');
    await host.untilFile('/count', lines(1));
    write('/run/fo/role', '3');
    await quiet(100);
    write('/run/fo/role', '4');
    await quiet(400);
    expect(host.read('/count')).toBe(lines(1));
    host.file('/go', '');
    await host.untilFile('/count', lines(2));
    await host.until('role', 'ActiveState', 'inactive');
    await quiet(400);
    expect(host.read('/count')).toBe(lines(2));
  });

  test('of PathExists starts at once', async () => {
    host.unit('there.path', ['[Path]', 'PathExists=/run/flag']);
    host.service('there', ['Type=oneshot'], `rm "$ROOT/run/flag"; ${counts}`);
    host.file('/run/flag', '');
    await host.ctl('start', 'there.path');
    await host.untilFile('/count', lines(1));
    await quiet(300);
    expect(host.read('/count')).toBe(lines(1));
  });
});

test('a path unit gives up when its service may not be started that often', async () => {
  host.unit('there.path', ['[Path]', 'PathExists=/run/flag']);
  host.unit('there.service', ['[Service]', 'Type=oneshot', 'ExecStart=/srv/there'], counts);
  host.file('/run/flag', '');
  await host.ctl('start', 'there.path');
  await host.until('there.path', 'Result', 'unit-start-limit-hit');
  expect([await host.ctl('is-active', 'there.path'), host.read('/count')]).toEqual(['failed', lines(5)]);
});

describe('a timer', () => {
  const timer = (...keys: string[]) => {
    host.unit('t.timer', ['[Timer]', ...keys, '[Install]', 'WantedBy=timers.target']);
    host.service('t', ['Type=oneshot'], counts);
    return host.ctl('start', 't.timer');
  };
  /** s from now. */
  const next = async () => {
    const [up] = (await import('node:fs')).readFileSync('/proc/uptime', 'utf8').split(' ');
    return (spanS(await host.get('t.timer', 'NextElapseUSecMonotonic')) ?? Number.NaN) - Number(up);
  };

  test('counts from the boot of the host; what is over elapses at once', async () => {
    await timer('OnBootSec=5min');
    expect(await next()).toBeCloseTo(200, -1);
    await host.ctl('stop', 't.timer');
    host.unit('u.timer', ['[Timer]', 'OnBootSec=60', 'Unit=t.service']);
    await host.ctl('start', 'u.timer');
    await host.untilFile('/count', lines(1));
    await host.until('u.timer', 'SubState', 'elapsed');
    expect(await host.get('u.timer', 'NextElapseUSecMonotonic')).toBe('infinity');
  });

  test('goes on after each end of its service', async () => {
    await timer('OnActiveSec=0', 'OnUnitInactiveSec=200ms');
    await host.untilFile('/count', /^(?:x\n){3,}$/);
    expect(await host.get('t.timer', 'ActiveState')).toBe('active');
    await host.ctl('stop', 't.timer');
    await quiet(100);
    const before = host.read('/count');
    await quiet(500);
    expect(host.read('/count')).toBe(before);
  });

  test('counts anew when somebody else starts its service', async () => {
    await timer('OnBootSec=1h', 'OnUnitActiveSec=5min', 'OnUnitInactiveSec=5min', 'RandomizedDelaySec=15');
    expect(await next()).toBeGreaterThan(3400);
    await host.ctl('start', 't');
    await expect.poll(next).toBeLessThan(316);
    expect(await next()).toBeGreaterThan(280);
  });

  test('by the calendar, and is listed', async () => {
    await timer('OnCalendar=Sat *-*-01..07 03:30:00', 'Persistent=true');
    const said = await host.ctl('show', 't.timer', '--property=NextElapseUSecRealtime', '--timestamp=unix');
    const at = new Date(Number(/^NextElapseUSecRealtime=@(\d+)$/.exec(said)![1]) * 1000);
    expect([at.getUTCDay(), at.getUTCHours(), at.getUTCMinutes()]).toEqual([6, 3, 30]);
    expect(at.getUTCDate()).toBeLessThan(8);
    expect(statSync(`${host.root}/var/lib/systemd/timers/stamp-t.timer`).isFile()).toBe(true);
    expect(await host.ctl('list-timers', 't.timer')).toMatch(
      /^NEXT +LEFT +LAST +PASSED +UNIT +ACTIVATES\nSat .* left +- +- +t\.timer t\.service\n\n1 timers listed\./,
    );
  });

  test('refuses where there is nothing to start', async () => {
    host.unit('lost.timer', ['[Timer]', 'OnBootSec=1']);
    expect((await host.ask('systemctl', ['start', 'lost.timer'])).code).toBe(1);
  });
});

describe('units that belong together', () => {
  const sleeps = 'exec sleep 1000';
  beforeEach(() => {
    host.unit(
      'gw.service',
      [
        '[Unit]',
        'Wants=verify.service nothing.service',
        '[Service]',
        'Type=exec',
        'ExecStartPre=/srv/guard',
        'ExecStart=/srv/gw',
      ],
      sleeps,
    );
    host.unit(
      'verify.service',
      ['[Unit]', 'BindsTo=gw.service', 'After=gw.service', '[Service]', 'Type=exec', 'ExecStart=/srv/verify'],
      'echo up >>"$ROOT/verify"; exec sleep 1000',
    );
    host.file('/srv/guard', '#!/bin/sh\nsleep 0.2\n[ ! -e "$ROOT/no" ]\n', 0o755);
  });

  test('what is wanted comes after it, and goes with it', async () => {
    await host.ctl('start', 'gw');
    await host.until('verify', 'ActiveState', 'active');
    await host.ctl('stop', 'gw');
    expect(await host.ctl('is-active', 'verify')).toBe('inactive');
    await host.ctl('start', 'gw');
    await host.until('verify', 'ActiveState', 'active');
    await host.ctl('kill', '--signal=KILL', 'gw');
    await host.until('verify', 'ActiveState', 'inactive');
  });

  test('what is bound to it is not begun without it', async () => {
    host.file('/no', '');
    expect((await host.ask('systemctl', ['start', 'gw'])).code).toBe(1);
    await quiet(200);
    expect([await host.ctl('is-active', 'verify'), host.has('/verify')]).toEqual(['inactive', false]);
  });

  test('a restart brings both back', async () => {
    await host.ctl('start', 'gw');
    await host.until('verify', 'ActiveState', 'active');
    const pid = await host.get('verify', 'MainPID');
    expect((await host.ask('systemctl', ['restart', 'gw'])).code).toBe(0);
    await host.until('verify', 'ActiveState', 'active');
    expect(await host.get('verify', 'MainPID')).not.toBe(pid);
  });

  test('a stop that waits for its end is waited for by a start', async () => {
    host.service(
      'slow',
      [],
      `trap 'sleep 0.3; echo down >>"$ROOT/order"; exit 0' TERM; echo up >>"$ROOT/order"; while :; do sleep 0.05; done`,
    );
    await host.ctl('start', 'slow');
    await host.untilFile('/order', 'up\n');
    const stop = host.ctl('stop', 'slow');
    await host.until('slow', 'ActiveState', 'deactivating');
    await host.ctl('start', 'slow');
    await stop;
    await host.untilFile('/order', 'up\ndown\nup\n');
    expect(await host.ctl('is-active', 'slow')).toBe('active');
  });
});
