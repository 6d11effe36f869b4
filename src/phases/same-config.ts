import {fingerprint} from '../channels/fingerprint.js';

/** What OpenClaw notes for itself in its config and we have no opinion on. */
const ownNotes: ReadonlySet<string> = new Set(['meta', 'wizard', '$schema']);

/**
 * Whether the config on the standby (redacted, as facts give it) is the wanted one. Everything wanted must be
 * there exactly and nothing else; only `plugins` may hold more, because OpenClaw adds entries of its own.
 * @param key the key of this reading, with which inline credentials were fingerprinted
 */
export function sameConfig(
  wanted: Record<string, unknown>,
  actual: Record<string, unknown>,
  key: string,
): boolean {
  const foreign = Object.keys(actual).find((name) => !(name in wanted) && !ownNotes.has(name));
  if (foreign !== undefined) return false;
  return Object.entries(wanted).every(([name, value]) => {
    if (ownNotes.has(name)) return true;
    if (name === 'plugins') return contains(value, actual[name], key);
    return equal(value, actual[name], key);
  });
}

function isTree(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function contains(wanted: unknown, actual: unknown, key: string): boolean {
  if (!isTree(wanted)) return equal(wanted, actual, key);
  return (
    isTree(actual) && Object.entries(wanted).every(([name, value]) => contains(value, actual[name], key))
  );
}

function equal(wanted: unknown, actual: unknown, key: string): boolean {
  if (typeof wanted === 'string' && isTree(actual) && typeof actual.$fp === 'string') {
    return actual.$fp === fingerprint(key, wanted);
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      wanted.length === actual.length &&
      wanted.every((item, index) => equal(item, actual[index], key))
    );
  }
  if (isTree(wanted)) {
    if (!isTree(actual)) return false;
    const names = new Set([...Object.keys(wanted), ...Object.keys(actual)]);
    return [...names].every((name) => equal(wanted[name], actual[name], key));
  }
  return Object.is(wanted, actual);
}
