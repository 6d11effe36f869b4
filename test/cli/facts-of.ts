import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';
import type {HostName} from '../../src/ssh/host.js';

/** Facts of a plain Debian host, with what a test wants to be different. */
export function factsOf(host: HostName, change: Partial<HostFacts> = {}): HostFacts {
  return {
    host,
    readAt: '2026-11-20T12:00:00Z',
    tookMs: 800,
    key: 'f'.repeat(64),
    hostname: host === 'primary' ? 'claw-main' : 'claw-backup',
    os: {
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian 12',
      kernel: '6.1',
      arch: 'x86_64',
    },
    systemd: {known: true, value: {version: 252}},
    login: {user: 'root', isRoot: true},
    sshPort: {known: true, value: 22},
    uptimeS: 1000,
    clockOffsetMs: 0,
    cpus: 2,
    load: 0,
    memory: {totalBytes: 2e9, availableBytes: 1e9},
    disks: {},
    packages: {},
    aptLock: {known: true, value: null},
    units: {},
    files: {},
    envFiles: {},
    users: {},
    firewall: {known: true, value: {installed: false, enabled: false, closed: false, rules: []}},
    fail2ban: {known: true, value: {installed: false, active: false, jails: []}},
    addresses: [
      {name: 'eth0', address: host === 'primary' ? '203.0.113.10' : '203.0.113.20', family: 4, prefix: 24},
      {
        name: 'tailscale0',
        address: host === 'primary' ? '100.64.0.11' : '100.64.0.12',
        family: 4,
        prefix: 32,
      },
    ],
    tailscale: {known: true, value: {installed: false, state: ''}},
    listeners: {known: true, value: []},
    git: null,
    checkouts: {},
    gateway: {
      known: true,
      value: {
        form: 'user-unit',
        active: true,
        user: 'openclaw',
        listeners: [
          {protocol: 'tcp', address: host === 'primary' ? '100.64.0.11' : '127.0.0.1', port: 18789},
        ],
      },
    },
    openclaw: {known: true, value: null},
    config: {known: true, value: null},
    accounts: {known: true, accounts: []},
    nodes: {},
    lock: null,
    plugins: {},
    guard: {known: false, reason: 'not installed'},
    monitorState: {known: true, value: null},
    ...change,
  };
}

/** The primary's config as facts hold it: credentials are fingerprints already. */
export function configOf(tree: Record<string, unknown>): HostFacts['config'] {
  return {known: true, value: {path: '/c', hash: 'h', tree, backups: [], plugins: {}}};
}

export function accountOf(channel: string, account: string, change: Partial<AccountFact> = {}): AccountFact {
  return {channel, account, enabled: true, credentials: [], ...change};
}
