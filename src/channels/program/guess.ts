import {isTree, type Tree} from './plain-object.js';
import {isSecretKey} from './sensitive.js';

/** Parts of an account that talk to something other than the chat: a shared speech key is no shared login. */
const beside = /^(?:voice|tts|accounts|heartbeat|markdown|commands|allowFrom|groupAllowFrom)$/;

/** Credentials of a channel that is not in the table: every leaf whose key looks like one. */
export function guessedCredentials(
  account: Tree,
  path: readonly string[] = [],
): {field: string; value: unknown}[] {
  return Object.entries(account).flatMap(([key, value]) => {
    if (beside.test(key)) return [];
    const field = [...path, key];
    if (typeof value === 'string' || (isTree(value) && typeof value.source === 'string')) {
      return isSecretKey(key) ? [{field: field.join('.'), value}] : [];
    }
    return isTree(value) ? guessedCredentials(value, field) : [];
  });
}
