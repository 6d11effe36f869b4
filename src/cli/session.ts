import {Abort} from '../errors.js';
import type {PairFiles} from '../pair/paths.js';
import {expandHome} from '../pair/paths.js';
import {getAt, type Draft} from '../pair/path.js';
import {fileAudit, type FileAudit} from '../ssh/audit.js';
import {connect} from '../ssh/connect.js';
import type {HostName} from '../ssh/host.js';
import {pinStore} from '../ssh/pins.js';
import type {ConnectPrompts} from '../ssh/prompts.js';
import type {SshHost} from '../ssh/ssh-host.js';
import {atExit, isExitPrompt, rememberForExit} from './exit.js';
import {printable, tell} from './terminal.js';

/** Both hosts, connected; one audit log. */
export interface Session {
  hosts: Record<HostName, SshHost>;
  audit: FileAudit;
  close(): Promise<void>;
}

/** The result of trying both hosts: each is connected, or says why not. */
export interface Attempt {
  hosts: Partial<Record<HostName, SshHost>>;
  errors: Partial<Record<HostName, unknown>>;
  audit: FileAudit;
  close(): Promise<void>;
}

/**
 * Connects to both hosts at once; questions (host key, passphrase, passwords) come one after the other.
 * @throws what `connect` throws; when neither answers, the primary's error with the standby's in it. Whatever was
 * connected is closed again.
 */
export async function openSession(draft: Draft, files: PairFiles, prompts: ConnectPrompts): Promise<Session> {
  const attempt = await tryHosts(draft, files, prompts);
  const {primary, standby} = attempt.hosts;
  if (primary && standby) return {hosts: {primary, standby}, audit: attempt.audit, close: attempt.close};
  await attempt.close();
  throw bothErrors(attempt.errors);
}

function bothErrors({primary, standby}: Attempt['errors']): unknown {
  if (!(primary instanceof Abort && standby instanceof Abort)) return primary ?? standby;
  return new Abort(primary.message, {
    detail: [primary.detail, `And: ${standby.message}`, standby.detail].filter(Boolean).join('\n'),
    next: [...new Set([...primary.next, ...standby.next])],
    exit: primary.exit,
    cause: primary,
  });
}

/**
 * As `openSession`, but a host that cannot be reached is an answer. Waits for both.
 * @throws the reason of `signal`, which ends the attempt and not what came of it
 */
export async function tryHosts(
  draft: Draft,
  files: PairFiles,
  prompts: ConnectPrompts,
  names: readonly HostName[] = ['primary', 'standby'],
  {
    quiet = false,
    connectTimeoutMs,
    signal,
  }: Pick<Dial, 'connectTimeoutMs'> & {quiet?: boolean; signal?: AbortSignal} = {},
): Promise<Attempt> {
  rememberForExit({log: files.audit});
  const audit = fileAudit(files.audit, {onTrouble: (sentence) => tell(sentence)});
  const ending = new AbortController();
  const leave = () => ending.abort(signal?.reason);
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave, {once: true});
  const dial = {
    files,
    prompts: leavable(prompts, ending),
    audit,
    signal: ending.signal,
    quiet,
    connectTimeoutMs,
  };
  const tries = names.map((name) => connectHost(name, draft, dial));
  const hosts: Attempt['hosts'] = {};
  const close = async () => {
    undo();
    ending.abort();
    await Promise.allSettled(Object.values(hosts).map((host) => host.close()));
  };
  const undo = atExit(close);
  const errors: Attempt['errors'] = {};
  for (const [index, result] of (await Promise.allSettled(tries)).entries()) {
    const name = names[index] as HostName;
    if (result.status === 'fulfilled') hosts[name] = result.value;
    else errors[name] = result.reason;
  }
  signal?.removeEventListener('abort', leave);
  if (ending.signal.aborted) {
    await close();
    throw ending.signal.reason;
  }
  return {hosts, errors, audit, close};
}

/** Leaving one question leaves the whole attempt: the other host's questions are not asked any more. */
function leavable(prompts: ConnectPrompts, ending: AbortController): ConnectPrompts {
  const guard =
    <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      ending.signal.throwIfAborted();
      try {
        return await ask(...args);
      } catch (error) {
        if (isExitPrompt(error)) ending.abort(error);
        throw error;
      }
    };
  const {hostKey, passphrase, password, sudoPassword} = prompts;
  return {
    ...(hostKey && {hostKey: guard(hostKey)}),
    ...(passphrase && {passphrase: guard(passphrase)}),
    ...(password && {password: guard(password)}),
    ...(sudoPassword && {sudoPassword: guard(sudoPassword)}),
  };
}

interface Dial {
  files: PairFiles;
  prompts: ConnectPrompts;
  audit: FileAudit;
  signal: AbortSignal;
  /** Says nothing: a screen is drawn meanwhile. */
  quiet: boolean;
  /** ms for each server on the way. */
  connectTimeoutMs?: number | undefined;
}

function connectHost(
  name: HostName,
  draft: Draft,
  {files, prompts, audit, signal, quiet, connectTimeoutMs}: Dial,
): Promise<SshHost> {
  const text = (key: string) => {
    const value = getAt(draft, [name, key]);
    return typeof value === 'string' ? value : undefined;
  };
  const ssh = text('ssh') ?? '';
  const identityFile = text('identityFile');
  if (!quiet) tell(`Connecting to the ${name}, ${printable(ssh)} …`, 'dim');
  return connect({
    name,
    ssh,
    identityFile: identityFile === undefined ? undefined : expandHome(identityFile),
    hostKey: text('hostKey'),
    jump: text('jump'),
    pins: pinStore(files.knownHosts),
    prompts,
    audit,
    signal,
    connectTimeoutMs,
  });
}
