import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {GatewayFact, HostFacts} from '../../src/facts/types.js';
import {samplerFor} from '../../src/sampler/script.js';
import {runningPrimary} from '../phases/facts.js';
import {canRun, HostFolder, idle, RunningSampler} from './host-folder.js';

const gateway = (found: Partial<GatewayFact>, more: Partial<HostFacts> = {}): HostFacts =>
  runningPrimary({
    gateway: {known: true, value: {form: 'system-unit', active: true, user: 'root', listeners: [], ...found}},
    openclaw: {known: true, value: null},
    ...more,
  });
const unit = {form: 'system-unit', unit: 'openclaw.service'} as const;
const box = {form: 'compose', container: {engine: 'docker', name: 'claw'}} as const;

const start = (host: HostFolder, facts: HostFacts | undefined, change = (text: string) => text) =>
  new RunningSampler(change(host.here(samplerFor('primary', facts, ''))));

describe.runIf(canRun)('the sampler of a primary, run for real with sh', () => {
  it.each<[string, string, string]>([
    [
      'runs',
      'LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nMainPID=1\nNRestarts=2',
      'running - 1 - 2',
    ],
    [
      'was killed, and waits',
      'LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nResult=signal\nMainPID=0',
      'starting signal 0 - 0',
    ],
    [
      'drains',
      'LoadState=loaded\nActiveState=deactivating\nSubState=stop-sigterm\nResult=success\nMainPID=1',
      'stopping - 1 - 0',
    ],
    [
      'was stopped',
      'LoadState=loaded\nActiveState=inactive\nSubState=dead\nResult=success\nMainPID=0',
      'stopped - 0 - 0',
    ],
    [
      'failed',
      'LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nMainPID=0\nNRestarts=5',
      'failed exit-code 0 - 5',
    ],
    [
      'is not installed',
      'LoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0',
      'absent - 0 - 0',
    ],
    ['gives no answer', '', 'unknown - 0 - 0'],
    [
      'speaks in tongues',
      'LoadState=loaded\nActiveState=$(id)\nMainPID=1; id\nNRestarts=x\nResult=a b',
      'unknown - 0 - 0',
    ],
  ])('a unit that %s', async (_name, told, expected) => {
    const host = new HostFolder();
    writeFileSync(join(host.folder, 'units'), told);
    host.program('systemctl', `cat ${join(host.folder, 'units')}`);
    const sampler = start(host, gateway(unit));
    expect(await sampler.line(/^gateway /)).toBe(`gateway ${expected}`);
  });

  it('counts from when the unit became active', async () => {
    const host = new HostFolder();
    const since = Math.round((Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) - 5) * 1e6);
    host.program(
      'systemctl',
      `printf 'LoadState=loaded\\nActiveState=active\\nMainPID=1\\nActiveEnterTimestampMonotonic=${since}\\n'`,
    );
    expect(await start(host, gateway(unit)).line(/^gateway /)).toMatch(/^gateway running - 1 [56] 0$/);
  });

  it('asks the manager of the user, as that user', async () => {
    const host = new HostFolder();
    host.program(
      'systemctl',
      `echo "$(id -un) $*" >${join(host.folder, 'asked')}; printf 'LoadState=loaded\\nActiveState=active\\nMainPID=1\\n'`,
    );
    writeFileSync(join(host.folder, 'asked'), '');
    execFileSync('chmod', ['666', join(host.folder, 'asked')]);
    const facts = gateway({form: 'user-unit', unit: 'openclaw-gateway.service', user: 'nobody'});
    // Where its manager runs, there is a socket.
    const sampler = start(host, facts, (text) => text.replaceAll('[ ! -S "$RUN/systemd/private" ]', 'false'));
    await sampler.line(/^gateway running - 1 - 0$/);
    expect(execFileSync('cat', [join(host.folder, 'asked')], {encoding: 'utf8'})).toMatch(
      /^nobody --user show .*openclaw-gateway.service$/m,
    );
    const away = start(host, facts);
    expect(await away.line(/^gateway /)).toBe('gateway stopped - 0 - 0');
  });

  const id = 'a'.repeat(64);
  it.each<[string, string, string]>([
    ['runs', `${id} running 1 0 false 3`, 'running - 1 \\d+ 3'],
    ['restarts', `${id} restarting 0 1 false 4`, 'starting - 0 - 4'],
    ['was stopped', `${id} exited 0 143 false 0`, 'stopped - 0 - 0'],
    ['failed', `${id} exited 0 78 false 0`, 'failed exit-code 0 - 0'],
    ['had no memory left', `${id} exited 0 137 true 0`, 'failed oom-kill 0 - 0'],
    ['is paused', `${id} paused 1 0 false 0`, 'unknown paused 1 \\d+ 0'],
    ['is not there', 'Error: No such container: claw', 'absent - 0 - 0'],
    ['cannot be asked for', 'Cannot connect to the Docker daemon.\nIs it running?', 'unknown - 0 - 0'],
  ])('a container that %s', async (_name, said, expected) => {
    const host = new HostFolder();
    writeFileSync(join(host.folder, 'said'), `${said}\n`);
    host.program('docker', `[ "$1" = inspect ] && cat ${join(host.folder, 'said')}`);
    expect(await start(host, gateway(box)).line(/^gateway /)).toMatch(new RegExp(`^gateway ${expected}$`));
  });

  it('notices the end of a container by its process', async () => {
    const host = new HostFolder();
    const main = idle();
    host.program('docker', `cat ${join(host.folder, 'said')}`);
    writeFileSync(join(host.folder, 'said'), `${id} running ${main.pid} 0 false 0\n`);
    const sampler = start(host, gateway(box));
    await sampler.line(/^whole$/);
    writeFileSync(join(host.folder, 'said'), `${id} exited 0 137 false 0\n`);
    main.kill('SIGKILL');
    await sampler.line(/^gateway stopped - 0 - 0$/, {withinMs: 1000});
  });

  it('finds a gateway that was started by hand, and sees it go', async () => {
    const host = new HostFolder();
    host.program('openclaw-gateway', 'sleep 60; :');
    const byHand = new RunningSampler(`exec ${join(host.folder, 'bin/openclaw-gateway')}`);
    const sampler = start(host, gateway({form: 'foreground'}));
    await sampler.line(new RegExp(`^gateway running - ${byHand.child.pid} \\d+ 0$`));
    byHand.end();
    await sampler.line(/^gateway stopped - 0 - 0$/, {withinMs: 1000});
  });

  it('says nothing of a gateway that nothing is known of', async () => {
    const sampler = start(new HostFolder(), undefined);
    await sampler.line(/^whole$/);
    expect(sampler.lines).toContain('gateway unknown - 0 - 0');
  });

  it('says why nobody asks for accounts, once', async () => {
    const host = new HostFolder();
    host.program('systemctl', `printf 'LoadState=loaded\\nActiveState=active\\nMainPID=1\\n'`);
    const sampler = start(host, gateway(unit));
    await sampler.line(/^whole$/);
    expect(sampler.lines.filter((line) => line.startsWith('accounts'))).toEqual([
      'accounts {"known":false,"reason":"no Node was found on this host that could ask the gateway"}',
    ]);
  });

  it('names the newest commits, so that a copy that is behind can be counted', async () => {
    const host = new HostFolder();
    const path = join(host.folder, 'workspace');
    const git = (...args: string[]) => execFileSync('git', ['-C', path, ...args], {encoding: 'utf8'}).trim();
    mkdirSync(path);
    git('init', '-q', '-b', 'trunk');
    for (let count = 0; count < 3; count += 1)
      git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x');
    const config = {
      path: '/c',
      hash: '',
      tree: {agents: {defaults: {workspace: path}}},
      backups: [],
      plugins: {},
    };
    const sampler = start(host, gateway(unit, {config: {known: true, value: config}}));
    const told = JSON.parse((await sampler.line(/^workspace /)).slice(10)) as {recent: string[]};
    expect(told.recent).toEqual(git('log', '--format=%H').split('\n'));
  });

  it('tells of a drill from before its fault until it is undone', async () => {
    const host = new HostFolder();
    const sampler = start(host, gateway(unit));
    const next = (line: RegExp) => sampler.line(line);
    await next(/^whole$/);
    const first = (kind: string) => sampler.lines.findIndex((line) => line.startsWith(`${kind} `));
    expect(sampler.lines[first('drill')]).toBe('drill none');
    expect(first('drill')).toBeLessThan(first('gateway'));
    mkdirSync(host.drill);
    const mark = (id: string) => `{"id":"${id}","fault":"stop","who":"\\u0007 *"}`;
    writeFileSync(join(host.drill, 'drill.json'), `${mark('one')}\n`);
    expect(await next(/^drill .*"one"/)).toBe(`drill ${mark('one')}`);
    writeFileSync(join(host.drill, 'drill.json'), `${mark('two')}\nand more\n`);
    expect(await next(/^drill .*"two"/)).toBe(`drill ${mark('two')}`);
    // Undone by its timer; nobody has looked since.
    writeFileSync(join(host.drill, 'fired'), '2026-11-20T14:10:00Z\n');
    const undone = sampler.lines.length;
    writeFileSync(join(host.drill, 'fired'), '2026-11-20T14:10:00Z\n');
    expect(await sampler.line(/^drill /, {from: undone})).toBe('drill none');
    const again = sampler.lines.length;
    rmSync(join(host.drill, 'fired'));
    expect(await sampler.line(/^drill /, {from: again})).toContain('two');
    const inVain = sampler.lines.length;
    writeFileSync(join(host.drill, 'gave-up'), '');
    expect(await sampler.line(/^drill /, {from: inVain})).toBe('drill none');
    rmSync(join(host.drill, 'gave-up'));
    await sampler.line(/^drill .*two/, {from: inVain});
    // What nobody of ours has written is not told at length.
    const long = sampler.lines.length;
    writeFileSync(join(host.drill, 'drill.json'), 'x'.repeat(3000));
    expect(await sampler.line(/^drill /, {from: long})).toBe('drill none');
  });

  it('takes nothing of the facts for code', async () => {
    const host = new HostFolder();
    const evil = `'; touch ${join(host.folder, 'ran')}; echo '$(touch ${join(host.folder, 'ran')})\n*`;
    for (const found of [
      {form: 'system-unit', unit: evil, user: evil},
      {form: 'user-unit', unit: evil, user: evil},
      {form: 'compose', container: {engine: 'docker', name: evil, user: evil}},
      {form: 'foreground', user: evil},
    ] as const) {
      const facts = gateway({...found, stateDir: evil, configPath: evil, argv: [evil]});
      // oxlint-disable-next-line no-await-in-loop
      await start(host, facts).line(/^whole$/);
    }
    expect(spawnSync('test', ['-e', join(host.folder, 'ran')]).status).toBe(1);
  });
});

it.each<[string, HostFacts | undefined]>([
  ['a unit', gateway(unit)],
  ['a user unit', runningPrimary()],
  ['a container', gateway(box)],
  ['a process', gateway({form: 'foreground'})],
  ['none', gateway({form: 'none'})],
  ['not known', undefined],
])('is a script that sh accepts: %s', (_name, facts) => {
  const {text, limitS} = samplerFor('primary', facts, 'program');
  expect(spawnSync('sh', ['-n'], {input: text, encoding: 'utf8'}).stderr).toBe('');
  expect(limitS).toBeGreaterThan(900);
});

it('refuses a program that would end its own here-document', () => {
  const mark = /<<'(.*)'/.exec(samplerFor('primary', gateway(unit), '').text)?.[1];
  expect(() => samplerFor('primary', gateway(unit), `x\n${mark}\n`)).toThrow(TypeError);
});
