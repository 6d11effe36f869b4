import type {AccountFact, CredentialFact} from '../types.js';
import {fingerprint} from '../fingerprint.js';
import {whoIs, type Who} from './identity.js';
import {channelOff} from './enabled.js';
import {resolveSecret, resolveText, type Around, type Resolved} from './resolve.js';
import {resolveCredential} from './credentials.js';
import {accountNames, normalName, scopedName, type AccountName} from './names.js';
import {guessedCredentials} from './guess.js';
import {isTree, treeAt, valueAt, type Tree} from './plain-object.js';
import {channelRules, notChannels, ruleOf, type ChannelRule} from './table.js';
import {linkedNumber} from './whatsapp.js';

/** Accounts of one config, and every secret that was resolved on the way (for redaction; never printed). */
export interface FoundAccounts {
  accounts: AccountFact[];
  secrets: string[];
}

/**
 * Every channel account that a gateway with this config and environment has, each credential and identity as a
 * fingerprint under `key`. An account that can only log in as nobody (no credential, no identity) is left out
 * when nothing in the config names it.
 */
export function accountsOf(around: Around, key: string): FoundAccounts {
  const found: FoundAccounts = {accounts: [], secrets: []};
  for (const channel of channelNames(around.config)) {
    for (const account of accountNames(channel, around)) {
      const read = readAccount(channel, account, around);
      found.secrets.push(
        ...read.credentials.flatMap(({resolved}) => ('value' in resolved ? [resolved.value] : [])),
      );
      if (read.ready || account.named) found.accounts.push(factOf(read, key));
    }
  }
  return found;
}

/** Channels of the config, and those that an environment variable alone can bring to life. */
function channelNames(config: Tree): string[] {
  const written = Object.keys(treeAt(config, 'channels')).filter((name) => !notChannels.has(name));
  const byEnvironment = channelRules
    .filter(({credentials}) => credentials.some(({env}) => env))
    .map(({channel}) => channel);
  const byPlugin = Object.keys(treeAt(treeAt(config, 'plugins'), 'entries')).filter(
    (name) => name === 'whatsapp',
  );
  return [...new Set([...written, ...byPlugin, ...byEnvironment])];
}

interface ReadAccount {
  channel: string;
  account: AccountName;
  enabled: boolean;
  /** It has what it takes to log in. */
  ready: boolean;
  credentials: {field: string; resolved: NonNullable<Resolved>}[];
  who: Who | undefined;
  unknown?: string;
}

function readAccount(channel: string, account: AccountName, around: Around): ReadAccount {
  const section = treeAt(treeAt(around.config, 'channels'), channel);
  const rule = ruleOf(channel);
  const merged = mergeAccount(section, account, rule);
  const enabled =
    channelOff(around.config, channel) === undefined && section.enabled !== false && merged.enabled !== false;
  const base = {channel, account, enabled};
  if (channel === 'whatsapp') return readWhatsapp(base, merged, around);
  const credentials = rule
    ? rule.credentials.flatMap((field) => {
        const resolved = resolveCredential(field, {
          merged,
          account: account.name,
          isDefault: account.isDefault,
          rule,
          around,
        });
        return resolved ? [{field: field.field, resolved}] : [];
      })
    : guessedCredentials(merged)
        .map(({field, value}) => ({field, resolved: resolveSecret(value, around)}))
        .flatMap(({field, resolved}) => (resolved ? [{field, resolved}] : []));
  const settings = readSettings(merged, account, rule, around);
  const who = whoIs({channel, credentials, settings});
  const broken = Object.entries(settings).find(([, value]) => value && 'unresolved' in value);
  const has = (field: string) => credentials.some((entry) => entry.field === field);
  const said = (field: string) => settings[field] !== undefined;
  const ready = isReady(channel, {has, said, any: credentials.length > 0, merged});
  const why = unknownReason(channel, {who, broken, merged});
  return {...base, ready, credentials, who, ...(ready && why && {unknown: why})};
}

/** Whether OpenClaw would call the account configured, so that a start tries to log it in. */
function isReady(
  channel: string,
  {
    has,
    said,
    any,
    merged,
  }: {has: (f: string) => boolean; said: (f: string) => boolean; any: boolean; merged: Tree},
): boolean {
  switch (channel) {
    case 'irc':
      return said('host') && said('nick');
    case 'signal':
      return said('account') || isTree(merged.transport);
    case 'matrix':
      return said('homeserver') && (has('accessToken') || said('userId'));
    case 'mattermost':
      return said('baseUrl') && has('botToken');
    case 'discord':
      return has('token');
    case 'telegram':
      return has('botToken');
    case 'slack':
      return has('botToken') || has('userToken');
    default:
      return any;
  }
}

function unknownReason(
  channel: string,
  {who, broken, merged}: {who: Who | undefined; broken: [string, Resolved] | undefined; merged: Tree},
): string | undefined {
  if (who) return undefined;
  if (broken?.[1] && 'unresolved' in broken[1]) return `${broken[0]} cannot be read: ${broken[1].unresolved}`;
  if (channel === 'signal' && isTree(merged.transport))
    return 'its phone number is known only to the Signal daemon';
  return undefined;
}

/** Top level and account as OpenClaw merges them: the account's fields win whole, but for a few objects. */
function mergeAccount(section: Tree, account: AccountName, rule: ChannelRule | undefined): Tree {
  const {accounts: _accounts, defaultAccount: _default, ...base} = section;
  const own = account.named ? treeAt(treeAt(section, 'accounts'), account.name) : {};
  if (!account.isDefault) for (const field of rule?.ownOnly ?? []) delete base[field];
  for (const {field, file, levels} of rule?.credentials ?? []) {
    if (!levels || !file || (own[field] === undefined && own[file] === undefined)) continue;
    delete base[field];
    delete base[file];
  }
  const merged: Tree = {...base, ...own};
  for (const field of rule?.nested ?? []) {
    if (isTree(base[field]) && isTree(own[field])) merged[field] = {...base[field], ...own[field]};
  }
  return merged;
}

function readSettings(
  merged: Tree,
  account: AccountName,
  rule: ChannelRule | undefined,
  {env}: Around,
): Record<string, Resolved> {
  const settings: Record<string, Resolved> = {};
  for (const [field, name] of Object.entries(rule?.settings ?? {})) {
    const scoped = rule?.scopedEnv?.[field];
    const fallback =
      (scoped && env[scopedName(rule.channel, account.name, scoped)]) ||
      (account.isDefault && name ? env[name] : undefined);
    settings[field] =
      resolveText(valueAt(merged, field), env) ??
      (fallback ? {value: fallback.trim(), from: 'env'} : undefined);
  }
  return settings;
}

function readWhatsapp(
  base: Pick<ReadAccount, 'channel' | 'account' | 'enabled'>,
  merged: Tree,
  around: Around,
): ReadAccount {
  const linked = linkedNumber(merged.authDir, normalName(base.account.name), around);
  if (linked === undefined) return {...base, ready: false, credentials: [], who: undefined};
  if ('unknown' in linked)
    return {...base, ready: true, credentials: [], who: undefined, unknown: linked.unknown};
  return {
    ...base,
    ready: true,
    credentials: [{field: 'creds.json', resolved: {value: linked.key, from: 'state'}}],
    who: {canonical: `whatsapp:${linked.number}`, label: `+${linked.number}`},
  };
}

function factOf(
  {channel, account, enabled, ready, credentials, who, unknown}: ReadAccount,
  key: string,
): AccountFact {
  const facts = credentials.map(({field, resolved}): CredentialFact =>
    'value' in resolved
      ? {field, fp: fingerprint(key, resolved.value), from: resolved.from}
      : {field, unresolved: resolved.unresolved, from: resolved.from},
  );
  const hidden = facts.find((fact) => fact.unresolved !== undefined);
  const reason =
    unknown ?? (who || !hidden ? undefined : `${hidden.field} cannot be compared: ${hidden.unresolved}`);
  return {
    channel,
    account: account.name,
    enabled: enabled && ready,
    ...(who && {identity: {fp: fingerprint(key, who.canonical), label: who.label}}),
    credentials: facts,
    ...(reason !== undefined && {unknown: reason}),
  };
}
