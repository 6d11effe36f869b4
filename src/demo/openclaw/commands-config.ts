import {text} from 'node:stream/consumers';
import JSON5 from 'json5';
import {hostFiles} from '../../channels/program/files.js';
import {installedPlugins} from '../../channels/program/openclaw.js';
import {isTree, treeAt, valueAt, type Tree} from '../../channels/program/plain-object.js';
import {isSecretKey, looksSecret} from '../../channels/program/sensitive.js';
import type {Call} from './commands.js';
import {issueLines, loadConfig} from './config.js';
import {parseTree, patchAt, patchConfig} from './edit-config.js';
import {modelStatus} from './models.js';
import {installPlugin} from './plugins.js';

const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (lines: readonly string[]) => process.stderr.write(`${lines.join('\n')}\n`);

export function validate({place, values}: Call): number {
  const {issues, warnings} = loadConfig(place);
  const valid = issues.length === 0;
  if (values.json)
    print({valid, path: place.configPath, ...(!valid && {issues}), ...(warnings.length > 0 && {warnings})});
  else if (valid) say(`Config valid: ${place.configPath}`);
  else complain([`Config invalid: ${place.configPath}`, ...issueLines(issues).map((line) => `  - ${line}`)]);
  return valid ? 0 : 1;
}

export async function patch(call: Call): Promise<number> {
  return edit(call, parseTree(await text(process.stdin), 'The patch'));
}

export function set(call: Call): number {
  const [path = '', value = ''] = call.positionals;
  return edit(call, patchAt(path, parseValue(value, call.values['strict-json'] === true)));
}

function parseValue(value: string, strict: boolean): unknown {
  try {
    return strict ? (JSON.parse(value) as unknown) : JSON5.parse<unknown>(value);
  } catch (error) {
    if (strict) throw new Error(`The value is not JSON: ${(error as Error).message}`, {cause: error});
    return value;
  }
}

function edit({place, version, values}: Call, wanted: Tree): number {
  if (place.env.OPENCLAW_CONFIG_READONLY === '1')
    throw new Error(`${place.configPath} may not be written: OPENCLAW_CONFIG_READONLY is set`);
  const dryRun = values['dry-run'] === true;
  const edited = patchConfig(place, wanted, {version, dryRun});
  if (!edited.ok) {
    if (values.json) print({ok: false, path: place.configPath, issues: edited.issues});
    complain([
      `Config invalid, not written: ${place.configPath}`,
      ...issueLines(edited.issues).map((line) => `  - ${line}`),
    ]);
    return 1;
  }
  if (values.json) print({ok: true, path: place.configPath, dryRun, changed: edited.changed});
  else if (dryRun) say(`Dry run: ${place.configPath} would be ${edited.changed ? 'updated' : 'as it is'}.`);
  else say(edited.changed ? `Updated ${place.configPath}` : `${place.configPath} is as wanted already`);
  return 0;
}

/** What is secret is not shown. */
export function get({place, positionals, values}: Call): number {
  const [path = ''] = positionals;
  const {config, issues} = loadConfig(place);
  if (issues.some((issue) => issue.path === '')) throw new Error(issueLines(issues).join('\n'));
  const value = redacted(valueAt(config, path), path.split('.').at(-1) ?? '');
  if (value === undefined) {
    complain([`Config path not found: ${path}`]);
    return 1;
  }
  if (values.json || typeof value === 'object') print(value);
  else say(String(value));
  return 0;
}

function redacted(value: unknown, key: string): unknown {
  if (typeof value === 'string')
    return isSecretKey(key) || looksSecret(value) ? '__OPENCLAW_REDACTED__' : value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, key));
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redacted(item, name)]));
}

export function models({place, values}: Call): number {
  const loaded = loadConfig(place);
  if (loaded.issues.some(({path}) => path === '')) throw new Error(issueLines(loaded.issues).join('\n'));
  const {primary, fallbacks, missing} = modelStatus(loaded);
  const lines = Object.entries(missing).map(([provider, why]) => `${provider || 'agents'}: ${why}`);
  if (values.json)
    print({defaultModel: primary ?? null, fallbacks, auth: {missingProvidersInUse: Object.keys(missing)}});
  else {
    say(`Default       : ${primary ?? '-'}`);
    say(`Fallbacks (${fallbacks.length}) : ${fallbacks.join(', ') || '-'}`);
    for (const line of lines) say(`Missing auth  : ${line}`);
  }
  return values.check && lines.length > 0 ? 1 : 0;
}

export function install({place, version, values, positionals}: Call): number {
  const installed = installPlugin(place, positionals[0] ?? '', {version, force: values.force === true});
  if (!installed.ok) throw new Error(installed.why);
  say(`Installed plugin: ${installed.id} ${installed.version} (${installed.folder})`);
  return 0;
}

export function plugins({place, values}: Call): number {
  const entries = treeAt(treeAt(loadConfig(place).config, 'plugins'), 'entries');
  const found = Object.entries(installedPlugins(place.stateDir, hostFiles)).map(([id, version]) => ({
    id,
    version,
    enabled: treeAt(entries, id).enabled !== false,
  }));
  if (values.json) print({plugins: found});
  else
    for (const {id, version, enabled} of found) say(`${id} ${version} ${enabled ? 'enabled' : 'disabled'}`);
  return 0;
}
