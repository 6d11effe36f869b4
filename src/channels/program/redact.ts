import {fingerprint} from '../fingerprint.js';
import {isTree, type Tree} from './plain-object.js';
import {isSecretFlag, isSecretKey, looksSecret} from './sensitive.js';

/** Shorter texts are not searched for inside other values: `on` or `abc` would hit everything. */
const shortest = 6;

/**
 * A config with every secret replaced by `{"$fp": HMAC-SHA256}`: what stands under a secret's key, what
 * looks like a credential, and every text in which one of the known credentials occurs. References (`${VAR}`,
 * SecretRefs) stay as they are; they hold no secret.
 */
export function redactTree(tree: Tree, key: string, known: Iterable<string>): Tree {
  const values = [...new Set(known)].filter((value) => value.length >= shortest);
  const stand = (value: string) => ({$fp: fingerprint(key, value)});

  const visitText = (value: string, secret: boolean): unknown => {
    if (isReference(value)) return value;
    if (secret && value !== '') return stand(value);
    return looksSecret(value) || values.some((text) => value.includes(text)) ? stand(value) : value;
  };

  const visit = (value: unknown, name: string, parent: string | undefined, under: boolean): unknown => {
    const secret = under || isSecretKey(name, parent);
    if (typeof value === 'string') return visitText(value, secret);
    // A number under such a key is a PIN or a counter: hash it, the plan never edits it.
    if (typeof value === 'number')
      return secret && !Number.isNaN(value) && isPin(name) ? stand(String(value)) : value;
    if (Array.isArray(value)) return visitList(value, name, parent, secret);
    if (!isTree(value)) return value;
    if (isSecretRef(value)) return value;
    const blob = secret && /service_?account|credentials?$/i.test(name);
    return Object.fromEntries(
      Object.entries(value).map(([child, inner]) => [
        safeKey(child, values),
        visit(inner, child, name, blob),
      ]),
    );
  };

  const visitList = (list: unknown[], name: string, parent: string | undefined, secret: boolean): unknown[] =>
    list.map((entry, index) => {
      const before = list[index - 1];
      if (typeof entry === 'string' && typeof before === 'string' && isSecretFlag(before))
        return visitText(entry, true);
      const [flag = '', value] = typeof entry === 'string' ? entry.split(/=(.*)/s) : [];
      if (typeof entry === 'string' && value !== undefined && isSecretFlag(flag))
        return visitText(entry, true);
      return visit(entry, name, parent, secret);
    });

  return visit(tree, '', undefined, false) as Tree;
}

/** Credentials that stand in the open in a config, so that copies of them elsewhere are found too. */
export function plainSecrets(tree: unknown, name = '', parent?: string): string[] {
  if (typeof tree === 'string') return isSecretKey(name, parent) && !isReference(tree) ? [tree] : [];
  if (Array.isArray(tree)) return tree.flatMap((entry) => plainSecrets(entry, name, parent));
  if (!isTree(tree) || isSecretRef(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) => plainSecrets(value, key, name));
}

/** Nothing but references: `${VAR}`, `$VAR`. */
function isReference(value: string): boolean {
  return /^(?:\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z][A-Z0-9_]*)$/.test(value.trim());
}

function isSecretRef(value: Tree): boolean {
  return (
    typeof value.source === 'string' &&
    ['env', 'file', 'exec', 'store'].includes(value.source) &&
    typeof value.id === 'string' &&
    Object.keys(value).every((key) => key === 'source' || key === 'provider' || key === 'id')
  );
}

function isPin(name: string): boolean {
  return /(?:pin|passcode|password|secret)$/i.test(name);
}

/** A key that holds a credential (a map by token) is no better than a value. */
function safeKey(key: string, values: readonly string[]): string {
  return looksSecret(key) || values.some((value) => key.includes(value)) ? '[redacted]' : key;
}
