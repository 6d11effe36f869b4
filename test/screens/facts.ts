import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';

/** Facts of a Debian 12 host as the parser gives them; tests say what differs. */
export function hostFacts(host: 'primary' | 'standby', differing: Partial<HostFacts> = {}): HostFacts {
  const primary = host === 'primary';
  return {
    host,
    readAt: '2026-11-20T14:00:00.000Z',
    tookMs: 412,
    key: '00',
    hostname: primary ? 'claw-main' : 'claw-backup',
    os: {
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-28-amd64',
      arch: 'x86_64',
    },
    systemd: {known: true, value: {version: 252}},
    login: {user: 'root', isRoot: true},
    sshPort: {known: true, value: 22},
    uptimeS: 1_051_200,
    clockOffsetMs: primary ? 12 : -3,
    cpus: 2,
    load: primary ? 0.31 : 0.02,
    memory: primary
      ? {totalBytes: 4 * 1024 ** 3, availableBytes: 2.9 * 1024 ** 3}
      : {totalBytes: 2 * 1024 ** 3, availableBytes: 1.7 * 1024 ** 3},
    disks: {'/': {totalBytes: 48 * 1024 ** 3, freeBytes: (primary ? 30 : 38) * 1024 ** 3, readOnly: false}},
    packages: {},
    aptLock: {known: true, value: null},
    units: {},
    files: {},
    envFiles: {},
    users: {},
    firewall: {known: true, value: {installed: false, enabled: false, closed: false, rules: []}},
    fail2ban: {known: true, value: {installed: false, active: false, jails: []}},
    addresses: [
      {name: 'lo', address: '127.0.0.1', family: 4, prefix: 8},
      {name: 'eth0', address: primary ? '203.0.113.10' : '203.0.113.20', family: 4, prefix: 24},
      {name: 'tailscale0', address: primary ? '100.64.0.11' : '100.64.0.12', family: 4, prefix: 32},
    ],
    tailscale: {
      known: true,
      value: {installed: true, state: 'Running', ip4: primary ? '100.64.0.11' : '100.64.0.12'},
    },
    listeners: {known: true, value: []},
    git: '2.39.5',
    checkouts: {},
    gateway: {
      known: true,
      value: primary
        ? {
            form: 'user-unit',
            active: true,
            upS: 1_051_200,
            pid: 812,
            unit: 'openclaw-gateway.service',
            user: 'claw',
            listeners: [],
          }
        : {form: 'none', active: false, listeners: []},
    },
    openclaw: {
      known: true,
      value: primary
        ? {
            packageDir: '/usr/local/lib/node_modules/openclaw',
            entry: '/usr/local/lib/node_modules/openclaw/openclaw.mjs',
            version: '2026.9.6',
            engines: '>=24.16 <25 || >=26.1',
            node: '/usr/local/bin/node',
            nodeVersion: '24.21.0',
          }
        : null,
    },
    config: {known: true, value: null},
    accounts: {known: true, accounts: []},
    nodes: {},
    plugins: {},
    guard: {known: false, reason: 'not installed'},
    lock: null,
    monitorState: {known: true, value: null},
    ...differing,
  };
}

export function account(channel: string, name: string, label: string, enabled = true): AccountFact {
  return {
    channel,
    account: name,
    enabled,
    identity: {fp: `fp-${label}`, label},
    credentials: [{field: 'password', fp: `secret-fp-${label}`, from: 'env'}],
  };
}
