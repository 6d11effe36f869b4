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
  /** One file per unit, root's: a hash of the files that the running unit was last started with. */
  applied: '/etc/openclaw-failover/applied',
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
  /** The monitor's wish for this host: `active 17` or `standby 18`. Written by the monitor, acted on by root. */
  role: '/run/openclaw-failover/role',
  /** What root did about it: `active 17 0` (role, sequence, exit code of the start). Root-owned folder. */
  roleRun: '/run/openclaw-failover-role',
  handled: '/run/openclaw-failover-role/handled',
  /** `EPOCH_SECONDS why`, written by root: until then the monitor neither promotes nor demotes. */
  pause: '/run/openclaw-failover/pause',
  /** Created by root: the operator wants the standby to give back as soon as the primary is well. */
  failback: '/run/openclaw-failover/failback',
  /** Made when the newest takeover is a test: the monitor does not count it. */
  tested: '/run/openclaw-failover/tested',
  /** Newest sample of the monitor (probe, latencies, next probe), rewritten at each probe. */
  live: '/run/openclaw-failover/live.json',
  /** Results of the jobs that run as the gateway's user: verify.json, sync.json, handback.json, handback-push.json. */
  workRun: '/run/openclaw-failover-work',
  /** In a checkout's .git: epoch ms of the last successful push (primary) or fetch (standby) by our timers. */
  syncStamp: 'failover-last-sync',
  /** In the standby's checkout's .git: a gateway has used this workspace and it was not handed back yet. */
  inUse: 'failover-in-use',
  /** The standby's own user. */
  user: 'openclaw',
  /** The monitor's own system user. */
  monitorUser: 'openclaw-monitor',
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
  /** Runs beside the gateway as its user and writes what `channels status` says. */
  verify: 'openclaw-failover-verify.service',
  /** Puts the standby's workspace changes on a branch of their own; local, quick. */
  handback: 'openclaw-failover-handback.service',
  /** Pushes those branches; tried again with every sync until it works. */
  handbackPush: 'openclaw-failover-handback-push.service',
  sync: 'openclaw-standby-sync.service',
  syncTimer: 'openclaw-standby-sync.timer',
  push: 'openclaw-workspace-push.service',
  pushTimer: 'openclaw-workspace-push.timer',
} as const;

/** Where it is noted what a unit was last started with. */
export function appliedStamp(unit: string): string {
  return `${layout.applied}/${unit}`;
}
