import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {MonitoredStandby} from './monitored-standby.js';
import {OnTerminal, runPiped} from './whole-program.js';

let home: string;
let standby: MonitoredStandby;
let answers: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
  standby = await MonitoredStandby.start();
  const keyFile = join(home, 'key');
  writeFileSync(keyFile, standby.key.text, {mode: 0o600});
  answers = join(home, 'pair.json');
  const {port, fingerprint} = standby.server;
  writeFileSync(
    answers,
    JSON.stringify({
      // Nobody listens there: the primary is gone.
      primary: {ssh: 'root@127.0.0.1:1', identityFile: keyFile},
      standby: {ssh: `root@127.0.0.1:${port}`, identityFile: keyFile, hostKey: fingerprint},
      channel: {type: 'irc', account: 'backup'},
      model: {primary: 'stub/stub'},
    }),
  );
  await standby.startMonitor();
}, 30_000);
afterAll(async () => {
  await standby.stop();
  rmSync(home, {recursive: true, force: true});
});
afterEach(() => rmSync(standby.below('/stopped'), {force: true}));

const run = (...args: string[]) => runPiped([...args, '--answers', answers, '--no-input'], {home});
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, any>);

describe('pause and resume over SSH', () => {
  it('is heard by the monitor, says until when, and leaves the reason in its events', async () => {
    const {code, stdout} = await run('pause', '--for', '30m', '--why', "kernel's update; reboot");
    expect(stdout).toMatch(
      /^Pause 30 min · pair default · irc account "backup"\n✔ The monitor runs: watching/,
    );
    expect(stdout).toMatch(/\n✔ The primary answers \(ok, /);
    expect(stdout).toMatch(
      /\n✔ Paused until \d\d:\d\d, for 30 min: .* It ends by itself; "resume" ends it sooner\.\n$/,
    );
    expect(code).toBe(0);
    const paused = standby.events().findLast(({event}) => event === 'paused');
    expect(paused?.say).toMatch(/^Paused for (29 min 59|30 min 0) s: kernel's update; reboot\.$/);
  }, 20_000);

  it('a second one takes its place, and as JSON its last line is the end', async () => {
    const {code, stdout} = await run('pause', '--for', '90s', '--json');
    const lines = json(stdout);
    expect(lines[0]).toMatchObject({type: 'checks', act: 'pause', pair: 'default'});
    expect(lines[0]?.checks).toContainEqual({
      sign: 'warn',
      say: expect.stringMatching(
        /^A pause is in force for another .* The new pause takes its place\.$/,
      ) as string,
    });
    expect(lines.at(-1)).toMatchObject({type: 'end', result: 'done', exit: 0});
    expect(code).toBe(0);
  }, 20_000);

  it('resume ends it, and a second resume has nothing to do', async () => {
    expect((await run('resume')).stdout).toContain('✔ The pause was ended.');
    const again = await run('resume');
    expect(again).toMatchObject({code: 0});
    expect(again.stdout).toContain('✔ Nothing is paused.');
  }, 20_000);

  it('--dry-run only looks', async () => {
    const {code, stdout} = await run('pause', '--for', '10m', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('nothing was asked');
    expect(existsSync(standby.below(layout.pause))).toBe(false);
  }, 20_000);

  it('is refused where the monitor does not run', async () => {
    writeFileSync(standby.below('/stopped'), '');
    const {code, stdout} = await run('pause', '--for', '10m');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ The monitor does not run \(its unit is failed\)\.\n→ .*systemctl start/);
  }, 20_000);
});

describe('what is wrong before anything is connected', () => {
  it.each([
    [['pause'], /^✖ Required option '--for <time>' not specified\.\n/],
    [['pause', '--for', '30'], /^✖ "30" is no length of time: .* It needs a unit: 30m is minutes\.\n/],
    [['pause', '--for', '5h'], /^✖ A pause lasts at most 4 h, so that one that is forgotten/],
    [['promote', '--confirm', 'home'], /^✖ --confirm names the pair "home", but this is "default"/],
  ])('%j is exit 2', async (args, sentence) => {
    const {code, stderr} = await run(...args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('Connecting');
    expect(code).toBe(2);
  });

  it.each(['promote', 'demote'])('%s with --yes alone is not a consent', async (name) => {
    const {code, stdout, stderr} = await run(name, '--yes');
    expect(stdout).toContain(
      `✖ ${name} moves a bot, and nobody can be asked here: name the pair with --confirm PAIR.`,
    );
    expect(stderr).not.toContain('Connecting');
    expect(code).toBe(2);
  });
});

/** The newest event of a name is the monitor's own. */
const said = (name: string) => standby.events().findLast(({event}) => event === name)?.say;

describe('a takeover by hand over SSH, and the way back', () => {
  it('on a terminal wants the name of the pair typed; Ctrl+C there has asked for nothing', async () => {
    const terminal = new OnTerminal(['promote', '--answers', answers], {home});
    await terminal.sees(/Type default to go on/, 40_000);
    terminal.type('yes\r');
    await terminal.sees(/This is not default; Ctrl\+C leaves\./);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(standby.state()).toBe('watching');
  }, 60_000);

  it('goes on without the primary, follows the stages, and ends when the bot is there', async () => {
    const {code, stdout} = await run('promote', '--confirm', 'default', '--why', 'it hangs');
    expect(stdout).toMatch(/\n▲ The split could not be checked on both hosts \(primary: /);
    expect(stdout).toMatch(
      /\n▲ The primary answers \(ok, .*\): both bots will be up, each with its own account\.\n/,
    );
    expect(stdout).toMatch(
      /\n {2}0:\d\d {2}An operator asked the standby to take over \(it hangs\): it does, and stays until somebody gives back\.\n/,
    );
    expect(stdout).toMatch(/\n {2}0:\d\d {2}The standby's gateway is ready, /);
    expect(stdout).toMatch(
      /\n✔ Taken over: the irc account "backup" is connected, .* after the decision\.\n$/,
    );
    expect(code).toBe(0);
  }, 60_000);

  it('a second one has nothing to do', async () => {
    const {code, stdout} = await run('promote', '--confirm', 'default');
    expect(stdout).toContain('✔ The standby has taken over already.');
    expect(code).toBe(0);
  }, 60_000);

  it('it stays until it is asked to give back, a pause holds that, and then it goes through', async () => {
    await standby.waitFor(() => standby.state() === 'recovering', 20_000);
    await run('pause', '--for', '5m');
    const held = await run('demote', '--confirm', 'default');
    expect(held.stdout).toMatch(
      /✖ A pause is in force .* It holds the give-back too: end it first with "resume"\./,
    );
    expect(held.code).toBe(1);
    await run('resume');
    const {code, stdout} = await run('demote', '--confirm', 'default', '--json');
    expect(json(stdout).flatMap(({event}) => event ?? [])).toEqual(['failback-asked', 'demoting']);
    expect(json(stdout).at(-1)).toMatchObject({type: 'end', result: 'done', say: said('demoted')});
    expect(code).toBe(0);
  }, 60_000);

  it('has nothing to give back while it sleeps', async () => {
    await standby.waitFor(() => standby.state() === 'watching');
    const {code, stdout} = await run('demote', '--confirm', 'default');
    expect(stdout).toContain('✔ The standby sleeps already: there is nothing to give back.');
    expect(code).toBe(0);
  }, 20_000);

  it('with a channel account that does not connect it is degraded, exit 3', async () => {
    standby.manners.connects = false;
    const {code, stdout} = await run('promote', '--confirm', 'default');
    expect(stdout).toMatch(
      /\n▲ The standby's gateway runs, but the irc account "backup" is not seen connected: as the test has it\.\n/,
    );
    expect(code).toBe(3);
    expect((await run('demote', '--confirm', 'default')).code).toBe(0);
  }, 90_000);

  it('Ctrl+C while it waits stops the watching; what has begun goes on, and can be watched again', async () => {
    standby.manners = {starts: false, connects: true};
    await standby.waitFor(() => standby.state() === 'watching');
    const terminal = new OnTerminal(['promote', '--answers', answers, '--confirm', 'default'], {home});
    await terminal.sees(/the gateway is being started/, 40_000);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).toMatch(
      /▲ Stopped watching\. What has begun goes on; see what comes of it with\s+"status"\./,
    );
    const {code, stdout} = await run('promote', '--confirm', 'default', '--json');
    expect(json(stdout)[0]?.checks).toContainEqual({sign: 'ok', say: 'The standby is taking over already.'});
    expect(json(stdout).at(-1)).toMatchObject({type: 'end', result: 'failed', exit: 1, say: said('blocked')});
    expect(code).toBe(1);
  }, 90_000);
});

describe('drill history over SSH', () => {
  it("reads the monitor's log, quietly, and changes nothing", async () => {
    const before = standby.events().length;
    const {code, stdout, stderr} = await run('drill', 'history', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      drills: [],
      notRead: null,
      failovers: expect.any(Array) as unknown,
    });
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    // The monitor goes on meanwhile, and nobody has asked it for anything.
    const asked = new Set(['paused', 'resumed', 'promoting', 'failback-asked', 'tested']);
    expect(
      standby
        .events()
        .slice(before)
        .filter(({event}) => asked.has(event)),
    ).toEqual([]);
  }, 20_000);
});
