import type {Accounts} from '../channels/types.js';
import type {HostName} from '../ssh/host.js';

/** Something that was read, or the reason it could not be; never a guess. */
export type Known<T> = {known: true; value: T} | {known: false; reason: string};

export interface FileRequest {
  path: string;
  /** Secret files are only hashed (with the key of this run), others below 64 KiB are sent as they are. */
  secret?: boolean;
}

/** What one reading of a host asks for. Everything else is always read. */
export interface FactsRequest {
  host: HostName;
  /** Random hex of this run; the same for both hosts, so that fingerprints can be compared. */
  key: string;
  files: FileRequest[];
  packages: string[];
  units: string[];
  users: string[];
  /** Files of NAME=value lines whose values are compared by keyed hash, e.g. `~/.openclaw/.env`. */
  envFiles: string[];
  /** Git work trees to describe, with the user who owns them. Absent ones are reported as absent. */
  checkouts: string[];
  /** Where this host looks for Node and OpenClaw besides the usual places. */
  binDirs: string[];
  /** The user whose gateway config is meant; absent: found from the running gateway. */
  gatewayUser?: string;
  /** GET http://address:port/healthz from this host; `watched`: what the monitor here watches, if it is installed. */
  probe?: {address: string; port: number} | 'watched';
}

export interface FileFact {
  kind: 'file' | 'directory' | 'other';
  mode: number;
  owner: string;
  group: string;
  /** bytes */
  size: number;
  /** sha256(key ‖ content), hex; absent for directories and unreadable files. */
  hash?: string;
  /** UTF-8 text; absent for secret, large and binary files. */
  content?: string;
  /** sha256 of the content alone, hex, to compare with what was noted in another run; never of a secret file. */
  sha256?: string;
  /** When its content was changed last: epoch ms by the clock of its host. */
  changedMs?: number;
}

export interface UnitFact {
  loadState: string; // loaded | not-found | masked | …
  activeState: string; // active | inactive | failed | activating | …
  subState: string;
  unitFileState: string; // enabled | disabled | static | ''
  result: string;
  needDaemonReload: boolean;
  mainPid: number;
  restarts: number;
  /** ms since the host's boot when it became active; 0 when it is not. */
  activeSinceMs: number;
  fragmentPath: string;
  /** Files that change this unit alone, e.g. what `systemctl edit` makes. */
  dropIns?: string[];
}

export interface UserFact {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
  groups: string[];
  linger: boolean;
  authorizedKeys: string[];
  publicKeys: Record<string, string>; // path of a .pub file in ~/.ssh → its line
}

export interface Listener {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  process?: string;
  pid?: number;
}

export type GatewayForm = 'user-unit' | 'system-unit' | 'compose' | 'podman' | 'foreground' | 'none';

/** How the gateway runs on a host, and everything needed to control it. */
export interface GatewayFact {
  form: GatewayForm;
  /** The systemd unit, for the two unit forms. */
  unit?: string;
  /** User it runs as; for containers the user inside matters little, this is the owner of the state folder. */
  user?: string;
  pid?: number;
  active: boolean;
  /** s the process has been up. */
  upS?: number;
  /** For containers: the paths inside. */
  stateDir?: string;
  configPath?: string;
  /** Absolute argv of the running process (node, entry, …). */
  argv?: string[];
  container?: {
    engine: 'docker' | 'podman';
    name: string;
    /** Whose engine carries it; absent: root's. */
    user?: string;
    composeDir?: string;
    service?: string;
  };
  /** Listening sockets of the gateway's port. */
  listeners: Listener[];
}

export interface OpenClawFact {
  /** Folder of the package, e.g. /usr/local/lib/node_modules/openclaw. */
  packageDir: string;
  /** Entry for `node ENTRY …`, e.g. …/openclaw.mjs. */
  entry: string;
  version: string;
  /** The package's `engines.node`. */
  engines: string;
  /** Absolute path of the Node that runs it here. */
  node: string;
  nodeVersion: string;
}

/** The gateway config, secrets replaced by `{"$fp": fingerprint(key, value)}` (src/channels/fingerprint.ts); `${VAR}` and SecretRefs stay as they are. */
export interface ConfigFact {
  path: string;
  /** sha256(key ‖ bytes of the file). */
  hash: string;
  /** Redacted tree after $include. */
  tree: Record<string, unknown>;
  /** A `.bak` beside it would be restored over a file that OpenClaw thinks broken. */
  backups: string[];
  /** Installed plugins of this state folder: id → version. */
  plugins: Record<string, string>;
}

export interface CheckoutFact {
  path: string;
  exists: boolean;
  isGit: boolean;
  remote?: string;
  branch?: string;
  commit?: string;
  /** Files changed or untracked. */
  dirty?: number;
  /** Commits that the upstream does not have; undefined without an upstream. */
  ahead?: number;
  /** epoch ms of the last commit. */
  lastCommitMs?: number;
  /** epoch ms of the last successful push or fetch written by our timers. */
  lastSyncMs?: number;
  /** On the primary: why the newest push by our timer failed. */
  pushFailed?: string;
  /** On the standby: a gateway has used it, and what it changed is not handed back yet. */
  inUse?: boolean;
  /** Branches of hand-backs that were not pushed; only where there are some. */
  unpushed?: string[];
  /** Branches of hand-backs whose commits the branch that is checked out does not have; only where there are some. */
  unmerged?: string[];
}

export interface ProbeFact {
  /** `address port` that was asked. */
  target: string;
  /** HTTP status; 0 when no answer. */
  status: number;
  /** ms */
  tookMs: number;
  body: string;
  error?: string;
}

export interface HostFacts {
  host: HostName;
  /** ISO time on the laptop when the reading began. */
  readAt: string;
  /** ms for the whole round trip. */
  tookMs: number;
  /** The key of this run: wanted contents are hashed with it to compare. */
  key: string;
  hostname: string;
  os: {id: string; versionId: string; codename: string; prettyName: string; kernel: string; arch: string};
  /** systemd is PID 1. */
  systemd: Known<{version: number}>;
  login: {user: string; isRoot: boolean};
  /** The sshd port this very connection came in on, and the client's address. */
  sshPort: Known<number>;
  /** s */
  uptimeS: number;
  /** Whether the host keeps its clock right by the network; absent in readings from before it was asked. */
  clockSynced?: Known<boolean>;
  /** ms the host's clock is ahead of the laptop's (negative: behind), ± half the round trip. */
  clockOffsetMs: number;
  cpus: number;
  /** 1 min load */
  load: number;
  memory: {totalBytes: number; availableBytes: number};
  /** path (/, /opt, /home, /var) → bytes */
  disks: Record<string, {totalBytes: number; freeBytes: number; readOnly: boolean}>;
  packages: Record<string, string | null>;
  /** The process that holds apt's or dpkg's lock, if any. */
  aptLock: Known<{pid: number; command: string} | null>;
  units: Record<string, UnitFact>;
  files: Record<string, FileFact | null>;
  /** path → NAME → sha256(key ‖ value) */
  envFiles: Record<string, Record<string, string> | null>;
  users: Record<string, UserFact | null>;
  /**
   * ufw. `closed`: what no rule names does not come in. `rules`: as the words after `ufw` that make them, e.g.
   * `allow 22/tcp`, `allow in on tailscale0`.
   */
  firewall: Known<{installed: boolean; enabled: boolean; closed: boolean; rules: string[]}>;
  fail2ban: Known<{installed: boolean; active: boolean; jails: string[]}>;
  addresses: {name: string; address: string; family: 4 | 6; prefix: number}[];
  tailscale: Known<{installed: boolean; state: string; ip4?: string; loginUrl?: string; keyExpires?: string}>;
  listeners: Known<Listener[]>;
  git: string | null;
  /** By the path of the request; the workspace that the gateway's config names is always there, by its absolute path. */
  checkouts: Record<string, CheckoutFact>;
  gateway: Known<GatewayFact>;
  openclaw: Known<OpenClawFact | null>;
  config: Known<ConfigFact | null>;
  accounts: Accounts;
  /** Node found in the requested binDirs: path → version. */
  nodes: Record<string, string>;
  probe?: ProbeFact;
  /** Who holds the pair's lock on this host. */
  lock: {who: string; when: string; why: string} | null;
  /** Channel plugins installed under layout.stateDir, id → version, also before there is a config. */
  plugins: Record<string, string>;
  /** Secrets that this host pulls (its OpenClaw's `gateway.env`): name → fingerprint under the key of this run. */
  pulled: Record<string, string>;
  /** The split guard's word on the standby's config; unknown before it is installed or approved. */
  guard: Known<{ok: boolean; reason: string}>;
  /** Monitor's state.json on the standby, when there is one. */
  monitorState: Known<Record<string, unknown> | null>;
}
