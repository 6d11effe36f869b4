import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';
import {plainFacts} from '../harness/plain-facts.js';
import type {HostName} from '../../src/ssh/host.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {pairSchema, type Answers} from '../../src/pair/schema.js';

export const key = 'k'.repeat(64);

const common = (host: HostName): HostFacts =>
  plainFacts(host, {
    key,
    hostname: `claw-${host}`,
    disks: {'/': {totalBytes: 40e9, freeBytes: 30e9, readOnly: false}},
    listeners: {known: true, value: [{protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd'}]},
  });

export function account(name: string, {enabled = true, channel = 'irc'} = {}): AccountFact {
  return {
    channel,
    account: name,
    enabled,
    identity: {fp: `fp-${channel}-${name}`, label: `claw${name}@irc.example.org`},
    credentials: [],
  };
}

/** A bare Debian 12 server. */
export function bareStandby(change: Partial<HostFacts> = {}): HostFacts {
  return {...common('standby'), ...change};
}

/** A primary whose gateway runs as `openclaw gateway install` makes it, on a private address, two accounts. */
export function runningPrimary(change: Partial<HostFacts> = {}): HostFacts {
  const workspace = '/home/openclaw/.openclaw/workspace';
  return {
    ...common('primary'),
    users: {
      openclaw: {
        name: 'openclaw',
        uid: 1000,
        gid: 1000,
        home: '/home/openclaw',
        shell: '/bin/bash',
        groups: ['openclaw'],
        linger: true,
        authorizedKeys: [],
        publicKeys: {},
      },
    },
    git: '2.39.5',
    checkouts: {
      [workspace]: {
        path: workspace,
        exists: true,
        isGit: true,
        remote: 'git@git.example.org:me/workspace.git',
        branch: 'main',
        commit: 'a'.repeat(40),
        dirty: 0,
        ahead: 0,
      },
    },
    gateway: {
      known: true,
      value: {
        form: 'user-unit',
        unit: 'openclaw-gateway.service',
        user: 'openclaw',
        pid: 42,
        active: true,
        upS: 100,
        stateDir: '/home/openclaw/.openclaw',
        configPath: '/home/openclaw/.openclaw/openclaw.json',
        listeners: [
          {protocol: 'tcp', address: '100.64.0.11', port: 18789},
          {protocol: 'tcp', address: '127.0.0.1', port: 18789},
        ],
      },
    },
    openclaw: {
      known: true,
      value: {
        packageDir: '/usr/local/lib/node_modules/openclaw',
        entry: '/usr/local/lib/node_modules/openclaw/openclaw.mjs',
        version: '2026.9.6',
        engines: '>=24.16.0 <25 || >=26.1.0',
        node: '/usr/local/bin/node',
        nodeVersion: '24.21.0',
      },
    },
    config: {
      known: true,
      value: {
        path: '/home/openclaw/.openclaw/openclaw.json',
        hash: 'h',
        backups: [],
        plugins: {irc: '2026.9.5'},
        tree: {
          gateway: {port: 18789, bind: 'tailnet', auth: {mode: 'token', token: {$fp: 'x'}}},
          agents: {defaults: {workspace}},
          channels: {
            irc: {enabled: true, accounts: {main: {nick: 'clawmain'}, backup: {nick: 'clawbackup'}}},
          },
        },
      },
    },
    accounts: {known: true, accounts: [account('main'), account('backup')]},
    ...change,
  };
}

export const answers: Answers = {
  primary: {ssh: 'root@203.0.113.11'},
  standby: {ssh: 'root@203.0.113.12'},
  channel: {
    type: 'irc',
    account: 'backup',
    settings: {host: 'irc.example.org', nick: 'clawbackup'},
    secrets: {},
  },
  model: {primary: 'stub/stub'},
};

export function planInputOf(
  change: Partial<Omit<PlanInput, 'pair'>> & {answers?: Partial<Answers>} = {},
): PlanInput {
  const {answers: more, ...rest} = change;
  const primary = rest.primary ?? runningPrimary();
  const standby = rest.standby ?? bareStandby();
  return {
    pair: pairSchema.parse({...answers, ...more}),
    primary,
    standby,
    split: {state: 'disjoint', primary: [], standby: []},
    planned: [],
    secrets: {},
    reached: {
      primary: {
        addresses: ['203.0.113.10'],
        port: 22,
        hostKeys: [`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'P'.repeat(43)}`],
      },
      standby: {addresses: ['203.0.113.20'], port: 22, hostKeys: []},
    },
    programs: {monitor: '// monitor\n', accounts: '// accounts\n'},
    version: '0.1.0',
    ...rest,
  };
}
