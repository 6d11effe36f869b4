import {ConfigProblem} from '../../channels/program/config.js';
import {hostFiles, type Files} from '../../channels/program/files.js';
import {isTree, type Tree} from '../../channels/program/plain-object.js';
import {lookAround} from '../../channels/program/read.js';
import {resolveText, type Around} from '../../channels/program/resolve.js';
import {issuesOf, type Issue} from './check-config.js';
import type {Place} from './place.js';

/** A config as the gateway takes it. */
export interface Loaded {
  /** Includes taken in and `${VAR}`s replaced; SecretRefs stay. */
  config: Tree;
  around: Around;
  /** Why it is refused; empty: it is not. */
  issues: Issue[];
  /** Texts whose `${VAR}` is not set: what needs them does not work, and everything else does. */
  warnings: Issue[];
  /** The config file and those that it includes. */
  read: readonly string[];
}

/** Reads the config with everything it refers to. Never throws: what is wrong with it is in `issues`. */
export function loadConfig(place: Place, files: Files = hostFiles): Loaded {
  const read = new Set<string>([place.configPath]);
  const noting: Files = {
    ...files,
    read(path) {
      // The environment counts from the start, so nobody waits for a change of its files.
      if (!path.endsWith('.env')) read.add(path);
      return files.read(path);
    },
  };
  try {
    const {configPath, stateDir, home, env} = place;
    const around = lookAround({configPath, stateDir, home, cwd: process.cwd(), process: env}, noting);
    const warnings: Issue[] = [];
    const config = substitute(around.config, '', around, warnings) as Tree;
    return {config, around: {...around, config}, issues: issuesOf(config), warnings, read: [...read]};
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const around = {config: {}, env: place.env, files, home: place.home, stateDir: place.stateDir};
    return {config: {}, around, issues: [{path: '', message: error.message}], warnings: [], read: [...read]};
  }
}

/** Every text with its `${VAR}`s replaced; one that is not set is a warning. */
function substitute(value: unknown, path: string, around: Around, warnings: Issue[]): unknown {
  const inside = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (typeof value === 'string' && value.includes('${')) {
    const found = resolveText(value, around.env);
    if (found && 'value' in found) return found.value;
    if (found) warnings.push({path, message: `Missing env var: ${found.unresolved}`});
    return value;
  }
  if (Array.isArray(value))
    return value.map((item, index) => substitute(item, inside(index), around, warnings));
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, inside(key), around, warnings)]),
  );
}

/** `channels.irc.port: Invalid input: …`, a line each. */
export const issueLines = (issues: readonly Issue[]): string[] =>
  issues.map(({path, message}) => (path === '' ? message : `${path}: ${message}`));
