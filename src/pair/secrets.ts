import {readFile, stat} from 'node:fs/promises';
import {Secret} from '../secret.js';
import {notifySecrets} from './notify.js';
import {expandHome} from './paths.js';
import {getAt, isRecord, type Draft, type Path} from './path.js';
import {secretSource, type Pair, type SecretSource} from './schema.js';
import type {Problem} from './check.js';
import {channelSecretName, networkSecretName} from './secret-names.js';
import {wrongText} from './secret-text.js';

/** A secret that a pair mentions: where in the pair, what it is called in the run, where its value comes from. */
export interface SecretWanted {
  path: Path;
  name: string;
  source: SecretSource;
  /** What is wrong with its text beyond what holds for every secret; the text is never in the sentence. */
  wrong?: (text: string) => string | undefined;
}

/** Every secret that a pair, or a draft of one, mentions, in the order of its keys. Malformed ones are left out. Pure. */
export function secretsWanted(pair: Pair | Draft): SecretWanted[] {
  const type = getAt(pair, ['channel', 'type']);
  const found: Omit<SecretWanted, 'source'>[] = [{path: ['network', 'authKey'], name: networkSecretName}];
  for (const field of keysAt(pair, ['channel', 'secrets'])) {
    found.push({
      path: ['channel', 'secrets', field],
      name: channelSecretName(String(type ?? 'channel'), field),
    });
  }
  for (const name of keysAt(pair, ['model', 'secrets'])) found.push({path: ['model', 'secrets', name], name});
  found.push(...notifySecrets(pair));
  return found.flatMap(({path, ...rest}) => {
    const source = secretSource.safeParse(getAt(pair, path));
    return source.success ? [{path, ...rest, source: source.data}] : [];
  });
}

const keysAt = (pair: unknown, path: Path): string[] => {
  const value = getAt(pair, path);
  return isRecord(value) ? Object.keys(value) : [];
};

export interface Resolved {
  /** By the name in the run; those with `{prompt: true}` are not in it. */
  secrets: Record<string, Secret>;
  /** Names that are not set, files that cannot be read or that others may read. */
  problems: Problem[];
}

/** Largest file that is taken for a secret, bytes. */
const maxBytes = 64 * 1024;

/** Reads the values of secrets on the operator's machine. Never throws: what is wrong is in `problems`. */
export async function resolveSecrets(
  wanted: readonly SecretWanted[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Resolved> {
  const secrets: Record<string, Secret> = {};
  const problems: Problem[] = [];
  for (const {path, name, source, wrong} of wanted) {
    if ('prompt' in source) continue;
    const value = 'env' in source ? fromEnv(source.env, env) : await fromFile(source.file);
    const what =
      'problem' in value ? value.problem : (wrongText(value.text, value.where) ?? wrong?.(value.text));
    const unset = 'unset' in value && value.unset;
    if (what !== undefined) problems.push({path, what, missing: false, ...(unset && {unset})});
    else if ('text' in value) secrets[name] = new Secret(value.text);
  }
  return {secrets, problems};
}

type Value = {text: string; where: string} | {problem: string; unset?: true};

function fromEnv(name: string, env: Readonly<Record<string, string | undefined>>): Value {
  const text = env[name];
  if (text === undefined || text === '')
    return {problem: `the environment variable ${name} is not set`, unset: true};
  return {text, where: `the environment variable ${name}`};
}

async function fromFile(file: string): Promise<Value> {
  const path = expandHome(file);
  try {
    const info = await stat(path);
    if (!info.isFile()) return {problem: `${file} is not a file`};
    if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
      return {problem: `other users of this machine may read ${file}; run: chmod 600 ${file}`};
    }
    if (info.size > maxBytes) return {problem: `${file} is too large for a secret`};
    return {text: (await readFile(path, 'utf8')).replace(/(?:\r?\n)+$/, ''), where: file};
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission denied' : String(code);
    return {problem: `${file} cannot be read: ${why}`};
  }
}
