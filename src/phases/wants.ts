import {createHash} from 'node:crypto';
import type {HostFacts} from '../facts/types.js';
import type {
  AuthorizedKeyChange,
  Change,
  DirectoryChange,
  EnvFileChange,
  FileChange,
  PackagesChange,
  ProofName,
  UnitChange,
  UserChange,
} from '../plan/change.js';
import {Secret} from '../secret.js';
import {isOwnSecretName} from '../pair/secret-names.js';
import type {RemoteFile} from '../ssh/host.js';
import {appliedStamp} from '../templates/layout.js';

/** sha256(key ‖ content), as the facts script computes it on the host. */
export function keyedHash(key: string, content: string | Uint8Array | Secret): string {
  if (content instanceof Secret) return content.keyedHash(key);
  return createHash('sha256').update(key).update(content).digest('hex');
}

/** A hash over everything a proof depends on; keys are sorted so that the order of decisions does not matter. */
export function inputsHash(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, child: unknown) =>
    child && typeof child === 'object' && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => a.localeCompare(b)))
      : child,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 32);
}

/** A file with exactly this content, owner and mode; `unit` has to be restarted when it changes. */
export function* wantFile(
  facts: HostFacts,
  file: RemoteFile,
  {
    title,
    why,
    reload = file.path.startsWith('/etc/systemd/'),
    secret = false,
    unit,
  }: {title?: string; why?: string; reload?: boolean; secret?: boolean; unit?: string} = {},
): Generator<FileChange> {
  const now = facts.files[file.path];
  const same =
    now?.kind === 'file' &&
    now.hash === keyedHash(facts.key, file.content) &&
    now.mode === file.mode &&
    now.owner === file.owner &&
    now.group === file.group;
  if (same) return;
  yield {
    kind: 'file',
    id: `${facts.host}:file:${file.path}`,
    host: facts.host,
    title: title ?? file.path,
    file,
    secret,
    reload,
    ...(why !== undefined && {why}),
    ...(unit !== undefined && {unit}),
    ...(now?.content !== undefined && {before: now.content}),
  };
}

/** A folder; what is in it does not matter. */
export function* wantDirectory(
  facts: HostFacts,
  path: string,
  owner: string,
  mode: number,
): Generator<DirectoryChange> {
  const now = facts.files[path];
  if (now?.kind === 'directory' && now.owner === owner && now.mode === mode) return;
  yield {
    kind: 'directory',
    id: `${facts.host}:directory:${path}`,
    host: facts.host,
    title: `folder ${path}`,
    path,
    owner,
    group: owner,
    mode,
  };
}

/** Packages of the distribution; only the missing ones become a change. */
export function* wantPackages(
  facts: HostFacts,
  packages: readonly string[],
  title: string,
): Generator<PackagesChange> {
  const missing = packages.filter((name) => !facts.packages[name]);
  if (missing.length === 0) return;
  yield {
    kind: 'packages',
    id: `${facts.host}:packages:${missing[0]}`,
    host: facts.host,
    title: `${title}: ${missing.join(', ')}`,
    packages: missing,
  };
}

export function* wantUser(
  facts: HostFacts,
  user: string,
  home: string,
  system: boolean,
  title: string,
  shell = system ? '/usr/sbin/nologin' : '/bin/bash',
): Generator<UserChange> {
  if (facts.users[user]) return;
  yield {
    kind: 'user',
    id: `${facts.host}:user:${user}`,
    host: facts.host,
    title,
    user,
    home,
    shell,
    ...(system && {system}),
  };
}

export function* wantAuthorizedKey(
  facts: HostFacts,
  user: string,
  line: string,
): Generator<AuthorizedKeyChange> {
  const body = line.split(/\s+/)[1];
  if (facts.users[user]?.authorizedKeys.some((have) => body !== undefined && have.includes(body))) return;
  yield {
    kind: 'authorized-key',
    id: `${facts.host}:authorized-key:${user}`,
    host: facts.host,
    title: `your SSH key may log in as ${user}`,
    user,
    line,
  };
}

/** What a unit runs with, as one hash: its own file, its program, its settings. */
export function appliedHash(files: readonly RemoteFile[]): string {
  const hash = createHash('sha256');
  for (const {path, content} of files) hash.update(path).update('\0').update(bytesOf(content)).update('\0');
  return hash.digest('hex').slice(0, 32);
}

function bytesOf(content: RemoteFile['content']): string | Uint8Array {
  return content instanceof Secret ? content.keyedHash('') : content;
}

/**
 * A unit that is enabled and runs, or not. With `applied` (see `appliedHash`) it is restarted when the host
 * does not note that it was started with just that, so that a cut between writing a file and the restart shows.
 * What systemd has not read again yet is reloaded.
 */
export function* wantUnit(
  facts: HostFacts,
  unit: string,
  want: Pick<UnitChange, 'enabled' | 'active' | 'restart' | 'applied' | 'ready'>,
  title: string,
): Generator<UnitChange> {
  const now = facts.units[unit];
  const enabled = now?.unitFileState === 'enabled' || now?.unitFileState === 'enabled-runtime';
  const active =
    now?.activeState === 'active' || now?.activeState === 'activating' || now?.activeState === 'reloading';
  const stale =
    want.applied !== undefined && facts.files[appliedStamp(unit)]?.content?.trim() !== want.applied;
  const restart = want.restart === true || stale;
  const differs =
    restart ||
    now?.needDaemonReload === true ||
    (want.enabled !== undefined && want.enabled !== enabled) ||
    (want.active !== undefined && want.active !== active);
  if (!differs) return;
  const {applied, ...rest} = want;
  yield {
    kind: 'unit',
    id: `${facts.host}:unit:${unit}`,
    host: facts.host,
    title,
    unit,
    ...rest,
    ...(restart && {restart}),
    // Noted only when it is really started by this: a unit that runs already may run with something older.
    ...(applied !== undefined && (restart || !active) && {applied}),
  };
}

/** How an env file stands on the host. Default: the gateway's, for its owner alone. */
interface EnvFileManner {
  group?: string;
  mode?: number;
  /** Proofs that stand on its values. */
  proofs?: readonly ProofName[];
}

/** What stands on the gateway's config and secrets. */
export const gatewayProofs: readonly ProofName[] = ['models', 'live', 'failover'];

/** Entries of an env file; a secret that was not supplied in this run counts as right when it is there. */
export function* wantEnvFile(
  facts: HostFacts,
  path: string,
  owner: string,
  entries: Record<string, Secret | 'generate' | 'present'>,
  header: string,
  {group = owner, mode = 0o600, proofs = gatewayProofs}: EnvFileManner = {},
): Generator<EnvFileChange> {
  const now = facts.envFiles[path] ?? {};
  const differing: Record<string, Secret | 'generate'> = {};
  for (const [name, value] of Object.entries(entries)) {
    if (value === 'present') continue;
    const have = now[name];
    if (value === 'generate' ? have === undefined : have !== value.keyedHash(facts.key))
      differing[name] = value;
  }
  const fact = facts.files[path];
  const loose = fact?.kind === 'file' && (fact.mode !== mode || fact.owner !== owner || fact.group !== group);
  if (Object.keys(differing).length === 0 && !loose) return;
  yield {
    kind: 'env-file',
    id: `${facts.host}:env-file:${path}`,
    host: facts.host,
    title: `secrets in ${path} (0${mode.toString(8)}): ${Object.keys(differing).join(', ') || 'owner and mode'}`,
    path,
    owner,
    group,
    entries: differing,
    drop: [],
    header,
    mode,
    proofs: [...proofs],
  };
}

/** Takes away secrets of ours that nothing uses any more, e.g. those of a channel that was given up. */
export function* dropUnusedSecrets(
  facts: HostFacts,
  path: string,
  owner: string,
  used: readonly string[],
  {group = owner, mode = 0o600, proofs = gatewayProofs}: EnvFileManner = {},
): Generator<EnvFileChange> {
  const drop = Object.keys(facts.envFiles[path] ?? {}).filter(
    (name) => isOwnSecretName(name) && !used.includes(name),
  );
  if (drop.length === 0) return;
  yield {
    kind: 'env-file',
    id: `${facts.host}:env-file:${path}:unused`,
    host: facts.host,
    title: `no longer in ${path}: ${drop.join(', ')}`,
    path,
    owner,
    group,
    entries: {},
    drop,
    header: '',
    mode,
    proofs: [...proofs],
  };
}

/** True when a stamp on the standby says that this was proven for these very inputs. */
export function isProven(standby: HostFacts, stampPath: string, inputs: string): boolean {
  return standby.files[stampPath]?.content?.trim() === inputs;
}

/** Whether a list of changes touches something with this id prefix; later steps restart or re-prove by it. */
export function touches(changes: readonly Change[], prefix: string): boolean {
  return changes.some(({id}) => id.startsWith(prefix));
}
