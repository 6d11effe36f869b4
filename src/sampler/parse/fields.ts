import {isTree} from '../../channels/program/plain-object.js';
import {stripControl} from '../../ssh/strip.js';

export type Json = Record<string, unknown>;

/** characters of one text that are kept; longer ones are no text for a screen. */
const longest = 300;
/** Counts, bytes and ms of anything real stay below; beyond, additions are not exact any more. */
const most = Number.MAX_SAFE_INTEGER;

// Readers of one value of remote JSON: it is of the type that is asked for and within reason, else undefined.

/** An own field of an object; a name such as `constructor` finds nothing that was not sent. */
export function at(value: unknown, name: string): unknown {
  return isTree(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** One line without control characters and escape sequences, cut to length; never half a character. */
export function text(value: unknown, length = longest): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = stripControl(value.slice(0, length * 4).replace(/\s+/g, ' ')).trim();
  return plain.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** As `text`; null also where it is empty or no text. */
export const textOrNull = (value: unknown, length?: number): string | null => text(value, length) || null;

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= most ? value : undefined;
}

/** ms, bytes, a count: not below zero. */
export function amount(value: unknown): number | undefined {
  const found = number(value);
  return found !== undefined && found >= 0 ? found : undefined;
}

export const amountOrNull = (value: unknown): number | null => amount(value) ?? null;

export const flag = (value: unknown): boolean => value === true;

export const flagOrNull = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

export function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

/** The entries of a list that can be read, at most `limit`. */
export function list<T>(value: unknown, limit: number, read: (entry: unknown) => T | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, limit)
    .map((entry) => read(entry))
    .filter((entry) => entry !== undefined);
}

/** epoch ms of an ISO time. */
export function epochMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** A commit: 40 hex digits, or 64 where the checkout uses SHA-256. */
export function commit(value: unknown): string | undefined {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : undefined;
}

/** The object in a JSON text. Never throws. */
export function object(json: string): Json | undefined {
  try {
    const tree: unknown = JSON.parse(json);
    return isTree(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}
