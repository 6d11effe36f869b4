import {dirname, join} from 'node:path';
import {parseDotenv, parseEnviron, type Environment} from './environment.js';
import {layout} from '../../templates/layout.js';
import type {Files} from './files.js';
import type {Gateway} from './read.js';
import {expandHome} from './resolve.js';
import {unitEnvironment} from './unit-environment.js';

/** What the facts script puts in front of the program: name and base64, so that no value needs quoting in a shell. */
export type InputLines = readonly (readonly [name: string, base64: string])[];

/** Decoded input. Lists are lines. */
export interface ReadInput {
  key: string;
  /** Home of the gateway's user. */
  home: string;
  user: string;
  /** `environ` of the running gateway. */
  environ?: string;
  /** Text of its unit with drop-ins, and of the unit's environment files; used while it does not run. */
  unit?: string;
  unitFiles?: string;
  cwd?: string;
  /** argv of the gateway, one word per line. */
  argv?: string;
  packages: string[];
  node?: string;
  /** The approved split of this host and the key of its fingerprints. */
  approved?: string;
  splitKey?: string;
}

export function parseInput(lines: InputLines): ReadInput {
  const values: Record<string, string | undefined> = {};
  for (const [name, base64] of lines) {
    const text = Buffer.from(base64, 'base64').toString('utf8');
    if (text !== '') values[name] = text;
  }
  const {
    key = '',
    home = '/root',
    user = 'root',
    environ,
    unit,
    unitFiles,
    cwd,
    argv,
    node,
    approved,
    splitKey,
  } = values;
  if (key === '') throw new Error('the facts script gave no key');
  const packages = (values.packages ?? '').split('\n').filter(Boolean);
  return {key, home, user, environ, unit, unitFiles, cwd, argv, node, packages, approved, splitKey};
}

/** Where the gateway keeps config and state: its environment first, then its profile, then the usual place. */
export function gatewayOf(input: ReadInput, files: Files): Gateway {
  const environment = serviceEnvironment(input);
  const home = environment.OPENCLAW_HOME?.trim() || input.home;
  const profile = environment.OPENCLAW_PROFILE?.trim() || profileOf(input.argv ?? '');
  const set = (name: string) => {
    const path = environment[name]?.trim();
    return path ? expandHome(path, home) : undefined;
  };
  const named = set('OPENCLAW_CONFIG_PATH');
  // A warm standby's gateway reads a file of ours that includes its config; what counts is what it includes.
  const config = named === layout.liveConfig ? layout.config : named;
  const usual = join(home, profile && profile !== 'default' ? `.openclaw-${profile}` : '.openclaw');
  const stateDir = set('OPENCLAW_STATE_DIR') ?? usual;
  const configPath = config ?? join(stateDir, 'openclaw.json');
  // With only a config path, OpenClaw reads `.env` beside it; state stays where it is.
  const gateway = {configPath, stateDir, home, process: environment, ...(input.cwd && {cwd: input.cwd})};
  if (!config || dirname(config) === stateDir) return gateway;
  return {...gateway, process: {...beside(dirname(config), files), ...environment}};
}

function serviceEnvironment({environ, unit, unitFiles, home, user}: ReadInput): Environment {
  if (environ !== undefined) return parseEnviron(environ);
  return {...unitEnvironment(unit ?? '', {h: home, u: user}), ...parseDotenv(unitFiles ?? '')};
}

function profileOf(argv: string): string | undefined {
  return /(?:^|\n)--profile(?:=|\n)([\w.-]+)/.exec(argv)?.[1];
}

function beside(folder: string, files: Files): Environment {
  try {
    return parseDotenv(files.read(join(folder, '.env')));
  } catch {
    return {};
  }
}
