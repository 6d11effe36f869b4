// A person at a terminal of 80×24, a standby on Debian 13 whose login needs a sudo password, a primary whose gateway
// is a system unit and listens on loopback only, as OpenClaw's default has it.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runInPty} from '../harness/pty.js';
import {asOpenclaw, exposure, leaks, monitorNow, sh, unitState, until} from './host-state.js';
import {IrcClient} from './irc-client.js';
import {lab, type LabHost} from './lab.js';
import {launcher, said, type Operator} from './operator.js';
import {answersFor, bootPair, type LabPair, operatorOf, places, removePair, secrets} from './pair.js';

const password = 'ops-Passw0rd';
const phaseTitles = [
  'Provision the standby',
  'Install OpenClaw',
  'Failover config',
  'Health monitor',
  'Disable the channel on the primary',
  'Test',
];

let pair: LabPair;
let operator: Operator;
let alice: IrcClient;
let terminal: ReturnType<typeof runInPty> | undefined;

beforeAll(async () => {
  pair = await bootPair({tree: 'primary-system'}, {tree: 'trixie', sudoUsers: true});
  await listenOnLoopback(pair.primary);
  operator = await operatorOf(pair, 'ops');
  const answers = await answersFor(pair, 'ops');
  operator.answer({...answers, primary: {...answers.primary, expose: 'bind'}});
  alice = await IrcClient.connect();
});

afterAll(async () => {
  terminal?.end();
  await terminal?.exited;
  alice?.close();
  await operator?.leave();
  await removePair();
});

/** OpenClaw's default: nobody but the host itself reaches the gateway. */
async function listenOnLoopback(primary: LabHost): Promise<void> {
  const set = await asOpenclaw(primary, 'openclaw config set gateway.bind loopback', {timeoutMs: 60_000});
  if (set.code !== 0) throw new Error(`the gateway's bind could not be set: ${set.stdout}${set.stderr}`);
  await sh(primary, 'systemctl restart openclaw-gateway');
  await until('the gateway listens on loopback only', 60_000, async () => {
    const ran = await primary.exec(['ss', '-Hltn', 'sport = :18789']);
    return ran.stdout.includes('127.0.0.1:18789') && !ran.stdout.includes(`${places.primary.private}:18789`);
  });
}

/** Command lines and environments of this machine's processes that hold the password. */
const onThisMachine = async (): Promise<string[]> => {
  const {readdir, readFile} = await import('node:fs/promises');
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
      if (text.includes(password)) found.push(`/proc/${pid}/${file}: ${text.slice(0, 80)}`);
    }
  }
  return found;
};

describe('Debian 13, sudo with a password, at a terminal', () => {
  it('without a terminal, a sudo password that nobody can type ends it in a sentence', async () => {
    const ended = await operator.dryRun();
    expect(ended.code, said(ended)).toBe(4);
    expect(ended.stderr).toMatch(/sudo.*password/i);
  });

  it('setup asks for the password, shows six phases on 80×24, and finishes', async () => {
    const started = performance.now();
    terminal = runInPty(launcher, ['setup', '--answers', operator.answersFile, '--yes'], {
      columns: 80,
      rows: 24,
      env: operator.env,
    });
    const {until: see, type, lines, exited, raw} = terminal;
    await see(new RegExp(`sudo password of ops@${places.standby.ip.replaceAll('.', '\\.')}`), 30_000);
    type(`${password}\r`);
    await see(/▸ 1 Provision the standby/, 30_000);
    // While apt runs under sudo is when a password could be seen.
    await see(/standby \$ apt-get install|Reading package lists|Unpacking|Get:/, 60_000);
    expect(await leaks(pair.standby, [password])).toEqual([]);
    expect(await onThisMachine()).toEqual([]);
    for (const title of phaseTitles) expect(lines().join('\n')).toContain(title);
    expect(Math.max(...lines().map((line) => line.length))).toBeLessThanOrEqual(80);

    await see(/▸ 2 Install OpenClaw/, 120_000);
    const key = until('a deploy key on the standby', 180_000, async () => {
      const ran = await pair.standby.exec(['cat', '/home/openclaw/.ssh/failover_workspace_ed25519.pub']);
      return ran.code === 0 && ran.stdout.trim();
    }).then((line) => lab.gitAuthorize(line));
    type('l');
    await see(/Esc/, 5_000);
    type('\u001B');
    await see(/▸ 2 Install OpenClaw/, 5_000);
    await key;
    await see(/[▸✔] 4 Health monitor/, 180_000);
    await see(/▸ 6 Test/, 180_000);
    expect(lines().join('\n')).toMatch(/split ● disjoint/);
    const answer = alice.ask(places.nicks.standby, {timeoutMs: 180_000, repeatMs: 1_000});
    const duringTest = lines();
    expect(duringTest.join('\n')).toMatch(/✔ 5 Disable the channel/);
    console.log(`the screen during phase 6:\n${duringTest.join('\n').trimEnd()}`);
    expect((await answer)?.text).toContain((await answer)?.nonce);

    const limit = setTimeout(() => terminal?.end(), 300_000);
    const {exitCode} = await exited.finally(() => clearTimeout(limit));
    expect(exitCode, terminal.printed()).toBe(0);
    expect(terminal.onAlternate()).toBe(false);
    expect(terminal.printed()).toContain('The pair lab is set up.');
    for (const [index, title] of phaseTitles.entries())
      expect(terminal.printed()).toContain(`✔ ${index + 1} ${title}`);
    for (const text of [password, ...Object.values(secrets)])
      expect(raw().includes(text), 'the screen').toBe(false);
    const {stdout} = await pair.primary.exec(['ss', '-Hltn', 'sport = :18789']);
    expect(stdout).toContain(`${places.primary.private}:18789`);
    expect(stdout).not.toMatch(/(?:0\.0\.0\.0|\*|10\.77\.0\.11):18789/);
    console.log(
      `measured: setup of Debian 13 through sudo: ${Math.round((performance.now() - started) / 1000)} s`,
    );
  });

  it('the standby sleeps and watches, as sandboxed as on Debian 12', async () => {
    expect(await monitorNow(pair.standby)).toMatchObject({state: 'watching', probe: 'ok'});
    expect(await unitState(pair.standby, 'openclaw.service')).toEqual({
      active: 'inactive',
      enabled: 'static',
    });
    expect(await exposure(pair.standby, 'openclaw-health-monitor.service')).toBeLessThanOrEqual(1.5);
    expect(await exposure(pair.standby, 'openclaw.service')).toBeLessThanOrEqual(2);
    expect((await sh(pair.standby, 'fail2ban-client status sshd')).toString()).toContain('sshd');
  });

  it('the password is in no file and no process', async () => {
    expect(await leaks(pair.standby, [password, ...Object.values(secrets)])).toEqual([]);
    expect(
      operator
        .files()
        .filter(({text}) => text.includes(password))
        .map(({path}) => path),
    ).toEqual([]);
    expect(await onThisMachine()).toEqual([]);
  });
});
