import type {Split} from '../../src/channels/types.js';
import type {PhaseId} from '../../src/phases/phase.js';
import type {ChangeView, FailureView, SetupEvent, SetupPort, SetupSummary} from '../../src/plan/events.js';
import type {HostName} from '../../src/ssh/host.js';
import {account, hostFacts} from './facts.js';

export const deployKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGm0Vq7mJb3nB2Xo6c8Zr1t5Yw9eQkLfDsAhPuTgRvNi failover default (claw-backup)';

const mainAccount = account('irc', 'main', 'clawmain@irc.example.org:6667');
const backupAccount = account('irc', 'backup', 'clawbak@irc.example.org:6667');

export const disjoint: Split = {
  state: 'disjoint',
  primary: [mainAccount, {...backupAccount, enabled: false}],
  standby: [backupAccount],
};
export const conflict: Split = {
  state: 'conflict',
  conflicts: [
    {
      channel: 'irc',
      primaryAccount: 'backup',
      standbyAccount: 'backup',
      because: 'identity',
      sentence: 'irc account "backup" (clawbak@irc.example.org:6667) is enabled on both nodes.',
    },
  ],
  primary: [mainAccount, backupAccount],
  standby: [backupAccount],
};
export const unknown: Split = {
  state: 'unknown',
  reasons: [{host: 'primary', reason: 'telegram "default" takes its token from an exec reference'}],
};

/** A change with what it says while it runs. */
interface Scene {
  change: ChangeView;
  ms: number;
  output: readonly string[];
}

function scene(
  host: HostName,
  kind: string,
  name: string,
  title: string,
  ms: number,
  output: readonly string[] = [],
  more: Partial<ChangeView> = {},
): Scene {
  return {change: {id: `${host}:${kind}:${name}`, host, kind, title, disruptive: false, ...more}, ms, output};
}

const unitDiff = [
  '--- /dev/null',
  '+++ /etc/systemd/system/openclaw.service',
  '@@ -0,0 +1,9 @@',
  '+# Written by failover-wizard 0.1.0 for the pair default.',
  '+[Unit]',
  '+Description=OpenClaw gateway of the standby; only the health monitor starts it',
  '+[Service]',
  '+User=openclaw',
  '+ExecStart=/opt/openclaw-failover/node/bin/node /opt/openclaw-failover/openclaw/lib/node_modules/openclaw/dist/index.js gateway',
  '+KillMode=mixed',
  '+RestartPreventExitStatus=78',
  '+NoNewPrivileges=yes',
].join('\n');

const jailDiff = [
  '--- /etc/fail2ban/jail.d/failover.conf',
  '+++ /etc/fail2ban/jail.d/failover.conf',
  '@@ -1,4 +1,4 @@',
  ' [sshd]',
  ' enabled = true',
  '-backend = auto',
  '+backend = systemd',
  ' maxretry = 5',
].join('\n');

const patchDiff = [
  '--- gateway config',
  '+++ gateway config',
  '@@ -1,3 +1,3 @@',
  ' {',
  '-  "channels.irc.accounts.backup.enabled": true',
  '+  "channels.irc.accounts.backup.enabled": false',
  ' }',
].join('\n');

const apt = [
  'apt-get install -y ufw fail2ban python3-systemd unattended-upgrades git',
  'Reading package lists...',
  'Get:1 http://deb.example.org/debian bookworm/main amd64 ufw all 0.36.2-1 [168 kB]',
  'Unpacking fail2ban (1.0.2-2) ...',
  'Setting up ufw (0.36.2-1) ...',
  'Setting up fail2ban (1.0.2-2) ...',
  'Processing triggers for man-db (2.11.2-2) ...',
];

/** Thirty-six changes in six phases, from a bare standby. */
export const scenes: readonly {phase: PhaseId; number: number; title: string; scenes: readonly Scene[]}[] = [
  {
    phase: 'provision',
    number: 1,
    title: 'Provision the standby',
    scenes: [
      scene(
        'standby',
        'packages',
        'base',
        'packages ufw, fail2ban, python3-systemd, unattended-upgrades, git',
        21_400,
        apt,
      ),
      scene(
        'standby',
        'firewall',
        'ufw',
        'firewall on; SSH on port 22 and the private network stay open',
        1900,
        [
          'ufw allow 22/tcp',
          'Rules updated',
          'ufw --force enable',
          'Firewall is active and enabled on system startup',
        ],
      ),
      scene(
        'standby',
        'file',
        '/etc/fail2ban/jail.d/failover.conf',
        '/etc/fail2ban/jail.d/failover.conf',
        160,
        [],
        {diff: jailDiff},
      ),
      scene('standby', 'unit', 'fail2ban.service', 'fail2ban.service enabled and running', 1200, [
        'systemctl enable --now fail2ban.service',
      ]),
      scene('standby', 'file', '/etc/apt/apt.conf.d/52failover', 'security updates install themselves', 140),
      scene('standby', 'user', 'openclaw', 'user openclaw, without sudo', 420, [
        'useradd --create-home --shell /bin/bash openclaw',
      ]),
      scene('standby', 'authorized-key', 'operator', 'your key may log in as openclaw', 130),
      scene('standby', 'network', 'existing', 'private network: 100.64.0.12 on tailscale0', 300),
      scene(
        'standby',
        'proof',
        'reach',
        'the standby reaches the primary’s health at 100.64.0.11:18789',
        640,
        ['curl --max-time 2 http://100.64.0.11:18789/healthz', '{"ok":true,"status":"live"}'],
      ),
    ],
  },
  {
    phase: 'install',
    number: 2,
    title: 'Install OpenClaw',
    scenes: [
      scene('standby', 'node', 'node', 'Node 24.21.0 in /opt/openclaw-failover/node', 14_100, [
        'install Node 24.21.0',
        'node-v24.21.0-linux-x64.tar.xz: OK',
      ]),
      scene('standby', 'npm-package', 'openclaw', 'OpenClaw 2026.9.6, the primary’s version', 36_300, [
        'npm install --global openclaw@2026.9.6',
        'added 330 packages in 34s',
      ]),
      scene('standby', 'npm-package', '@openclaw/irc', 'channel plugin @openclaw/irc', 22_000, [
        'openclaw plugins install @openclaw/irc',
        'Downloading @openclaw/irc@2026.9.6 …',
        'Extracting to ~/.openclaw/npm/projects/…',
        'Installed plugin: irc',
      ]),
      scene('standby', 'deploy-key', 'workspace', 'deploy key for github.com:me/workspace', 2100, [
        'ssh-keygen -t ed25519 -f /home/openclaw/.ssh/failover_workspace_ed25519',
      ]),
      scene('standby', 'checkout', 'workspace', 'workspace cloned from github.com:me/workspace', 4200, [
        'git clone --branch main git@github.com:me/workspace.git',
        "Cloning into '/home/openclaw/.openclaw/workspace'...",
      ]),
      scene('primary', 'unit', 'openclaw-workspace-push.timer', 'workspace push timer on the primary', 900, [
        'systemctl enable --now openclaw-workspace-push.timer',
      ]),
    ],
  },
  {
    phase: 'config',
    number: 3,
    title: 'Failover config',
    scenes: [
      scene('standby', 'env-file', '.env', 'secrets in ~/.openclaw/.env, mode 0600', 200),
      scene(
        'standby',
        'gateway-config',
        'openclaw.json',
        'gateway config: irc backup, model stub/stub, crons off',
        5200,
        ['openclaw config validate --json', '{"valid":true}'],
        {
          diff: '--- /dev/null\n+++ /home/openclaw/.openclaw/openclaw.json\n@@ -0,0 +1,3 @@\n+{\n+  "cron": {"enabled": false}\n+}',
        },
      ),
      scene('standby', 'script', 'plugin-trust', 'plugin irc trusted', 2100, [
        'openclaw plugins list --json',
      ]),
      scene('standby', 'directory', 'cache', 'folder for the compile cache', 90),
      scene('standby', 'proof', 'models', 'model credentials proven', 4300, [
        'openclaw models status --check',
      ]),
    ],
  },
  {
    phase: 'monitor',
    number: 4,
    title: 'Health monitor',
    scenes: [
      scene('standby', 'directory', 'lib', 'folder /usr/local/lib/openclaw-failover', 80),
      scene('standby', 'file', 'monitor.mjs', 'monitor program', 240),
      scene('standby', 'file', 'monitor.json', 'monitor settings: default profile, failback auto', 130),
      scene('standby', 'file', 'approved-split.json', 'approved split: irc backup', 130),
      scene('standby', 'file', 'openclaw.service', 'openclaw.service, started by the monitor only', 180, [], {
        diff: unitDiff,
      }),
      scene('standby', 'file', 'openclaw-health-monitor.service', 'openclaw-health-monitor.service', 170),
      scene('standby', 'file', 'role.path', 'openclaw-failover-role.path', 150),
      scene('standby', 'unit', 'role.path', 'openclaw-failover-role.path enabled', 600),
      scene('standby', 'unit', 'sync.timer', 'workspace sync every 2 min', 700),
      scene('standby', 'unit', 'monitor', 'health monitor enabled and watching', 1600, [
        'systemctl enable --now openclaw-health-monitor.service',
      ]),
    ],
  },
  {
    phase: 'disable',
    number: 5,
    title: 'Disable the channel on the primary',
    scenes: [
      scene('primary', 'script', 'backup', 'backup of the primary’s config', 200),
      scene(
        'primary',
        'config-patch',
        'irc.backup',
        'irc account backup disabled on the primary, taken over by reload',
        5400,
        ['openclaw config patch --stdin --dry-run --json', '{"ok":true}', 'openclaw config patch --stdin'],
        {
          diff: patchDiff,
          disruptive: true,
          why: 'The standby logs this account in; two logins of one account would disturb each other.',
        },
      ),
      scene('standby', 'proof', 'approve-split', 'split approved on the standby', 500),
    ],
  },
  {
    phase: 'test',
    number: 6,
    title: 'Test',
    scenes: [
      scene(
        'primary',
        'script',
        'dead-man',
        'dead-man revert: the primary’s gateway returns by itself after 5 min',
        400,
      ),
      scene(
        'primary',
        'proof',
        'live',
        'the standby’s account logs in once',
        9000,
        ['openclaw channels status --json'],
        {id: 'standby:proof:live', host: 'standby'},
      ),
      scene(
        'primary',
        'proof',
        'failover',
        'gateway stopped, standby takes over, gateway back, standby sleeps',
        82_000,
        ['systemctl --user -M claw@ stop openclaw-gateway.service'],
        {disruptive: true},
      ),
    ],
  },
];

export const pluginFailure: FailureView = {
  sentence: 'The plugin @openclaw/irc could not be installed.',
  detail:
    'npm error code ETIMEDOUT\nnpm error network request to https://registry.example.org/@openclaw%2firc failed\nnpm error network This is a problem related to network connectivity.',
  next: [
    'Check that the standby reaches registry.example.org, then try again.',
    'Behind a proxy: set it in /etc/npmrc on the standby.',
  ],
  exit: 1,
};

export const measures: readonly {stage: string; ms: number; expectedMs?: number}[] = [
  {stage: 'noticed', ms: 5100, expectedMs: 10_000},
  {stage: 'verdict: stopped by an operator', ms: 30_100, expectedMs: 35_000},
  {stage: 'gateway started', ms: 30_200, expectedMs: 36_000},
  {stage: 'gateway ready', ms: 39_800, expectedMs: 51_000},
  {stage: 'channel account connected', ms: 39_900, expectedMs: 55_000},
  {stage: 'primary started again', ms: 42_100},
  {stage: 'standby back to sleep', ms: 79_300, expectedMs: 75_000},
];

export interface PlayOptions {
  /** Real ms are multiplied by this: 0.01 plays a minute in 0.6 s. */
  scale: number;
  /** The plugin fails the first time. */
  fail?: boolean;
  /** The deploy key is waited for as long as a person takes. */
  wait?: boolean;
  /** Throws in this phase, as an engine that breaks. */
  breakIn?: PhaseId;
}

class Stopped extends Error {}

/** Does what the engine does with a port: same events in the same order, the recorded times scaled. */
export async function play(
  port: SetupPort,
  {scale, fail = false, wait = false, breakIn}: PlayOptions,
): Promise<SetupSummary> {
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms * scale));
  const emit = (event: SetupEvent) => port.emit(event);
  const began = Date.now();
  await sleep(600);
  emit({type: 'facts', host: 'primary', facts: hostFacts('primary')});
  await sleep(200);
  emit({type: 'facts', host: 'standby', facts: hostFacts('standby')});
  emit({type: 'split', split: disjoint, at: 'start'});
  emit({
    type: 'findings',
    findings: [
      {
        id: 'linger',
        host: 'primary',
        level: 'warning',
        sentence: 'The gateway is a user unit and user claw does not linger: it dies at logout.',
        fix: 'Run on the primary: loginctl enable-linger claw',
      },
      {
        id: 'apt',
        host: 'standby',
        level: 'info',
        sentence: 'Security updates are not installed by themselves.',
        fix: 'Phase 1 turns them on.',
      },
    ],
  });
  await sleep(400);
  const summaries: SetupSummary['phases'] = [];
  for (const each of scenes) summaries.push(await playPhase(each));
  const complete = summaries.every(({status}) => status === 'done' || status === 'unchanged');
  const summary: SetupSummary = {
    pair: 'default',
    nothingToDo: false,
    phases: summaries,
    split: disjoint,
    measures: summaries.at(-1)?.status === 'done' ? [...measures] : [],
    tookMs: (Date.now() - began) / scale,
    complete,
  };
  emit({type: 'done', summary});
  return summary;

  async function playPhase({phase, number, title, scenes: list}: (typeof scenes)[number]) {
    const phaseBegan = Date.now();
    const changes = list.map(({change}) => change);
    const end = (status: 'done' | 'skipped' | 'failed', made: number) => {
      const summary = {
        phase,
        number,
        title,
        status,
        changes: made,
        tookMs: (Date.now() - phaseBegan) / scale,
      };
      emit({type: 'phase-end', summary});
      return summary;
    };
    emit({type: 'phase', phase, status: 'planning'});
    await sleep(500);
    const answer = await port.decide({type: 'review', phase, changes});
    if (answer === 'quit') throw new Stopped('Stopped before anything of this phase was changed.');
    if (answer === 'skip') return end('skipped', 0);
    emit({type: 'split', split: disjoint, at: 'before', phase});
    emit({type: 'phase', phase, status: 'running', changes});
    if (breakIn === phase) throw new Error('The connection to the standby was lost during: apt-get install.');
    let failing = fail && phase === 'install';
    for (let index = 0; index < list.length; index += 1) {
      const {change, ms, output} = list[index]!;
      emit({type: 'change', phase, id: change.id, status: 'running'});
      for (const [at, line] of output.entries()) {
        emit({type: 'output', host: change.host, line, command: at === 0});
        await sleep(ms / output.length);
      }
      if (output.length === 0) await sleep(ms);
      if (failing && change.id.endsWith('@openclaw/irc')) {
        failing = false;
        emit({type: 'change', phase, id: change.id, status: 'failed', error: pluginFailure});
        const next = await port.decide({type: 'failed', phase, change, error: pluginFailure});
        if (next === 'quit') throw new Stopped('Stopped after a failure.');
        if (next === 'skip') return end('skipped', index);
        index -= 1;
        continue;
      }
      if (wait && change.kind === 'deploy-key') {
        const sinceMs = Date.now();
        emit({
          type: 'waiting',
          id: 'deploy-key',
          sentence:
            'Add this deploy key, with write access, at https://github.com/me/workspace/settings/keys/new',
          show: deployKey,
          sinceMs,
          limitMs: 900_000,
        });
        await sleep(20_000);
        emit({type: 'waited', id: 'deploy-key'});
      }
      if (change.id.endsWith(':failover')) {
        emit({type: 'stages', stages: measures.map(({stage, expectedMs}) => ({stage, expectedMs}))});
        for (const measure of measures) {
          emit({type: 'measure', measure});
          await sleep(3000);
        }
      }
      emit({type: 'change', phase, id: change.id, status: 'done', tookMs: ms});
      if (port.stop.aborted) throw new Stopped('Stopped after the step in hand.');
    }
    emit({type: 'phase', phase, status: 'verifying'});
    await sleep(450);
    emit({type: 'split', split: disjoint, at: 'after', phase});
    return end('done', list.length);
  }
}
