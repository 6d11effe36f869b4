// Setup is killed, or loses its network, in the middle of each phase. Run again, it ends where an undisturbed run ends.

import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {manifestOf, monitorNow, sh, unitState, type ManifestFile} from './host-state.js';
import {IrcClient} from './irc-client.js';
import {lab, LabHost} from './lab.js';
import {said, type Line, type Operator, type Run} from './operator.js';
import {bootPair, finishedSnapshots, operatorOf, removePair, type LabPair} from './pair.js';

/** ms of a cut that a connection outlives: longer than one keepalive, shorter than the three that end it. */
const shortCut = 12_000;
/** ms of one that it does not; what runs on the host meanwhile goes on. */
const longCut = 45_000;

interface Interruption {
  phase: string;
  how: 'kill' | 'cut';
  /** The line of setup after which it happens, and how much later (ms). */
  at: (line: Line) => boolean;
  afterMs: number;
  /** How long the network is cut. */
  cutMs?: number;
}

const change =
  (id: RegExp) =>
  (line: Line): boolean =>
    line.type === 'change' && line['status'] === 'running' && id.test(line['id']);
const anyChangeOf =
  (phase: string) =>
  (line: Line): boolean =>
    line.type === 'change' && line['status'] === 'running' && line['phase'] === phase;
const stage =
  (name: string) =>
  (line: Line): boolean =>
    line.type === 'measure' && line['measure'].stage === name;

const interruptions: readonly Interruption[] = [
  {phase: '1', how: 'kill', at: change(/^standby:packages:/), afterMs: 6_000},
  {phase: '1', how: 'cut', at: anyChangeOf('provision'), afterMs: 500},
  {phase: '2', how: 'kill', at: change(/^standby:npm-package:openclaw/), afterMs: 10_000},
  // The npm of the killed run goes on and is waited for, so that the next thing to do is the plugin; and after the
  // cut, whose plugin install goes on as well, the workspace.
  {phase: '2', how: 'cut', at: change(/^standby:plugin:irc/), afterMs: 3_000, cutMs: longCut},
  {phase: '2', how: 'kill', at: change(/^standby:(?:deploy-key|checkout)/), afterMs: 0},
  {phase: '3', how: 'kill', at: change(/^standby:gateway-config/), afterMs: 700},
  {phase: '3', how: 'cut', at: change(/^standby:proof:models/), afterMs: 300},
  {phase: '4', how: 'kill', at: change(/^standby:file:.*role\.service/), afterMs: 0},
  {phase: '4', how: 'cut', at: change(/^standby:(?:unit|proof):/), afterMs: 0},
  {phase: '5', how: 'kill', at: change(/^primary:config-patch:/), afterMs: 2_000},
  {phase: '5', how: 'cut', at: change(/^(?:primary:config-patch:|standby:proof:live)/), afterMs: 2_000},
  {phase: '6', how: 'kill', at: stage('primary stopped'), afterMs: 3_000},
  {phase: '6', how: 'kill', at: stage('decided'), afterMs: 1_000},
  {phase: '6', how: 'cut', at: stage('gateway ready'), afterMs: 1_000},
];

/** What the primary's own timer does when nobody comes back, done now: its gateway runs again. */
async function theTimerWouldStartIt(primary: LabHost): Promise<void> {
  expect((await unitState(primary, 'openclaw-gateway.service')).active).toBe('inactive');
  expect((await unitState(primary, 'openclaw-failover-revert.timer')).active).toBe('active');
  await sh(primary, 'systemctl start openclaw-failover-revert.service');
  expect((await unitState(primary, 'openclaw-gateway.service')).active).toBe('active');
}

let pair: LabPair;
let operator: Operator;
let alice: IrcClient;
let current: Run | undefined;

beforeAll(async () => {
  pair = await bootPair({tree: 'primary-system'}, {tree: 'bookworm'});
  operator = await operatorOf(pair);
  alice = await IrcClient.connect();
});

afterAll(async () => {
  alice?.close();
  await operator?.leave();
  await removePair();
});

describe('setup that is interrupted goes on where it was', () => {
  for (const {phase, how, at, afterMs, cutMs = shortCut} of interruptions) {
    it(`phase ${phase}: ${how === 'kill' ? 'killed' : 'the network is cut'}`, async () => {
      // A cut that was survived leaves a run that goes on; it meets the next interruption.
      current ??= operator.start('setup', '--yes', '--json');
      const run = current;
      const line = await run.line(at, 240_000);
      await sleep(afterMs);
      if (how === 'kill') {
        run.kill();
        current = undefined;
        expect((await run.ended).code).toBe(137);
        if (line['measure']?.stage === 'primary stopped') await theTimerWouldStartIt(pair.primary);
      } else {
        const started = performance.now();
        await Promise.all([pair.primary.cut(), pair.standby.cut()]);
        await sleep(cutMs);
        await Promise.all([pair.primary.heal(), pair.standby.heal()]);
        // Either the connection outlived it, or the run ends with a sentence that says what to do.
        const ended = await Promise.race([run.ended, sleep(cutMs === longCut ? 15_000 : 2_000, undefined)]);
        if (cutMs === longCut) expect(ended, 'the run has ended').toBeDefined();
        if (ended) {
          current = undefined;
          expect(ended.code, said(ended)).toBe(4);
          expect(ended.stderr).toContain('Run the same command again');
        }
        console.log(
          `measured: phase ${phase}, cut for ${cutMs / 1000} s: ${ended ? `ended after ${Math.round((performance.now() - started) / 1000)} s` : 'survived'}`,
        );
      }
      console.log(`measured: phase ${phase}, ${how} during ${line['id'] ?? line['measure']?.stage}`);
    });
  }

  it('the last run finishes, and the one after it has nothing to do', async () => {
    const started = performance.now();
    const ended = await (current?.ended ?? operator.setup());
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.lines.find(({type}) => type === 'done')!.summary).toMatchObject({
      complete: true,
      split: {state: 'disjoint'},
    });
    console.log(`measured: the last run took ${Math.round((performance.now() - started) / 1000)} s`);
    const again = await operator.setup(60_000);
    expect(again.code, said(again)).toBe(0);
    expect(again.lines.find(({type}) => type === 'done')!.summary).toMatchObject({nothingToDo: true});
    expect((await alice.ask('clawmain', {timeoutMs: 60_000, repeatMs: 1_000}))?.ms).toBeDefined();
    expect(await alice.waitFor('clawbak', 'offline', 20_000)).toBeDefined();
  });

  it('the standby sleeps and watches, nothing is left over from the interrupted runs', async () => {
    expect(await monitorNow(pair.standby)).toMatchObject({state: 'watching', probe: 'ok'});
    expect(await unitState(pair.standby, 'openclaw.service')).toEqual({
      active: 'inactive',
      enabled: 'static',
    });
    for (const host of [pair.primary, pair.standby]) {
      const left = await sh(
        host,
        `ls -d /run/openclaw-failover-setup.lock 2>/dev/null; find /etc /usr/local /opt/openclaw-failover /home/openclaw /root -maxdepth 4 -name '*failover-new*' 2>/dev/null; systemctl list-units --all --plain --no-legend 'openclaw-failover-revert*' 'openclaw-failover-livetest*'; systemctl list-units --failed --plain --no-legend; dpkg --audit`,
      );
      expect(left).toBe('');
    }
  });

  it('both hosts are as after a run without interruptions', async () => {
    const names = finishedSnapshots();
    const have = await lab.snapshots();
    if (!have.includes(names.standby))
      throw new Error('run story.lab.test.ts first: its finished standby is what this compares with');
    const interrupted = await endState(pair.standby);
    const twin = await lab.host({name: 'claw-twin', ip: '10.77.0.13', from: names.standby});
    try {
      const undisturbed = await endState(twin);
      expect(interrupted).toEqual(undisturbed);
      expect(interrupted.hashes.length).toBeGreaterThan(15);
    } finally {
      await twin.remove();
    }
  });
});

afterAll(() => new LabHost('claw-twin').remove());

interface EndState {
  manifest: ManifestFile[];
  hashes: string[];
  settings: unknown;
  enabled: string;
  packages: string;
  config: string;
  approved: unknown;
  users: string;
  firewall: string;
  workspace: string;
}

/** What setup leaves on a standby, without what is random on purpose (keys, tokens, stamps of time). */
async function endState(host: LabHost): Promise<EndState> {
  const {files} = await manifestOf(host);
  const paths = [
    ...files.map(({path}) => path),
    '/etc/openclaw-failover/proofs/*',
    '/etc/fail2ban/jail.d/*',
    '/etc/apt/apt.conf.d/*',
    '/usr/local/bin/openclaw',
  ];
  const {interrogation, ...settings} = JSON.parse(await sh(host, 'cat /etc/openclaw-failover/monitor.json'));
  const {accounts, ...rest} = JSON.parse(await sh(host, 'cat /etc/openclaw-failover/approved-split.json'));
  return {
    // The host key of a primary and who runs its report are its own.
    manifest: files.map(({sha256, ...file}) =>
      /interrogation|monitor\.json/.test(file.path) ? file : {...file, sha256},
    ),
    hashes: (
      await sh(
        host,
        `ls ${paths.join(' ')} | grep -vE 'interrogation|proofs/report|monitor.json' | xargs sha256sum`,
      )
    )
      .trimEnd()
      .split('\n'),
    settings: {...settings, interrogation: interrogation.addresses},
    enabled: await sh(
      host,
      `systemctl list-unit-files --state=enabled --plain --no-legend | awk '{print $1}' | sort`,
    ),
    packages: await sh(
      host,
      `dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n'; ls /opt/openclaw-failover/openclaw/lib/node_modules/openclaw/node_modules | wc -l; cat /opt/openclaw-failover/openclaw/lib/node_modules/openclaw/package.json | sha256sum; /opt/openclaw-failover/node/bin/node --version; ls /home/openclaw/.openclaw/npm/projects | wc -l`,
    ),
    config: await sh(
      host,
      'cat /home/openclaw/.openclaw/openclaw.json; cut -d= -f1 /home/openclaw/.openclaw/.env | sort',
    ),
    approved: {
      keys: Object.keys(rest).toSorted(),
      accounts: Array.isArray(accounts) ? accounts.length : Object.keys(accounts ?? {}),
    },
    users: await sh(
      host,
      `grep -E '^openclaw' /etc/passwd | cut -d: -f1,6,7; wc -l < /home/openclaw/.ssh/authorized_keys`,
    ),
    firewall: await sh(host, 'ufw status | sed /^$/d'),
    workspace: await sh(
      host,
      'runuser -u openclaw -- git -C /home/openclaw/.openclaw/workspace remote -v; runuser -u openclaw -- git -C /home/openclaw/.openclaw/workspace status --porcelain --branch',
    ),
  };
}
