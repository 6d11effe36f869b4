import {execFileSync, spawnSync} from 'node:child_process';
import {appendFileSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {samplerFor} from '../../src/sampler/script.js';
import {canRun, HostFolder, idle, RunningSampler} from './host-folder.js';

/** What `systemctl show` says of the gateway's unit and the monitor's. */
const units = (gateway: Record<string, string | number>, monitor: Record<string, string | number>) =>
  [gateway, monitor]
    .map((unit) => Object.entries({LoadState: 'loaded', Result: 'success', NRestarts: 0, ...unit}))
    .map((entries) => entries.map(([name, value]) => `${name}=${value}`).join('\n'))
    .join('\n\n');
const asleep = {ActiveState: 'inactive', SubState: 'dead', MainPID: 0};
const up = (pid: number | undefined) => ({ActiveState: 'active', SubState: 'running', MainPID: pid ?? 0});
const event = (seq: number) => `{"seq":${seq},"say":"${'x'.repeat(200)}"}`;
const liveLine = (state: string, ms: number) =>
  `{"time":"x","ms":${ms},"state":"${state}","unit":{"state":"stopped"}}`;

function standby(): {host: HostFolder; start: (change?: (text: string) => string) => RunningSampler} {
  const host = new HostFolder();
  host.program('systemctl', `cat ${join(host.folder, 'units')}`);
  writeFileSync(join(host.folder, 'units'), units(asleep, up(process.pid)));
  replaceLive(host, liveLine('watching', 1));
  writeFileSync(host.events, `${event(1)}\n${event(2)}\n`);
  return {
    host,
    start: (change = (text) => text) =>
      new RunningSampler(change(host.here(samplerFor('standby', undefined, '')))),
  };
}

function replaceLive({live}: HostFolder, text: string): void {
  writeFileSync(`${live}.new`, `${text}\n`);
  renameSync(`${live}.new`, live);
}

describe.runIf(canRun)('the sampler of a standby, run for real with sh', () => {
  it('tells everything once, then that it is whole', async () => {
    const sampler = standby().start();
    await sampler.line(/^whole$/);
    const told = sampler.lines
      .slice(0, sampler.lines.indexOf('whole'))
      .filter((line) => !line.startsWith('event'));
    expect(told.map((line) => line.split(' ')[0]).toSorted()).toEqual(
      ['hello', 'clock', 'machine', 'gateway', 'monitor', 'live', 'config', 'workspace', 'disk'].toSorted(),
    );
    expect(sampler.lines[0]).toBe('hello 1');
    expect(sampler.lines).toContain('gateway stopped - 0 - 0');
    expect(sampler.lines).toContain('monitor active');
    expect(sampler.lines).toContain(`live ${liveLine('watching', 1)}`);
    expect(sampler.lines).toContain('workspace none');
    expect(sampler.lines.filter((line) => line.startsWith('event'))).toEqual([
      `event ${event(1)}`,
      `event ${event(2)}`,
    ]);
  });

  it('gives its clock at least every 2 s, and that of now', async () => {
    const sampler = standby().start();
    await sampler.line(/^whole$/);
    await sleep(4300);
    const clocks = sampler.lines
      .filter((line) => line.startsWith('clock '))
      .map((line) => Number(line.slice(6)));
    expect(clocks.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...clocks.map((ms, index) => ms - (clocks[index - 1] ?? ms)))).toBeLessThan(2600);
    expect(Date.now() - clocks.at(-1)!).toBeLessThan(3000);
    expect(Date.now()).toBeGreaterThanOrEqual(clocks.at(-1)!);
  });

  it('tells an event at once, whole lines only, in order', async () => {
    const {host, start} = standby();
    const sampler = start();
    await sampler.line(/^whole$/);
    const from = sampler.lines.length;
    const began = performance.now();
    appendFileSync(host.events, `${event(3)}\n{"seq":4,`);
    await sampler.line(/"seq":3/, {from});
    expect(performance.now() - began).toBeLessThan(800);
    await sleep(400);
    appendFileSync(host.events, `"say":"late"}\n${event(5)}\n`);
    await sampler.line(/"seq":5/, {from});
    const told = sampler.lines.slice(from).filter((line) => line.startsWith('event '));
    expect(told).toEqual([`event ${event(3)}`, 'event {"seq":4,"say":"late"}', `event ${event(5)}`]);
  });

  it('loses nothing when the log is rotated, and when the monitor takes half a line back', async () => {
    const {host, start} = standby();
    const sampler = start();
    await sampler.line(/^whole$/);
    appendFileSync(host.events, `${event(3)}\n`);
    renameSync(host.events, `${host.events}.1`);
    writeFileSync(host.events, `${event(4)}\n`);
    await sampler.line(/"seq":4/);
    const size = readFileSync(host.events).length;
    appendFileSync(host.events, '{"seq":5,"say":"a line that the full disk has cut');
    await sleep(500);
    truncateSync(host.events, size);
    await sleep(300);
    appendFileSync(host.events, `{"seq":5}\n{"seq":6}\n`);
    await sampler.line(/"seq":6/);
    expect(
      sampler.lines.filter((line) => line.startsWith('event ')).map((line) => /"seq":(\d)/.exec(line)?.[1]),
    ).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('begins with the newest 150 events, from the rotated log too, and waits for a log that is not there yet', async () => {
    const {host, start} = standby();
    const numbers = (from: number, to: number) => Array.from({length: to - from}, (_, index) => from + index);
    writeFileSync(
      `${host.events}.1`,
      numbers(1, 201)
        .map((seq) => `${event(seq)}\n`)
        .join(''),
    );
    writeFileSync(
      host.events,
      numbers(201, 231)
        .map((seq) => `${event(seq)}\n`)
        .join(''),
    );
    const sampler = start();
    await sampler.line(/^whole$/);
    const told = sampler.lines
      .filter((line) => line.startsWith('event '))
      .map((line) => Number(/\d+/.exec(line)?.[0]));
    expect(told).toEqual(numbers(81, 231));

    const fresh = standby();
    renameSync(fresh.host.events, `${fresh.host.events}.away`);
    const other = fresh.start();
    await other.line(/^whole$/);
    writeFileSync(fresh.host.events, `${event(9)}\n`);
    await other.line(/"seq":9/);
  });

  it('begins with takeovers however long ago, and with no other events of then', async () => {
    const {host, start} = standby();
    const named = (seq: number, name: string) => `{"seq":${seq},"event":"${name}","say":"x"}\n`;
    writeFileSync(
      `${host.events}.2`,
      named(11, 'promoting') + named(12, 'suspected') + named(13, 'promoted'),
    );
    writeFileSync(`${host.events}.1`, named(14, 'tested') + named(15, 'workspace').repeat(300));
    const sampler = start();
    await sampler.line(/^whole$/);
    const told = sampler.lines.flatMap((line) => /^event \{"seq":(\d+)/.exec(line)?.[1] ?? []);
    expect(told.slice(0, 3)).toEqual(['11', '13', '14']);
    expect(told).not.toContain('12');
  });

  it('tells a changed state of the monitor at once, anything else at most once a second', async () => {
    const {host, start} = standby();
    const sampler = start();
    await sampler.line(/^whole$/);
    await sleep(1100);
    const from = sampler.lines.length;
    for (let ms = 100; ms < 130; ms += 1) {
      replaceLive(host, liveLine('watching', ms));
      // oxlint-disable-next-line no-await-in-loop
      await sleep(50);
    }
    const calm = sampler.lines.slice(from).filter((line) => line.startsWith('live')).length;
    expect(calm).toBeGreaterThanOrEqual(1);
    expect(calm).toBeLessThanOrEqual(3);
    const began = performance.now();
    replaceLive(host, liveLine('suspect', 200));
    await sampler.line(/"state":"suspect"/, {from});
    replaceLive(host, liveLine('promoting', 201));
    await sampler.line(/"state":"promoting"/, {from});
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('sees at once that a process of the units is gone, and that the monitor is no more', async () => {
    const {host, start} = standby();
    const gateway = idle();
    const monitor = idle();
    writeFileSync(join(host.folder, 'units'), units(up(gateway.pid), up(monitor.pid)));
    const sampler = start();
    await sampler.line(/^whole$/);
    expect(sampler.lines).toContain(`gateway running - ${gateway.pid} - 0`);
    writeFileSync(
      join(host.folder, 'units'),
      units(
        {ActiveState: 'activating', SubState: 'auto-restart', Result: 'signal', MainPID: 0, NRestarts: 1},
        up(monitor.pid),
      ),
    );
    const began = performance.now();
    gateway.kill('SIGKILL');
    await sampler.line(/^gateway starting signal 0 - 1$/);
    expect(performance.now() - began).toBeLessThan(800);
    writeFileSync(join(host.folder, 'units'), units(asleep, {ActiveState: 'failed', MainPID: 0}));
    monitor.kill('SIGKILL');
    await sampler.line(/^monitor failed$/);
    await sampler.line(/^gateway stopped - 0 - 0$/);
  });

  it('tells a changed config by another word', async () => {
    const {host, start} = standby();
    writeFileSync(host.config, '{}');
    const sampler = start((text) => text.replace('up + 1000', 'up + 20'));
    const first = await sampler.line(/^config \S+$/);
    await sleep(500);
    expect(sampler.lines.filter((line) => line.startsWith('config'))).toEqual([first]);
    writeFileSync(host.config, '{"a":1}');
    await sampler.line(new RegExp(`^config (?!${first.slice(7)})`));
  });

  it('describes the workspace as its owner, and looks again when it changed', async () => {
    const {host, start} = standby();
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', host.workspace, '-c', 'core.fsmonitor=false', ...args], {
        encoding: 'utf8',
      }).trim();
    mkdirSync(host.workspace);
    git('init', '-q', '-b', 'trunk');
    const commit = () =>
      git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x');
    commit();
    writeFileSync(join(host.workspace, 'new file'), '');
    writeFileSync(join(host.workspace, '.git/failover-last-sync'), '1795183062123\n');
    writeFileSync(join(host.workspace, '.git/failover-push-why'), 'refused: "a \\ b"\x1b[2J\nmore\n');
    git('config', 'core.fsmonitor', `touch ${join(host.folder, 'ran')}`);
    const sampler = start((text) => text.replace(/NEXT_LOOK=\$\(\(up \+ 500\)\)/, 'NEXT_LOOK=$((up + 20))'));
    const first = await sampler.line(/^workspace /);
    expect(JSON.parse(first.slice(10))).toEqual({
      head: git('rev-parse', 'HEAD'),
      commitMs: Number(git('log', '-1', '--format=%ct')) * 1000,
      upstream: null,
      syncMs: 1_795_183_062_123,
      pushFailed: 'refused: "a \\ b"[2J',
      recent: [],
      dirty: 1,
    });
    await sampler.line(/^whole$/);
    const from = sampler.lines.length;
    commit();
    const next = await sampler.line(/^workspace /, {from});
    expect(JSON.parse(next.slice(10))).toMatchObject({head: git('rev-parse', 'HEAD')});
    expect(spawnSync('test', ['-e', join(host.folder, 'ran')]).status).toBe(1);
  });

  it('does without bash', async () => {
    const {host, start} = standby();
    host.program('bash', 'exit 1');
    const sampler = start();
    await sampler.line(/^whole$/);
    const from = sampler.lines.length;
    appendFileSync(host.events, `${event(3)}\n`);
    await sampler.line(/"seq":3/, {from});
    const clock = await sampler.line(/^clock /, {from});
    expect(Math.abs(Date.now() - Number(clock.slice(6)))).toBeLessThan(1000);
  });

  it('never mixes two lines, however long they are', async () => {
    const {host, start} = standby();
    const long = (state: string) =>
      liveLine(state, 1).replace('"time":"x"', `"time":"${'x'.repeat(14_000)}"`);
    writeFileSync(host.events, Array.from({length: 150}, (_, seq) => `${event(seq)}\n`).join(''));
    const sampler = start((text) =>
      // Somebody else writes for a while.
      text.replace(
        '  beside workspace disk',
        '  noise() { for n in $(seq 30000); do say "noise of somebody else"; done; }\n  beside noise',
      ),
    );
    await sampler.line(/^noise/);
    // Nobody takes what is said for a moment, so that everybody waits for room.
    sampler.child.stdout!.pause();
    replaceLive(host, long('suspect'));
    await sleep(500);
    sampler.child.stdout!.resume();
    const other = new RegExp(
      '^(noise of somebody else|whole|(hello|clock|machine|gateway|monitor|live|event|config) .*)$',
    );
    await sampler.line(/^live .*suspect/);
    expect(sampler.lines.length).toBeGreaterThan(30_000);
    expect(sampler.lines.filter((line) => !other.test(line))).toEqual([]);
    expect(sampler.lines.filter((line) => /.noise|.event|.live/.test(line))).toEqual([]);
  });

  it('ends of age with a last line, and leaves no process', async () => {
    const sampler = standby().start((text) => text.replace(/^LIFE=\d+$/m, 'LIFE=150'));
    await sampler.line(/^end$/);
    expect(await sampler.ended).toBe(0);
    expect(sampler.lines.at(-1)).toBe('end');
    expect(sampler.processes()).toEqual([]);
  });

  it('ends when nobody listens any more', async () => {
    const sampler = standby().start();
    await sampler.line(/^whole$/);
    expect(sampler.processes().length).toBeGreaterThan(0);
    sampler.child.stdout!.destroy();
    await sleep(3000);
    expect(sampler.processes()).toEqual([]);
  });

  it('needs no process of its own in a round in which nothing happened', () => {
    const {host} = standby();
    // In a namespace of its own the number of the newest process tells how many there were.
    const text = `(${host.here(samplerFor('standby', undefined, ''))}\n) >/dev/null &
sleep 2; read -r _ _ _ _ before </proc/loadavg; sleep 3; read -r _ _ _ _ after </proc/loadavg
echo $((after - before))`;
    const ran = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', text], {
      encoding: 'utf8',
    });
    // Twenty rounds; a look at the workspace, and the sleep of this very test.
    expect(Number(ran.stdout)).toBeGreaterThan(0);
    expect(Number(ran.stdout)).toBeLessThan(8);
  });
});
