import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {pairSchema} from '../../src/pair/schema.js';
import {layout, units} from '../../src/templates/layout.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {standbyFiles} from '../../src/templates/standby-files.js';
import {outdatedMark} from '../../src/templates/scripts/outdated.js';
import {below, contentOf, origin, pair} from './given.js';

const warm = standbyFiles({
  ...origin,
  settings: monitorSettings(pairSchema.parse({...pair, monitor: {standby: 'warm'}}), {
    primary: {address: '100.64.0.11', port: 18789},
  }),
  branch: 'main',
  programs: {monitor: '// monitor\n', accounts: '// accounts\n'},
});

let root: string;
const at = (absolute: string) => path.join(root, absolute);
const text = (absolute: string) => (existsSync(at(absolute)) ? readFileSync(at(absolute), 'utf8') : '');
const lines = (absolute: string) => text(absolute).replaceAll(root, '').split('\n').filter(Boolean);
function program(absolute: string, body: string): void {
  mkdirSync(path.dirname(at(absolute)), {recursive: true});
  writeFileSync(at(absolute), `#!/bin/sh\n${body}\n`);
  chmodSync(at(absolute), 0o755);
}
/** The host's memory, kB available. */
const memory = (availableKb: number) =>
  writeFileSync(at('/meminfo'), `MemTotal: 4000000 kB\nMemAvailable: ${availableKb} kB\n`);
/** systemctl: notes its calls; the gateway is `state`, and `fails` are units whose start fails. */
function systemctl(state: string, fails: string[] = []): void {
  const failing = fails.map((unit) => `"start ${unit}") exit 1 ;;`).join(' ');
  program(
    '/bin/systemctl',
    `echo "$*" >>${root}/calls\ncase $1 in show) echo ${state} ;; esac\ncase "$*" in ${failing} esac\nexit 0`,
  );
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'warm-'));
  for (const folder of [layout.lib, layout.run, layout.roleRun, layout.workRun, layout.stateDir])
    mkdirSync(at(folder), {recursive: true});
  for (const {path: where, content} of warm) {
    if (!String(content).startsWith('#!/bin/sh')) continue;
    const moved = below(root, String(content)).replaceAll('/proc/meminfo', `${root}/meminfo`);
    writeFileSync(at(where.startsWith(layout.lib) ? where : '/ignored'), moved);
    if (where.startsWith(layout.lib)) chmodSync(at(where), 0o755);
  }
  program(layout.node, `echo "$*" >>${root}/node-calls`);
  program(`${layout.lib}/fast-forward`, `echo fast-forward >>${root}/node-calls`);
  writeFileSync(at(layout.config), '{}');
  memory(3_000_000);
  systemctl('inactive');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const run = (script: string) => {
  const {status, stdout, stderr} = spawnSync(at(`${layout.lib}/${script}`), {
    env: {PATH: `${at('/bin')}:${process.env['PATH']}`},
    encoding: 'utf8',
    timeout: 20_000,
  });
  return {code: status, said: stdout + stderr};
};
const wish = (words: string) => writeFileSync(at(layout.role), `${words}\n`);
const runs = (as: string) => writeFileSync(at(layout.runsAs), `${as}\n`);
const live = () => JSON.parse(text(layout.liveConfig)) as unknown;
const asleep = {$include: './openclaw.json', channels: {irc: {accounts: {backup: {enabled: false}}}}};
const awake = {$include: './openclaw.json'};
const moves = () =>
  lines('/calls').filter(
    (call) =>
      /^(start|stop|kill --signal=KILL openclaw\.)/.test(call) &&
      ![units.prepare, units.outdated].some((unit) => call.endsWith(unit)),
  );
const report = () => (JSON.parse(text(layout.warmReport)) as {result: string}).result;

test.runIf(spawnSync('shellcheck', ['--version']).status === 0)('the scripts pass shellcheck', () => {
  for (const {path: where, content} of warm.filter((file) => String(file.content).startsWith('#!/bin/sh'))) {
    writeFileSync(at('/script'), String(content));
    expect(spawnSync('shellcheck', [at('/script')], {encoding: 'utf8'}).stdout, where).toBe('');
  }
});

test('its gateway reads a config of ours, which OpenClaw may not touch', () => {
  const unit = contentOf(warm, units.gateway);
  expect(unit).toContain(`Environment=OPENCLAW_CONFIG_PATH=${layout.liveConfig}\n`);
  expect(unit).toContain('Environment=OPENCLAW_CONFIG_READONLY=1\n');
  expect(unit).not.toContain('[Install]');
});

describe('the guard of a warm standby', () => {
  test('asleep: the channel is off, and no account may be enabled; the workspace is not touched', () => {
    wish('standby 3');
    expect(run('role-guard')).toMatchObject({code: 0});
    expect(live()).toEqual(asleep);
    expect(lines('/node-calls')).toEqual([
      `${layout.accountsProgram} guard --config ${layout.liveConfig} --asleep`,
    ]);
  });

  test('active: the config as setup wrote it, inside the approved split', () => {
    wish('active 4');
    expect(run('role-guard')).toMatchObject({code: 0});
    expect(live()).toEqual(awake);
    expect(lines('/node-calls').toSorted()).toEqual([
      `${layout.accountsProgram} guard --config ${layout.liveConfig}`,
      'fast-forward',
    ]);
  });

  test.each(['nothing 1', ''])('%j: refused', (words) => {
    wish(words);
    expect(run('role-guard').code).toBe(1);
    expect(existsSync(at(layout.liveConfig))).toBe(false);
  });
});

describe('waking', () => {
  const sleepBefore = () => {
    const old = new Date(Date.now() - 60_000);
    utimesSync(at(layout.config), old, old);
    wish('standby 4');
    expect(run('role-guard').code).toBe(0);
    rmSync(at('/node-calls'));
  };

  test('the checks of a start, then the config, then waiting until the gateway has taken it over', () => {
    sleepBefore();
    wish('active 5');
    expect(run('wake')).toMatchObject({code: 0});
    expect(live()).toEqual(awake);
    const calls = lines('/node-calls');
    expect(calls.at(-1)).toBe(`${layout.monitorProgram} await-awake`);
    expect(calls.slice(0, -1).toSorted()).toEqual([
      `${layout.accountsProgram} guard --config ${layout.config}`,
      'fast-forward',
    ]);
  });

  test('a mark that cannot be written keeps it from nothing', () => {
    sleepBefore();
    wish('active 5');
    mkdirSync(at(`${layout.workspace}/.git/${layout.inUse}`), {recursive: true});
    expect(run('wake')).toMatchObject({code: 0});
    expect(live()).toEqual(awake);
  });

  test.each([
    ['the split does not allow it', () => program(layout.node, 'case "$*" in *guard*) exit 1 ;; esac')],
    ['the monitor does not wish it', () => wish('standby 6')],
    [
      'the config is another than the sleeping gateway was started with',
      () => utimesSync(at(layout.config), new Date(), new Date(Date.now() + 5000)),
    ],
    ['its secrets are others', () => writeFileSync(at(layout.envFile), 'A=1\n')],
    [
      'the pulled secrets behind an old link are others',
      () => {
        const link = at(layout.gatewayEnv);
        mkdirSync(path.dirname(link), {recursive: true});
        const target = at('/pulled.env');
        writeFileSync(target, 'A=1\n');
        symlinkSync(target, link);
        const old = new Date(Date.now() - 600_000);
        lutimesSync(link, old, old);
      },
    ],
  ])('%s: it sleeps on', (_name, given) => {
    sleepBefore();
    wish('active 5');
    given();
    expect(run('wake').code).toBe(1);
    expect(live()).toEqual(asleep);
  });

  test('what was written while the clock was wrong is what it was started with all the same', () => {
    const future = new Date(Date.now() + 86_400_000);
    writeFileSync(at(layout.envFile), 'A=1\n');
    utimesSync(at(layout.envFile), future, future);
    sleepBefore();
    run('outdated');
    expect(existsSync(at(outdatedMark))).toBe(false);
  });

  test.each([
    ['nothing', () => {}, false],
    ['a secret', () => writeFileSync(at(layout.envFile), 'A=2\n'), true],
    ['the note of the start', () => rmSync(at(`${layout.workRun}/asleep-with`)), true],
  ])('another is %s: that is the answer', (_name, given, yes) => {
    sleepBefore();
    given();
    expect(run('outdated').code).toBe(0);
    expect(existsSync(at(outdatedMark))).toBe(yes);
  });
});

describe('on a full disk', () => {
  /** Whatever writes a byte into a file fails. */
  const full = (script: string) => {
    program(layout.node, 'exit 0');
    program(`${layout.lib}/fast-forward`, 'exit 0');
    const limited = ['-c', `ulimit -f 0; exec ${at(`${layout.lib}/${script}`)}`];
    return spawnSync('sh', limited, {encoding: 'utf8', timeout: 20_000});
  };
  beforeEach(() => {
    wish('standby 4');
    run('role-guard');
    wish('active 5');
  });

  test('a sleeping gateway is woken', () => {
    expect(full('wake')).toMatchObject({status: 0});
    expect(live()).toEqual(awake);
  });

  test('one that was not woken is started anew', () => {
    expect(full('wake')).toMatchObject({status: 0});
    expect(full('role-guard')).toMatchObject({status: 0});
    expect(live()).toEqual(awake);
  });

  test('a gateway whose sleep was ended is started', () => {
    expect(full('role-guard')).toMatchObject({status: 0});
    expect(live()).toEqual(awake);
  });

  test('one that falls asleep where a takeover has used what lay ready has it again', () => {
    run('wake');
    wish('standby 6');
    run('role-guard');
    expect(live()).toEqual(asleep);
    wish('active 7');
    expect(full('wake')).toMatchObject({status: 0});
    expect(live()).toEqual(awake);
  });
});

describe("root's part", () => {
  test('a takeover from a sleeping gateway wakes it, and starts nothing', () => {
    systemctl('active');
    runs('asleep');
    wish('active 7');
    run('role');
    expect(moves()).toEqual([`start ${units.wake}`]);
    expect(text(layout.handled)).toBe('active 7 0\n');
    expect(text(layout.runsAs)).toBe('active\n');
  });

  test('one that does not wake is ended and started anew, and that is told', () => {
    systemctl('active', [units.wake]);
    runs('asleep');
    wish('active 7');
    run('role');
    expect(moves()).toEqual([`start ${units.wake}`, `stop ${units.gateway}`, `start ${units.gateway}`]);
    expect(text(layout.handled)).toBe('active 7 0\n');
    expect(text(layout.handledWhy)).toBe('7 the sleeping gateway could not be woken; it was started anew\n');
  });

  test('without a sleeping gateway it is a start like any other', () => {
    wish('active 7');
    run('role');
    expect(moves()).toEqual([`start ${units.gateway}`]);
    expect(text(layout.runsAs)).toBe('active\n');
  });

  test('stepping back stops, hands back, answers, and only then falls asleep', () => {
    systemctl('active');
    runs('active');
    program(
      '/bin/systemctl',
      `${readFileSync(at('/bin/systemctl'), 'utf8')
        .split('\n')
        .slice(1)
        .join('\n')
        .replace(
          'exit 0',
          `[ "$*" != "start ${units.gateway}" ] || cat ${at(layout.handled)} >>${root}/before\nexit 0`,
        )}`,
    );
    wish('standby 8');
    run('role');
    expect(moves()).toEqual([
      `stop ${units.gateway}`,
      `start ${units.handback}`,
      `start --no-block ${units.handbackPush}`,
      `start ${units.gateway}`,
    ]);
    expect(text('/before')).toBe('standby 8 0\n');
    expect(text(layout.runsAs)).toBe('asleep\n');
    expect(report()).toBe('asleep');
  });

  test('one that sleeps already is left alone, however often it is looked at', () => {
    systemctl('active');
    runs('asleep');
    wish('standby 8');
    run('role');
    run('role');
    expect(moves()).toEqual([]);
    expect(text(layout.handled)).toBe('standby 8 0\n');
  });

  test.each([
    [
      'secrets that are others: it is started anew, asleep',
      () => `: >${at(outdatedMark)}`,
      [`stop ${units.gateway}`, `start ${units.gateway}`],
    ],
    ['the same secrets: left alone', () => `rm -f ${at(outdatedMark)}`, []],
    ['nobody could look: left alone', () => 'exit 1', []],
  ])('%s', (_name, looks, expected) => {
    systemctl('active');
    program(
      '/bin/systemctl',
      `echo "$*" >>${root}/calls
case "$*" in
  'start ${units.outdated}') ${looks()} ;;
  show*) if grep -q "^stop ${units.gateway}" ${root}/calls; then echo inactive; else echo active; fi ;;
esac`,
    );
    // Of an earlier look.
    writeFileSync(at(outdatedMark), '');
    runs('asleep');
    wish('standby 8');
    run('role');
    expect(moves()).toEqual(expected);
    expect(text(layout.handled)).toBe('standby 8 0\n');
    expect(text(layout.runsAs)).toBe('asleep\n');
  });

  test('a sleeping gateway that crashed is started again by the next look', () => {
    runs('asleep');
    wish('standby 8');
    run('role');
    expect(moves().at(-1)).toBe(`start ${units.gateway}`);
  });

  test('too little memory: cold for now, said as such; under pressure a sleeping one is stopped', () => {
    memory(900_000);
    wish('standby 8');
    run('role');
    expect(moves()).not.toContain(`start ${units.gateway}`);
    expect(report()).toBe('too-little-memory');
    rmSync(at('/calls'));
    systemctl('active');
    runs('asleep');
    memory(200_000);
    run('role');
    expect(moves()[0]).toBe(`stop ${units.gateway}`);
    expect(moves()).not.toContain(`start ${units.gateway}`);
  });

  test('the look every 5 min does not start again what a takeover has started', () => {
    wish('active 9');
    writeFileSync(at(layout.handled), 'active 9 0\n');
    run('role');
    expect(lines('/calls')).toEqual([]);
  });
});
