import {access, constants, readFile, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {expandPath, readOperatorConfig} from '../../../ssh/operator-config.js';
import {parseTarget} from '../../../ssh/target.js';
import {shortPath} from '../../../ssh/identities.js';
import {readKeyFile} from '../../../ssh/key-file.js';
import {runTool} from '../../drill/schedule/tool.js';
import type {AgentReading, KeyReading, ReachedReading, SshReadings} from '../readings.js';

/** ms; each of these answers at once, or hangs. */
const limitMs = 5000;

/**
 * Never throws; starts `ssh -V`, `ssh -G` and `ssh-add -l`, none of which contacts a host.
 * @param reached keys that the config or a pair names for these are looked at as well
 */
export async function readSsh(home: string, reached: readonly ReachedReading[]): Promise<SshReadings> {
  const said = await runTool('ssh', ['-V'], {timeoutMs: limitMs});
  const version = said.ok ? /^[^\s,]+/.exec(said.stderr.trim())?.[0] : undefined;
  const config =
    version === undefined ? undefined : await runTool('ssh', ['-G', '--', 'localhost'], {timeoutMs: limitMs});
  const {agent} = await readOperatorConfig({text: 'localhost', host: 'localhost'});
  const folder = join(home, '.ssh');
  const [answer, keys, folderMode, knownHosts] = await Promise.all([
    readAgent(agent),
    readKeys([...(await ownKeys(folder)), ...(await namedKeys(reached))]),
    modeOf(folder),
    readKnownHosts(join(folder, 'known_hosts')),
  ]);
  return {
    version,
    configError: config === undefined || config.ok ? undefined : config.why,
    agent: answer,
    keys,
    folderMode,
    knownHosts,
  };
}

async function readAgent(socket: string | undefined): Promise<AgentReading> {
  if (socket === undefined) return {state: 'none'};
  const {ok, missing, stdout, why} = await runTool('ssh-add', ['-l'], {
    timeoutMs: limitMs,
    env: {SSH_AUTH_SOCK: socket},
  });
  return agentOf({ok, missing, stdout, why});
}

/** Out of what `ssh-add -l` said; it ends with 1 when there is no key, and with 2 when nobody answers. Pure. */
export function agentOf({
  ok,
  missing,
  stdout,
  why,
}: {
  ok: boolean;
  missing?: string | undefined;
  stdout: string;
  why: string;
}): AgentReading {
  if (missing === 'ENOENT') return {state: 'unasked'};
  if (ok) {
    const lines = stdout.split('\n').filter((line) => line.trim() !== '');
    return {state: 'answers', types: lines.map((line) => /\(([\w-]+)\)\s*$/.exec(line)?.[1] ?? 'unknown')};
  }
  if (/no identities/i.test(stdout)) return {state: 'answers', types: []};
  return {state: 'silent', why};
}

/** `id_*`: the only ones that are tried without being named. */
async function ownKeys(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => /^id_[\w-]+$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

async function namedKeys(reached: readonly ReachedReading[]): Promise<string[]> {
  const named = await Promise.all(
    reached.map(async ({ssh, identityFile}) => {
      const {identityFiles} = await readOperatorConfig(parseTarget(ssh));
      return [...(identityFile === undefined ? [] : [expandPath(identityFile)]), ...identityFiles];
    }),
  );
  return named.flat();
}

async function readKeys(paths: readonly string[]): Promise<KeyReading[]> {
  const read = await Promise.all(
    [...new Set(paths)].map(async (path): Promise<KeyReading[]> => {
      const mode = await modeOf(path);
      if (mode === undefined) return [];
      const {kind} = await readKeyFile(path);
      return kind === 'missing' || kind === 'public' ? [] : [{path: shortPath(path), mode, kind}];
    }),
  );
  return read.flat();
}

async function readKnownHosts(path: string): Promise<SshReadings['knownHosts']> {
  try {
    await access(path, constants.R_OK);
    await readFile(path);
    return {path: shortPath(path), state: 'readable'};
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return {path: shortPath(path), state: 'absent'};
    return {path: shortPath(path), state: 'unreadable', why: code};
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({mode}) => mode & 0o777,
    () => undefined,
  );
}
