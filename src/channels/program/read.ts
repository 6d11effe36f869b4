import {createHash} from 'node:crypto';
import {basename, dirname, join} from 'node:path';
import type {ConfigFact, Known, OpenClawFact} from '../../facts/types.js';
import {fingerprint} from '../fingerprint.js';
import type {AccountFact, Accounts} from '../types.js';
import {accountsOf} from './accounts.js';
import {parseApproval, refusal} from './approved.js';
import {ConfigProblem, readConfig} from './config.js';
import {layerEnvironment, parseDotenv, type Environment} from './environment.js';
import type {Files} from './files.js';
import {findPackage, installedPlugins} from './openclaw.js';
import {isTree, treeAt, valueAt, type Tree} from './plain-object.js';
import {plainSecrets, redactTree} from './redact.js';
import {expandHome, resolveText, type Around} from './resolve.js';

/** Where the gateway of a host keeps things, as the facts script found it. */
export interface Gateway {
  configPath: string;
  stateDir: string;
  /** Home of the gateway's user. */
  home: string;
  /** Its working folder, for the `.env` there. */
  cwd?: string;
  /** Environment of the process, else of the unit. */
  process: Environment;
  /** Stands in for `gateway.env`, to see what the gateway would make of it; absent: the file that is there. */
  gatewayFile?: Environment;
}

/** What the program prints in `read` mode; nothing in it is secret. */
export interface ReadOutput {
  openclaw: Known<OpenClawFact | null>;
  config: Known<ConfigFact | null>;
  accounts: Accounts;
  /** Plugins installed in the state folder, id → version. */
  plugins: Record<string, string>;
  /** Names in `gateway.env`, which on a standby are what was pulled → fingerprint of the value. */
  pulled: Record<string, string>;
  /** The split guard's word, on a host that has an approved split. */
  guard: Known<{ok: boolean; reason: string}>;
  configPath: string;
  stateDir: string;
  /** Absolute path of the default agent's workspace. */
  workspace: string;
}

/** The config of a gateway with everything around it that its values may refer to. @throws ConfigProblem */
export function lookAround(gateway: Gateway, files: Files): Around {
  const roots = (gateway.process.OPENCLAW_INCLUDE_ROOTS ?? '').split(':').filter(Boolean);
  const config = readConfig(gateway.configPath, files, roots);
  const env = layerEnvironment(
    {
      process: gateway.process,
      ...(gateway.cwd !== undefined && {cwdFile: dotenv(join(gateway.cwd, '.env'), files)}),
      stateFile: dotenv(join(gateway.stateDir, '.env'), files),
      gatewayFile: gatewayEnvOf(gateway, files),
    },
    config,
  );
  return {config, env, files, home: gateway.home, stateDir: gateway.stateDir};
}

/** OpenClaw looks there only where its state is in the usual place. */
function gatewayEnvOf({stateDir, home, gatewayFile}: Gateway, files: Files): Environment {
  if (stateDir !== join(home, '.openclaw')) return {};
  return gatewayFile ?? dotenv(join(home, '.config/openclaw/gateway.env'), files);
}

function dotenv(path: string, files: Files): Environment {
  try {
    return parseDotenv(files.read(path));
  } catch {
    return {};
  }
}

/** Config, accounts, package and plugins of a host, ready to leave it. */
export function readAll(
  gateway: Gateway,
  {
    key,
    files,
    packages,
    runtime,
    approval,
  }: {
    key: string;
    files: Files;
    packages: readonly string[];
    runtime: {node: string; nodeVersion: string};
    approval?: {key: string; split: string};
  },
): ReadOutput {
  const {configPath, stateDir} = gateway;
  const openclaw = {known: true, value: findPackage(packages, files, runtime)} as const;
  const plugins = installedPlugins(stateDir, files);
  const unguarded = {known: false, reason: 'there is no approved split on this host'} as const;
  const pulled = Object.fromEntries(
    Object.entries(gatewayEnvOf(gateway, files)).map(([name, value]) => [
      name,
      fingerprint(key, value.trim()),
    ]),
  );
  const workspace = join(stateDir, 'workspace');
  const here = {plugins, pulled, guard: unguarded, configPath, stateDir, workspace};
  if (isMissing(configPath, files)) {
    return {openclaw, config: {known: true, value: null}, accounts: {known: true, accounts: []}, ...here};
  }
  try {
    const around = lookAround(gateway, files);
    const {accounts, secrets} = accountsOf(around, key);
    const known = [...secrets, ...plainSecrets(around.config), ...environmentSecrets(around)];
    return {
      openclaw,
      config: {
        known: true,
        value: {
          path: configPath,
          hash: createHash('sha256').update(key).update(files.bytes(configPath)).digest('hex'),
          tree: redactTree(around.config, key, known),
          backups: backupsOf(configPath, files),
          plugins,
        },
      },
      accounts: {known: true, accounts},
      ...here,
      ...(approval && {guard: guardOf(accountsOf(around, approval.key).accounts, approval.split)}),
      workspace: workspaceOf(around) ?? here.workspace,
    };
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const reason = `the config ${configPath} ${error.message}`;
    return {openclaw, config: {known: false, reason}, accounts: {known: false, reason}, ...here};
  }
}

function guardOf(accounts: readonly AccountFact[], split: string): ReadOutput['guard'] {
  try {
    const reason = refusal(accounts, parseApproval(split));
    return {known: true, value: {ok: reason === undefined, reason: reason ?? ''}};
  } catch (error) {
    return {known: false, reason: `the approved split cannot be read: ${(error as Error).message}`};
  }
}

function isMissing(path: string, files: Files): boolean {
  try {
    files.read(path);
    return false;
  } catch (error) {
    return (error as Error).message === 'does not exist';
  }
}

/** Files that OpenClaw restores over a config it thinks broken. */
function backupsOf(path: string, files: Files): string[] {
  const prefix = `${basename(path)}.bak`;
  return files
    .list(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(dirname(path), name));
}

/** Values of the environment that the config refers to: they must not show up in the open elsewhere in it. */
function environmentSecrets({config, env}: Around): string[] {
  const names = new Set(JSON.stringify(config).match(/[A-Z_][A-Z0-9_]{2,}/g) ?? []);
  return [...names].flatMap((name) =>
    env[name] && /TOKEN|SECRET|PASS|KEY|CRED/.test(name) ? [env[name]] : [],
  );
}

function workspaceOf({config, env, home}: Around): string | undefined {
  const raw =
    valueAt(config, 'agents.defaults.workspace') ?? firstWorkspace(config) ?? env.OPENCLAW_WORKSPACE_DIR;
  const path = resolveText(raw, env);
  return path && 'value' in path ? expandHome(path.value, home) : undefined;
}

function firstWorkspace(config: Tree): unknown {
  const entries = Object.values(treeAt(treeAt(config, 'agents'), 'entries')).filter((entry) => isTree(entry));
  return entries.length === 1 ? entries[0]?.workspace : undefined;
}
