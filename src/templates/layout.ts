/** Every path the program uses on a host (table "On the hosts" of docs/architecture.md). */
export const layout = {
  lib: '/usr/local/lib/openclaw-failover',
  etc: '/etc/openclaw-failover',
  state: '/var/lib/openclaw-failover',
  run: '/run/openclaw-failover',
  manifest: '/etc/openclaw-failover/manifest.json',
  /** Settings of the monitor. */
  monitorSettings: '/etc/openclaw-failover/monitor.json',
  /** Accounts the standby's gateway may log in, with fingerprints keyed by `splitKey`. */
  approvedSplit: '/etc/openclaw-failover/approved-split.json',
  splitKey: '/etc/openclaw-failover/split.key',
  /** Proofs: what was tried with success, and for which inputs (a hash). */
  proofs: '/etc/openclaw-failover/proofs',
  lock: '/run/openclaw-failover-setup.lock',
  monitorProgram: '/usr/local/lib/openclaw-failover/monitor.mjs',
  accountsProgram: '/usr/local/lib/openclaw-failover/accounts.mjs',
  /** On the standby: Node and OpenClaw of the failover pair, apart from anything the host has. */
  opt: '/opt/openclaw-failover',
  nodeDir: '/opt/openclaw-failover/node',
  node: '/opt/openclaw-failover/node/bin/node',
  npm: '/opt/openclaw-failover/node/bin/npm',
  openclawPrefix: '/opt/openclaw-failover/openclaw',
  openclawPackage: '/opt/openclaw-failover/openclaw/lib/node_modules/openclaw',
  stateJson: '/var/lib/openclaw-failover/state.json',
  events: '/var/lib/openclaw-failover/events.jsonl',
  /** The standby's own user. */
  user: 'openclaw',
  home: '/home/openclaw',
  stateDir: '/home/openclaw/.openclaw',
  config: '/home/openclaw/.openclaw/openclaw.json',
  envFile: '/home/openclaw/.openclaw/.env',
  workspace: '/home/openclaw/.openclaw/workspace',
  deployKey: '/home/openclaw/.ssh/failover_workspace_ed25519',
  gatewayPort: 18789,
} as const;

export const units = {
  monitor: 'openclaw-health-monitor.service',
  gateway: 'openclaw.service',
  rolePath: 'openclaw-failover-role.path',
  role: 'openclaw-failover-role.service',
  sync: 'openclaw-standby-sync.service',
  syncTimer: 'openclaw-standby-sync.timer',
  push: 'openclaw-workspace-push.service',
  pushTimer: 'openclaw-workspace-push.timer',
} as const;
