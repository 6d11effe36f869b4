import type {Around} from './resolve.js';
import {treeAt} from './plain-object.js';
import {ruleOf, type ChannelRule} from './table.js';

/** The name of the account that the top level of a channel describes. */
const defaultAccount = 'default';

export interface AccountName {
  /** As written in the config. */
  name: string;
  isDefault: boolean;
  /** The config has an entry for it. */
  named: boolean;
}

/** The accounts of a channel: those the config names, those of the environment, and the top level's own. */
export function accountNames(channel: string, {config, env}: Around): AccountName[] {
  const section = treeAt(treeAt(config, 'channels'), channel);
  const names: AccountName[] = Object.keys(treeAt(section, 'accounts')).map((name) => ({
    name,
    isDefault: normalName(name) === defaultAccount,
    named: true,
  }));
  for (const name of scopedAccounts(ruleOf(channel), env)) {
    if (!names.some((known) => normalName(known.name) === name))
      names.push({name, isDefault: false, named: false});
  }
  // WhatsApp's top level is an account only when it says so, or when there is no other.
  const implicit = channel !== 'whatsapp' || names.length === 0 || section.authDir !== undefined;
  if (implicit && !names.some(({isDefault}) => isDefault))
    names.push({name: defaultAccount, isDefault: true, named: false});
  return names;
}

/** OpenClaw's normal form of an account name. */
export function normalName(name: string): string {
  const lower = name.trim().toLowerCase();
  const clean = /^[a-z0-9][a-z0-9_-]{0,63}$/.test(lower)
    ? lower
    : lower
        .replaceAll(/[^a-z0-9_-]+/g, '-')
        .replace(/^-+/, '')
        .replace(/-+$/, '')
        .slice(0, 64);
  return clean || defaultAccount;
}

/** Names that occur in `MATRIX_<ACCOUNT>_ACCESS_TOKEN` and the like. */
function scopedAccounts(rule: ChannelRule | undefined, env: Record<string, string>): string[] {
  if (!rule?.scopedEnv) return [];
  const found = new Set<string>();
  for (const [name, value] of Object.entries(env)) {
    for (const suffix of Object.values(rule.scopedEnv)) {
      const middle = new RegExp(`^${rule.channel.toUpperCase()}_(.+)_${suffix}$`).exec(name)?.[1];
      const account = middle?.replaceAll(/_X([0-9A-F]+)_/g, (_, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      );
      const clean = account && normalName(account.toLowerCase());
      if (clean && value.trim() && scopedName(rule.channel, clean, suffix) === name) found.add(clean);
    }
  }
  return [...found];
}

/** `matrix`, `ops-2`, `ACCESS_TOKEN` → `MATRIX_OPS_X2D_2_ACCESS_TOKEN`, as OpenClaw spells it. */
export function scopedName(channel: string, account: string, suffix: string): string {
  const token = [...normalName(account)]
    .map((char) =>
      /[a-z0-9]/.test(char) ? char.toUpperCase() : `_X${char.codePointAt(0)?.toString(16).toUpperCase()}_`,
    )
    .join('');
  return `${channel.toUpperCase()}_${token}_${suffix}`;
}
