import {scopedName} from './names.js';
import {readSecretFile, resolveFile, resolveSecret, type Around, type Resolved} from './resolve.js';
import {valueAt, type Tree} from './plain-object.js';
import type {ChannelRule, CredentialField} from './table.js';

interface Place {
  /** The account with what it inherits. */
  merged: Tree;
  account: string;
  isDefault: boolean;
  rule: ChannelRule;
  around: Around;
}

/** One credential of an account, from the first place of OpenClaw's order that has it. */
export function resolveCredential(field: CredentialField, place: Place): Resolved {
  const {merged, around} = place;
  const places = {
    inline: () => resolveSecret(valueAt(merged, field.field), around),
    file: () => (field.file ? resolveFile(valueAt(merged, field.file), around) : undefined),
    env: () => fromEnvironment(field, place),
  };
  for (const name of field.order ?? (['inline', 'file', 'env'] as const)) {
    const found = places[name]();
    if (!found) continue;
    if (!('value' in found)) return found;
    const value = field.strip ? found.value.replace(field.strip, '') : found.value;
    if (value !== '') return {...found, value};
  }
  return undefined;
}

function fromEnvironment(field: CredentialField, {account, isDefault, rule, around}: Place): Resolved {
  const scoped = rule.scopedEnv?.[field.field];
  const names = [scoped && scopedName(rule.channel, account, scoped), isDefault && field.env];
  for (const name of names) {
    const value = name ? around.env[name]?.trim() : undefined;
    if (value) return {value, from: 'env'};
  }
  const path = isDefault && field.envFile ? around.env[field.envFile]?.trim() : undefined;
  return path ? readSecretFile(path, around) : undefined;
}
