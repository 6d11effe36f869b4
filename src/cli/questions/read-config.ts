import type {AccountFact} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import {getAt, isRecord, type Draft} from '../../pair/path.js';
import {providerSecretName} from '../../pair/secret-names.js';

/** The primary's gateway config, secrets already replaced by fingerprints; empty when it is not known. */
export function configTree(facts: HostFacts | undefined): Draft {
  return facts?.config.known && facts.config.value ? facts.config.value.tree : {};
}

export function accountsOf(facts: HostFacts | undefined): AccountFact[] {
  return facts?.accounts.known ? facts.accounts.accounts : [];
}

/** The model of the primary's agents. */
export function modelOf(tree: Draft): {primary?: string; fallbacks: string[]} {
  const model = getAt(tree, ['agents', 'defaults', 'model']);
  if (typeof model === 'string') return {primary: model, fallbacks: []};
  const primary = getAt(model, ['primary']);
  const fallbacks = getAt(model, ['fallbacks']);
  return {
    ...(typeof primary === 'string' ? {primary} : {}),
    fallbacks: Array.isArray(fallbacks) ? fallbacks.filter((id): id is string => typeof id === 'string') : [],
  };
}

/** Settings of an account that are not about where or as whom it logs in. */
const notSettings = new Set(['accounts', 'enabled', 'name', 'defaultAccount', 'default']);

/**
 * The settings an account has on the primary, its credentials left out: what is inherited from the channel's top
 * level, and its own over it.
 */
export function accountSettings(tree: Draft, type: string, account: string): Draft {
  const channel = getAt(tree, ['channels', type]);
  if (!isRecord(channel)) return {};
  const own = getAt(channel, ['accounts', account]);
  const merged = {...channel, ...(isRecord(own) ? own : {})};
  const settings: Draft = {};
  for (const [key, value] of Object.entries(merged)) {
    const plain = notSettings.has(key) || key.endsWith('File') ? undefined : withoutSecrets(value);
    if (plain !== undefined) settings[key] = plain;
  }
  return settings;
}

/** A fingerprint, a `${VAR}`, a SecretRef: anything that stands for a credential. */
function standsForSecret(value: unknown): boolean {
  if (typeof value === 'string') return /\$\{[A-Za-z_]\w*\}/.test(value);
  if (!isRecord(value)) return false;
  return Object.hasOwn(value, '$fp') || (typeof value['source'] === 'string' && Object.hasOwn(value, 'id'));
}

function withoutSecrets(value: unknown): unknown {
  if (standsForSecret(value)) return undefined;
  if (Array.isArray(value)) return value.map(withoutSecrets).filter((item) => item !== undefined);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)] as const);
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(kept);
}

/** Credential fields that an account of the primary really has (`tokenFile` counts as the token). */
export function credentialFields(account: AccountFact): string[] {
  const fields = account.credentials
    .filter((credential) => credential.from !== 'state')
    .map(({field}) =>
      account.channel === 'telegram' && field === 'tokenFile' ? 'botToken' : field.replace(/File$/, ''),
    );
  return [...new Set(fields)];
}

/**
 * The primary's own model providers, as the standby needs them: each credential in them becomes `${NAME}`, and
 * the names are the secrets to supply.
 */
export function providersFor(tree: Draft, models: readonly string[]): {providers: Draft; secrets: string[]} {
  const all = getAt(tree, ['models', 'providers']);
  const providers: Draft = {};
  const secrets = new Set<string>();
  if (!isRecord(all)) return {providers, secrets: []};
  for (const provider of new Set(models.map((id) => id.split('/')[0] ?? ''))) {
    const value = getAt(all, [provider]);
    if (isRecord(value)) providers[provider] = named(value, provider, '', secrets);
  }
  return {providers, secrets: [...secrets]};
}

function named(value: unknown, provider: string, field: string, secrets: Set<string>): unknown {
  if (standsForSecret(value)) {
    const variable =
      typeof value === 'string' ? /^\$\{([A-Za-z_]\w*)\}$/.exec(value)?.[1] : environmentRef(value);
    const name = variable ?? providerSecretName(provider, field);
    secrets.add(name);
    return `\${${name}}`;
  }
  if (Array.isArray(value)) return value.map((item) => named(item, provider, field, secrets));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      named(inner, provider, field === '' ? key : `${field}_${key}`, secrets),
    ]),
  );
}

function environmentRef(value: unknown): string | undefined {
  if (!isRecord(value) || value['source'] !== 'env') return undefined;
  return typeof value['id'] === 'string' && /^[A-Za-z_]\w*$/.test(value['id']) ? value['id'] : undefined;
}

/** Names that OpenClaw's built-in providers read their key from. */
const providerKeys: Record<string, string> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  google: 'GEMINI_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  groq: 'GROQ_API_KEY',
  xai: 'XAI_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
  cerebras: 'CEREBRAS_API_KEY',
  together: 'TOGETHER_API_KEY',
  zai: 'ZAI_API_KEY',
  moonshot: 'MOONSHOT_API_KEY',
  minimax: 'MINIMAX_API_KEY',
};

/** Secrets that models need: those in the providers' own definitions, and the built-in providers' keys. */
export function modelSecretNames(tree: Draft, models: readonly string[], providers: unknown): string[] {
  const names = new Set(referencedNames(providers));
  // Where the operator defines a provider, the primary's own definition of it does not count.
  const inherited = models.filter((id) => !isRecord(getAt(providers, [id.split('/')[0] ?? ''])));
  const {secrets} = providersFor(tree, inherited);
  for (const name of secrets) names.add(name);
  for (const id of models) {
    const provider = id.split('/')[0] ?? '';
    const key = providerKeys[provider];
    if (key !== undefined && getAt(providers, [provider, 'apiKey']) === undefined) names.add(key);
  }
  return [...names];
}

/** What a model secret is, in words: which provider uses it, and as what. */
export function modelSecretUse(name: string, providers: unknown): string {
  const builtIn = Object.entries(providerKeys).find(([, key]) => key === name)?.[0];
  const definitions = isRecord(providers) ? Object.entries(providers) : [];
  const provider = definitions.find(([, value]) => referencedNames(value).includes(name))?.[0] ?? builtIn;
  if (provider === undefined) return name;
  const definition = getAt(providers, [provider]);
  const isKey = !isRecord(definition) || definition['apiKey'] === `\${${name}}`;
  return `${isKey ? 'API key' : name} of ${provider}`;
}

/** Names of `${NAME}` anywhere in a value. */
export function referencedNames(value: unknown): string[] {
  const text = JSON.stringify(value ?? {});
  return [...new Set([...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map((match) => match[1] ?? ''))];
}

/** The primary's workspace: its Git remote and branch, when it has them. */
export function workspaceOf(facts: HostFacts | undefined): {path?: string; remote?: string; branch?: string} {
  const checkouts = Object.values(facts?.checkouts ?? {});
  const wanted = getAt(configTree(facts), ['agents', 'defaults', 'workspace']);
  const found =
    checkouts.find(({path}) => path === wanted) ?? checkouts.find(({isGit}) => isGit) ?? checkouts[0];
  if (!found) return {};
  const {path, remote, branch} = found;
  return {path, ...(remote ? {remote} : {}), ...(branch ? {branch} : {})};
}
