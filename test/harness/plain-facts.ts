import type {HostFacts} from '../../src/facts/types.js';
import type {HostName} from '../../src/ssh/host.js';

/** Addresses that the tests' hosts have, in documentation ranges and on a tailnet. */
export const publicAddress = {primary: '203.0.113.10', standby: '203.0.113.20'} as const;
export const privateAddress = {primary: '100.64.0.11', standby: '100.64.0.12'} as const;

/** Facts of a Debian 12 host that has nothing yet, with what a test wants to be different. */
export function plainFacts(host: HostName, differing: Partial<HostFacts> = {}): HostFacts {
  return {
    host,
    readAt: '2026-11-20T12:00:00.000Z',
    tookMs: 400,
    key: 'f'.repeat(64),
    hostname: host === 'primary' ? 'claw-main' : 'claw-backup',
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
    clockOffsetMs: 0,
    cpus: 2,
    load: 0,
    memory: {totalBytes: 4e9, availableBytes: 3e9},
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
      {name: 'lo', address: '127.0.0.1', family: 4, prefix: 8},
      {name: 'eth0', address: publicAddress[host], family: 4, prefix: 24},
      {name: 'tailscale0', address: privateAddress[host], family: 4, prefix: 32},
    ],
    tailscale: {known: true, value: {installed: false, state: 'absent'}},
    listeners: {known: true, value: []},
    git: null,
    checkouts: {},
    gateway: {known: true, value: {form: 'none', active: false, listeners: []}},
    openclaw: {known: true, value: null},
    config: {known: true, value: null},
    accounts: {known: true, accounts: []},
    nodes: {},
    lock: null,
    plugins: {},
    pulled: {},
    guard: {known: false, reason: 'not installed'},
    monitorState: {known: true, value: null},
    ...differing,
  };
}
