import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import type {CredentialFact} from '../types.js';
import type {Environment} from './environment.js';
import type {Files} from './files.js';
import {isTree, treeAt, type Tree} from './plain-object.js';

/** Everything a value of the config may refer to. */
export interface Around {
  config: Tree;
  env: Environment;
  files: Files;
  /** Home of the gateway's user, for `~`. */
  home: string;
  /** State folder of the gateway. */
  stateDir: string;
}

export type From = CredentialFact['from'];
/** A value, or the reason why it cannot be known; undefined: not configured. */
export type Resolved = {value: string; from: From} | {unresolved: string; from: From} | undefined;

/** A string of the config with its `${VAR}`s replaced; `$${VAR}` is a literal `${VAR}`. */
export function resolveText(raw: unknown, env: Environment): Resolved {
  if (typeof raw === 'number' || typeof raw === 'boolean') return {value: String(raw), from: 'inline'};
  if (typeof raw !== 'string' || raw.trim() === '') return undefined;
  let missing: string | undefined;
  let used = false;
  const value = raw.replaceAll(/\$?\$\{([A-Z_][A-Z0-9_]*)\}/g, (token, name: string) => {
    if (token.startsWith('$$')) return token.slice(1);
    used = true;
    const found = env[name];
    if (!found) missing ??= name;
    return found ?? '';
  });
  if (missing) return {unresolved: `the environment variable ${missing} is not set`, from: 'env'};
  return {value: value.trim(), from: used ? 'env' : 'inline'};
}

/** A credential in any form the config knows: text, `${VAR}`, `$VAR`, or a SecretRef. */
export function resolveSecret(raw: unknown, around: Around): Resolved {
  if (typeof raw === 'string') {
    const shorthand = /^\$([A-Z][A-Z0-9_]{0,127})$/.exec(raw.trim());
    if (shorthand?.[1]) return fromEnvironment(shorthand[1], around.env);
    return resolveText(raw, around.env);
  }
  if (isTree(raw) && typeof raw.source === 'string' && typeof raw.id === 'string')
    return resolveRef(raw, raw.id, around);
  if (isTree(raw))
    return Object.keys(raw).length > 0 ? {value: JSON.stringify(raw), from: 'inline'} : undefined;
  return resolveText(raw, around.env);
}

/** The content of a file that holds one credential. */
export function resolveFile(raw: unknown, around: Around): Resolved {
  const path = resolveText(raw, around.env);
  if (!path || 'unresolved' in path) return path && {unresolved: path.unresolved, from: 'file'};
  return readSecretFile(path.value, around);
}

export function readSecretFile(path: string, around: Around): Resolved {
  const absolute = expandHome(path, around.home);
  if (!isAbsolute(absolute)) return {unresolved: `the file ${path} is not an absolute path`, from: 'file'};
  try {
    const value = around.files.read(absolute).trim();
    return value === '' ? {unresolved: `the file ${absolute} is empty`, from: 'file'} : {value, from: 'file'};
  } catch (error) {
    return {unresolved: `the file ${absolute} ${(error as Error).message}`, from: 'file'};
  }
}

export function expandHome(path: string, home: string = homedir()): string {
  return path === '~' ? home : path.startsWith('~/') ? join(home, path.slice(2)) : path;
}

function fromEnvironment(name: string, env: Environment): Resolved {
  const value = env[name]?.trim();
  return value
    ? {value, from: 'env'}
    : {unresolved: `the environment variable ${name} is not set`, from: 'env'};
}

function resolveRef(ref: Tree, id: string, around: Around): Resolved {
  const secrets = treeAt(around.config, 'secrets');
  const defaults = treeAt(secrets, 'defaults');
  const source = String(ref.source);
  const named = typeof ref.provider === 'string' ? ref.provider : defaults[source];
  const name = typeof named === 'string' && named !== '' ? named : 'default';
  const provider = treeAt(treeAt(secrets, 'providers'), name);
  switch (source) {
    case 'env': {
      const {allowlist} = provider;
      if (Array.isArray(allowlist) && !allowlist.includes(id)) {
        return {
          unresolved: `the environment variable ${id} is not on the list of provider "${name}"`,
          from: 'env',
        };
      }
      return fromEnvironment(id, around.env);
    }
    case 'file':
      return fromProviderFile(provider, name, id, around);
    case 'exec':
      return {unresolved: `it comes from the program of secret provider "${name}"`, from: 'exec'};
    case 'store':
      return {unresolved: 'it is in the secret store of OpenClaw', from: 'store'};
    default:
      return {unresolved: `it has the unknown source "${source}"`, from: 'store'};
  }
}

function fromProviderFile(provider: Tree, name: string, id: string, around: Around): Resolved {
  if (provider.source !== 'file' || typeof provider.path !== 'string') {
    return {unresolved: `the file provider "${name}" is not configured`, from: 'file'};
  }
  const file = readSecretFile(provider.path, around);
  if (!file || 'unresolved' in file) return file;
  if (provider.mode === 'singleValue') {
    return id === 'value'
      ? file
      : {unresolved: `provider "${name}" holds one value, not "${id}"`, from: 'file'};
  }
  const value = pointer(file.value, id);
  if (value === undefined)
    return {unresolved: `the file of provider "${name}" has nothing at ${id}`, from: 'file'};
  return {value, from: 'file'};
}

/** RFC 6901 pointer into a JSON text; strings only. */
function pointer(text: string, path: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = (value as unknown[])[Number(key)];
    else if (isTree(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return typeof value === 'string' && path.startsWith('/') ? value : undefined;
}
