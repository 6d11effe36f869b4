import type {Tree} from './plain-object.js';
import {isTree} from './plain-object.js';

export type Environment = Record<string, string>;

/** Where a gateway gets its environment from, strongest first. */
export interface EnvironmentSources {
  /** The service's own environment: of the running process, else of its unit. */
  process: Environment;
  /** `.env` in its working folder; OpenClaw takes only part of it. */
  cwdFile?: Environment;
  /** `.env` in the state folder. */
  stateFile?: Environment;
  /** `~/.config/openclaw/gateway.env`, read after the state folder's. */
  gatewayFile?: Environment;
}

const line =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/gm;

/** Lines of NAME=value as the `dotenv` package reads them (OpenClaw uses it): quotes, export, comments. */
export function parseDotenv(text: string): Environment {
  const found: Environment = {};
  for (const [, name, raw = ''] of text.replaceAll(/\r\n?/g, '\n').matchAll(line)) {
    const trimmed = raw.trim();
    const quote = trimmed[0];
    let value = trimmed.replace(/^(['"`])([\s\S]*)\1$/, '$2');
    if (quote === '"') value = value.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
    if (name !== undefined) found[name] = value;
  }
  return found;
}

/**
 * A value as the right side of a line that dotenv reads back unchanged: single quotes take all but themselves,
 * backquotes come next. Undefined: no form can carry it.
 */
export function quoteDotenv(value: string): string | undefined {
  if (/^[\w.:/+@%-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('`')) return `\`${value}\``;
  return value.includes('"') ? undefined : `"${value}"`;
}

/** `environ` of a process: NAME=value entries ended by NUL. */
export function parseEnviron(text: string): Environment {
  const found: Environment = {};
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) found[entry.slice(0, at)] = entry.slice(at + 1);
  }
  return found;
}

/** OpenClaw ignores these in a working folder's `.env` (the part of its list that concerns channels). */
const notFromCwd =
  /^(?:OPENCLAW_|CLAWHUB_|IRC_HOST$|MATTERMOST_URL$|SLACK_API_URL$)|_(?:HOMESERVER|BASE_URL|API_HOST|ENDPOINT)$/;

/**
 * The environment a gateway ends up with. No source overrides an earlier one, except that the state folder's
 * `.env` replaces values which OpenClaw itself put into the unit and recorded as managed.
 */
export function layerEnvironment(sources: EnvironmentSources, config: Tree): Environment {
  const layered: Environment = {...sources.process};
  const managed = new Set(
    (sources.process.OPENCLAW_SERVICE_MANAGED_ENV_KEYS ?? '').split(/[\s,]+/).filter(Boolean),
  );
  for (const [name, value] of Object.entries(sources.stateFile ?? {})) {
    if (managed.has(name)) layered[name] = value;
  }
  for (const [name, value] of Object.entries(sources.cwdFile ?? {})) {
    if (!notFromCwd.test(name)) layered[name] ??= value;
  }
  for (const file of [sources.stateFile, sources.gatewayFile, configEnvironment(config)]) {
    for (const [name, value] of Object.entries(file ?? {})) layered[name] ??= value;
  }
  return layered;
}

/** The config's own `env` block; values that refer to other variables are not applied. */
function configEnvironment(config: Tree): Environment {
  const block = isTree(config.env) ? config.env : {};
  const vars = isTree(block.vars) ? block.vars : {};
  const found: Environment = {};
  for (const [name, value] of [...Object.entries(vars), ...Object.entries(block)]) {
    if (name === 'vars' || name === 'shellEnv' || typeof value !== 'string') continue;
    if (value.trim() === '' || /(?<!\$)\$\{[A-Z_][A-Z0-9_]*\}/.test(value)) continue;
    found[name] = value;
  }
  return found;
}
