import {spawn} from 'node:child_process';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {expandHome} from '../pair/paths.js';
import {localUser} from './target.js';
import type {Target} from './target.js';

/** What the operator's OpenSSH configuration says about one host; paths are absolute. */
export interface OperatorConfig {
  host: string;
  user: string;
  port: number;
  identityFiles: string[];
  identitiesOnly: boolean;
  /** Socket path; undefined: no agent. */
  agent: string | undefined;
  /** `user@host:port` of each hop, the one nearest to the operator first. */
  proxyJump: string[];
  /** A ProxyCommand, which cannot be used here. */
  proxyCommand: string | undefined;
  knownHostsFiles: string[];
  /** Name under which the host's key is known, when it is not its own. */
  hostKeyAlias: string | undefined;
}

export interface ReadConfigOptions {
  /** The ssh program. */
  ssh?: string;
  /** Another file instead of the operator's own. */
  configFile?: string;
  /** ms */
  timeoutMs?: number;
  env?: NodeJS.ProcessEnv;
}
export type ReadConfig = (target: Target) => Promise<OperatorConfig>;

/** `~`, `%d` and `${VAR}` as OpenSSH would expand them in a path, and the name that it has for a folder of Windows. */
export function expandPath(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const text = path
    .replace(/^__PROGRAMDATA__/, () => env['ProgramData'] ?? String.raw`C:\ProgramData`)
    .replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '')
    .replaceAll('%d', homedir())
    .replaceAll('%%', '%');
  return expandHome(text, homedir(), platform);
}

/**
 * Several paths in one value. OpenSSH for Windows does not quote the blank in `C:\\Users\\Jane Doe`, so there only what
 * looks like the beginning of a path begins one. Pure.
 */
export function pathsIn(list: string, platform: NodeJS.Platform = process.platform): string[] {
  const between = platform === 'win32' ? / +(?=[A-Za-z]:[\\/]|__PROGRAMDATA__|~|[\\/])/ : / +/;
  return list.split(between).filter((path) => path !== '' && path !== 'none');
}

function agentSocket(setting: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (setting === 'none') return undefined;
  const fallback = process.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : undefined;
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || fallback;
  if (/^\$\w+$/.test(setting)) return env[setting.slice(1)] || undefined;
  return expandPath(setting, env);
}

/** What OpenSSH does without any configuration. */
export function plainDefaults(target: Target, env: NodeJS.ProcessEnv = process.env): OperatorConfig {
  const folder = join(homedir(), '.ssh');
  return {
    host: target.host,
    user: target.user ?? localUser(),
    port: target.port ?? 22,
    identityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(folder, name)),
    identitiesOnly: false,
    agent: agentSocket(undefined, env),
    proxyJump: [],
    proxyCommand: undefined,
    knownHostsFiles: [join(folder, 'known_hosts'), join(folder, 'known_hosts2'), '/etc/ssh/ssh_known_hosts'],
    hostKeyAlias: undefined,
  };
}

/** Reads the output of `ssh -G`: one `keyword value` per line, the same keyword again for lists. */
export function parseSshG(
  text: string,
  target: Target,
  env: NodeJS.ProcessEnv = process.env,
): OperatorConfig {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at <= 0) continue;
    const keyword = line.slice(0, at).toLowerCase();
    values.set(keyword, [...(values.get(keyword) ?? []), line.slice(at + 1).trim()]);
  }
  const one = (keyword: string): string | undefined => {
    const value = values.get(keyword)?.[0];
    return value === undefined || value === '' || value === 'none' ? undefined : value;
  };
  const defaults = plainDefaults(target, env);
  const files = [...(values.get('userknownhostsfile') ?? []), ...(values.get('globalknownhostsfile') ?? [])];
  return {
    host: one('hostname') ?? defaults.host,
    user: one('user') ?? defaults.user,
    port: Number(one('port') ?? defaults.port),
    identityFiles: (values.get('identityfile') ?? [])
      .filter((path) => path !== 'none')
      .map((path) => expandPath(path, env)),
    identitiesOnly: one('identitiesonly') === 'yes',
    agent: agentSocket(values.get('identityagent')?.[0], env),
    proxyJump: (one('proxyjump') ?? '').split(',').filter((hop) => hop !== ''),
    proxyCommand: one('proxycommand'),
    knownHostsFiles: files.flatMap((list) => pathsIn(list)).map((path) => expandPath(path, env)),
    hostKeyAlias: one('hostkeyalias'),
  };
}

/**
 * Asks `ssh -G`, the only program that knows the operator's OpenSSH configuration for certain. Without an
 * ssh program, or when it fails or takes longer than `timeoutMs` (default 5 000), plain defaults are used.
 */
export async function readOperatorConfig(
  target: Target,
  {ssh = 'ssh', configFile, timeoutMs = 5_000, env = process.env}: ReadConfigOptions = {},
): Promise<OperatorConfig> {
  const argv = [
    '-G',
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    '--',
    target.host,
  ];
  const text = await output(ssh, argv, timeoutMs, env);
  return text === undefined ? plainDefaults(target, env) : parseSshG(text, target, env);
}

/** stdout of a program, or undefined when it is absent, fails, or is too slow. */
function output(
  program: string,
  argv: string[],
  timeout: number,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout,
      killSignal: 'SIGKILL',
      env,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? text : undefined));
  });
}
