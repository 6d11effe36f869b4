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
  /** On the primary while a drill is under way: how it is undone, whose it is, and whether it undid itself. */
  drillRun: '/run/openclaw-failover-drill',
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
  /** The newest settings that the monitor could use, as they were in monitor.json. */
  goodSettings: '/var/lib/openclaw-failover/settings.json',
  /** Addresses of the witnesses as their names were resolved last, and which of them has ever answered. */
  witnesses: '/var/lib/openclaw-failover/witnesses.json',
  events: '/var/lib/openclaw-failover/events.jsonl',
  /** What the monitor heard around suspicions and takeovers, for `explain`; an older one beside it (`.1`). */
  record: '/var/lib/openclaw-failover/record.jsonl',
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
  /** Created by root: the operator wants the standby to take over now; the text is the reason, one line. */
  promote: '/run/openclaw-failover/promote',
  /** Why the newest start or stop failed, or what it found in its way: one line. Written by root beside `handled`. */
  handledWhy: '/run/openclaw-failover-role/why',
  /** Who listens on the gateway's port, written by root when a start failed: `nginx (pid 812)`, or empty. */
  portHolder: '/run/openclaw-failover-role/port',
  /** Of a warm standby: `active` or `asleep`, what root's script last made of the running gateway. */
  runsAs: '/run/openclaw-failover-role/runs',
  /** Of a warm standby: whether its gateway sleeps or had to be stopped, for the monitor. */
  warmReport: '/run/openclaw-failover-role/warm.json',
  /** A number, written by the monitor at suspicion: the prepare unit runs once for each new one. */
  prepare: '/run/openclaw-failover/prepare',
  /** Key of the monitor's user for the primary's report, its host key, and the report program on the primary. */
  interrogationKey: '/etc/openclaw-failover/interrogation_ed25519',
  interrogationKnownHosts: '/etc/openclaw-failover/interrogation_known_hosts',
  reportProgram: '/usr/local/lib/openclaw-failover/report',
  /** On a primary whose gateway is no user unit: who may run the report, and nothing else. */
  reportUser: 'openclaw-report',
  /** Its home, root's: the user cannot change who gets in. */
  reportHome: '/var/lib/openclaw-report',
  /** Who is told, without secrets: those are in `notifySecrets` under the names that this file gives. */
  notifySettings: '/etc/openclaw-failover/notify.json',
  /** URLs, topics and tokens; only root and the monitor read it. */
  notifySecrets: '/etc/openclaw-failover/notify.env',
  /** Messages that were not delivered yet. */
  tellQueue: '/var/lib/openclaw-failover/tell-queue.json',
  /** A word, written by root: one test message to everybody, answered in live.json under this word. */
  tellTest: '/run/openclaw-failover/tell-test',
  /** What the secrets pull brought: one folder for each set, and `current`, a link to the one in force. */
  pulledSecrets: '/home/openclaw/.openclaw/failover-secrets',
  /** Where OpenClaw looks after its own env file, whose values win: a link into the current set. */
  gatewayEnv: '/home/openclaw/.config/openclaw/gateway.env',
  secretsPullKey: '/home/openclaw/.ssh/failover_secrets_ed25519',
  /** Host key of the secrets' source. */
  secretsKnownHosts: '/etc/openclaw-failover/secrets_known_hosts',
  /** The command for whoever has only SSH on the standby. */
  standbyCommand: '/usr/local/bin/openclaw-failover',
  /** Newest sample of the monitor (probe, latencies, next probe), rewritten at each probe. */
  live: '/run/openclaw-failover/live.json',
  /** Compiled code of OpenClaw, so that a start of the gateway does not compile it again. The gateway user's. */
  compileCache: '/var/cache/openclaw-failover',
  /** Results of the jobs that run as the gateway's user: verify.json, sync.json, prepare.json, handback.json … */
  workRun: '/run/openclaw-failover-work',
  /** In a checkout's .git: epoch ms of the last successful push (primary) or fetch (standby) by our timers. */
  syncStamp: 'failover-last-sync',
  /** In the primary's checkout's .git: epoch ms of the last fetch, and why the newest push failed, one line. */
  fetchStamp: 'failover-last-fetch',
  pushWhy: 'failover-push-why',
  /** In the standby's checkout's .git: a gateway has used this workspace and it was not handed back yet. */
  inUse: 'failover-in-use',
  /** In a checkout's .git: a checkout of ours that did not come to its end, the two commits it lies between. */
  checkoutNote: 'failover-checkout',
  /** The standby's own user. */
  user: 'openclaw',
  /** The monitor's own system user. */
  monitorUser: 'openclaw-monitor',
  home: '/home/openclaw',
  stateDir: '/home/openclaw/.openclaw',
  config: '/home/openclaw/.openclaw/openclaw.json',
  /** Of a warm standby: what its gateway reads. It includes `config`, and turns the channel off while asleep. */
  liveConfig: '/home/openclaw/.openclaw/failover-live.json',
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
  /** Of a warm standby: turns the channel of the sleeping gateway on. */
  wake: 'openclaw-failover-wake.service',
  /** Of a warm standby: whether the sleeping gateway was started with other secrets or another config. */
  outdated: 'openclaw-failover-outdated.service',
  /** Of a warm standby: looks after the sleeping gateway every 5 min. */
  warmTimer: 'openclaw-failover-warm.timer',
  /** Runs beside the gateway as its user and writes what `channels status` says. */
  verify: 'openclaw-failover-verify.service',
  /** Puts the standby's workspace changes on a branch of their own; local, quick. */
  handback: 'openclaw-failover-handback.service',
  /** Pushes those branches; tried again with every sync until it works. */
  handbackPush: 'openclaw-failover-handback-push.service',
  sync: 'openclaw-standby-sync.service',
  syncTimer: 'openclaw-standby-sync.timer',
  /** Gets ready for a takeover while the primary is only suspected: no effect outside this host. */
  prepare: 'openclaw-failover-prepare.service',
  preparePath: 'openclaw-failover-prepare.path',
  /** Names who listens on the gateway's port, when a start failed. */
  port: 'openclaw-failover-port.service',
  /** Once a day, and after a boot: a standby that could not take over is noticed while all is well. */
  prepareTimer: 'openclaw-failover-prepare.timer',
  secretsPull: 'openclaw-failover-secrets.service',
  secretsPullTimer: 'openclaw-failover-secrets.timer',
  push: 'openclaw-workspace-push.service',
  pushTimer: 'openclaw-workspace-push.timer',
} as const;

/** Of these, what is enabled on the standby: whatever else runs there is started by one of them. */
export const enabledUnits = [
  units.monitor,
  units.rolePath,
  units.preparePath,
  units.syncTimer,
  units.prepareTimer,
  units.secretsPullTimer,
] as const;

/** The file that ssh-keygen puts beside a key. */
export const publicHalf = (key: string) => `${key}.pub`;

/** Where it is noted what a unit was last started with. */
export function appliedStamp(unit: string): string {
  return `${layout.applied}/${unit}`;
}
