import type {HostName, RemoteFile, Script} from '../ssh/host.js';
import type {Source} from '../pair/secrets-source.js';
import type {Secret} from '../secret.js';

/** What every change says about itself; the rest is data of its kind. */
interface Base {
  /** Stable and unique in a plan: `standby:file:/etc/…`. */
  id: string;
  host: HostName;
  /** One line in the present tense for a person: `OpenClaw 2026.9.6, the primary's version`. */
  title: string;
  /** Why, where the title does not say it. */
  why?: string;
  /** Interrupts something that runs; shown before it is applied. */
  disruptive?: boolean;
}

export interface FileChange extends Base {
  kind: 'file';
  file: RemoteFile;
  /** What is there now, for the diff; undefined: nothing, or not readable as text. */
  before?: string;
  /** Never shown: only "changed" is told. */
  secret: boolean;
  /** systemd units whose files these are: daemon-reload, and restart when active. */
  reload?: boolean;
  /** The unit that has to be restarted for it: its note of what it runs with goes before the file is written. */
  unit?: string;
}
export interface RemoveFileChange extends Base {
  kind: 'remove-file';
  path: string;
}
export interface DirectoryChange extends Base {
  kind: 'directory';
  path: string;
  owner: string;
  group: string;
  mode: number;
}
export interface PackagesChange extends Base {
  kind: 'packages';
  packages: string[];
}
export interface AptSourceChange extends Base {
  kind: 'apt-source';
  /** File under /etc/apt/sources.list.d. */
  path: string;
  content: string;
  keyPath: string;
  /** The keyring holds exactly one key, with this OpenPGP fingerprint (40 hex digits), or it is refused. */
  key: {url: string; fingerprint: string};
}
export interface UserChange extends Base {
  kind: 'user';
  user: string;
  home: string;
  shell: string;
  /** A system user: no home of its own, no password. */
  system?: boolean;
}
export interface AuthorizedKeyChange extends Base {
  kind: 'authorized-key';
  user: string;
  /** A whole line of authorized_keys; with `keyOf`, `keyPlace` stands in it for the public key. */
  line: string;
  /** The public key is this file's, on a host that may have made it only now. */
  keyOf?: {host: HostName; path: string};
  /** The comment of our line: others that end in it are older ones of ours, and go. */
  comment?: string;
  /** A file in a folder of root's, for a user who is not to change who gets in; else the user's own. */
  rootsFile?: string;
}
/** In a line of authorized_keys that is planned before the key is made. */
export const keyPlace = '{key}';
export interface UnitChange extends Base {
  kind: 'unit';
  unit: string;
  enabled?: boolean;
  active?: boolean;
  /** Restart although it is active (its file or program changed). */
  restart?: boolean;
  /** A hash of the files it is (re)started with, noted on the host once it has started. */
  applied?: string;
  /** argv that succeeds once the service really works; asked again for some seconds. */
  ready?: string[];
}
export interface FirewallChange extends Base {
  kind: 'firewall';
  /** In order, each an argv after `ufw`, e.g. ['allow', '22/tcp']; the SSH rule comes first. */
  rules: string[][];
  enable: boolean;
}
export interface NodeChange extends Base {
  kind: 'node';
  /** semver range from the package's engines. */
  range: string;
  mirror: string;
  /** The version the primary runs; taken when the range and the mirror have it. */
  prefer?: string;
  dir: string;
}
export interface NpmPackageChange extends Base {
  kind: 'npm-package';
  package: string;
  version: string;
  prefix: string;
  /** A file of the package that is started once with --version after the install. */
  complete?: string;
  /** Its gateway is started beside the old one, and must get ready, before it takes the old one's place. */
  rehearse?: boolean;
}
export interface EnvFileChange extends Base {
  kind: 'env-file';
  path: string;
  owner: string;
  group: string;
  /** NAME → value, or `generate` (32 random bytes, made on the host, kept when present). */
  entries: Record<string, Secret | 'generate'>;
  /** Names that nothing uses any more. */
  drop: string[];
  /** Default 0600. */
  mode?: number;
  /** Proofs that stand on it and have to be made again. */
  proofs: ProofName[];
  header: string;
}
/** The standby's whole gateway config: validated as a copy, then renamed over the old one. */
export interface GatewayConfigChange extends Base {
  kind: 'gateway-config';
  path: string;
  user: string;
  tree: Record<string, unknown>;
  /** First line, a comment: which program wrote it. */
  header: string;
  /** Redacted text of what is there now, for the diff. */
  before?: string;
}
/** An edit of the primary's config through `openclaw config patch`, with backup, health check and rollback. */
export interface ConfigPatchChange extends Base {
  kind: 'config-patch';
  patch: Record<string, unknown>;
  /** Paths and values for the diff; secrets redacted. */
  before: Record<string, unknown>;
  /** How the running gateway takes it over. */
  takesEffect: 'reload' | 'restart';
  /** A channel account that must not be connected any more afterwards. */
  gone?: {channel: string; account: string};
}
export interface CheckoutChange extends Base {
  kind: 'checkout';
  path: string;
  user: string;
  remote: string;
  branch: string;
  identityFile?: string;
}
/** A key pair made on the host; its public half is shown and the remote is waited for. */
export interface DeployKeyChange extends Base {
  kind: 'deploy-key';
  path: string;
  user: string;
  remote: string;
  comment: string;
  /** Whether the key must be allowed to push. */
  write: boolean;
}
/** The host key of a server that is none of the pair's: pinned when it shows the one that was named. */
export interface SourceKeyChange extends Base {
  kind: 'source-key';
  source: Source;
  /** `SHA256:…`; absent: nobody has named one, and it is refused. */
  pin?: string;
  /** First line of the known_hosts file, a comment. */
  header: string;
}
export interface NetworkChange extends Base {
  kind: 'network';
  /** Join by auth key, or show the login URL and wait. */
  authKey?: Secret;
  hostname?: string;
}
/**
 * Programs, settings and units of the standby that belong together: written beside what is there, put in place in one
 * moment, and the old ones put back when the monitor does not come up with the new ones.
 */
export interface SwapChange extends Base {
  kind: 'swap';
  files: FileChange[];
  units: UnitChange[];
}
/** Anything that is one bounded script and is needed or not by the facts alone. */
export interface ScriptChange extends Base {
  kind: 'script';
  /** Completes "Could not …" when it fails: `install the channel plugin`. */
  doing: string;
  script: Script;
  user?: string;
  /** ms */
  timeoutMs: number;
}
/** Something proven by trying; the stamp on the host keeps it proven while its inputs stay the same. */
export interface ProofChange extends Base {
  kind: 'proof';
  proof: ProofName;
  /** Hash over everything the proof depends on; the stamp's content. */
  inputs: string;
}
/** Units that are stopped and disabled, in this order: first whoever starts others. */
export interface UnitsOffChange extends Base {
  kind: 'units-off';
  units: string[];
}
/** Whole folders and single files of ours that go, in this order. */
export interface RemovePathsChange extends Base {
  kind: 'remove-paths';
  paths: string[];
  /** Unit files are among them. */
  reload?: boolean;
}
/** A user that was made for this alone. Its processes are ended; it is another one when id or home differ. */
export interface RemoveUserChange extends Base {
  kind: 'remove-user';
  user: string;
  uid: number;
  home: string;
  /** Its home goes too. */
  removeHome: boolean;
}
export interface FirewallOffChange extends Base {
  kind: 'firewall-off';
  /** Each the words after `ufw` that made the rule. */
  rules: string[][];
  /** The firewall is switched off first: no rule that lets SSH in goes while it is on. */
  disable: boolean;
}
/**
 * `reach`: standby sees the primary's health; `models`: credentials work; `live`: channel account connected;
 * `notify`: a test message was sent; `report`: the monitor may ask the primary over SSH; `failover`: phase 6.
 */
export type ProofName =
  'reach' | 'models' | 'live' | 'approve-split' | 'monitor' | 'notify' | 'report' | 'secrets' | 'failover';

/** One difference between the facts and what the pair wants, as data. */
export type Change =
  | FileChange
  | RemoveFileChange
  | DirectoryChange
  | PackagesChange
  | AptSourceChange
  | UserChange
  | AuthorizedKeyChange
  | UnitChange
  | FirewallChange
  | NodeChange
  | NpmPackageChange
  | EnvFileChange
  | GatewayConfigChange
  | ConfigPatchChange
  | CheckoutChange
  | DeployKeyChange
  | SourceKeyChange
  | NetworkChange
  | SwapChange
  | ScriptChange
  | ProofChange
  | UnitsOffChange
  | RemovePathsChange
  | RemoveUserChange
  | FirewallOffChange;

export type ChangeKind = Change['kind'];
export type ChangeOf<K extends ChangeKind> = Extract<Change, {kind: K}>;
