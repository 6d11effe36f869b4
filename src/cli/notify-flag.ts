import {Abort, Exit} from '../errors.js';
import {getAt, isRecord} from '../pair/path.js';

export const notifyFlag = '--notify <kind=target[,key=value]>';

/** The key that stands for an entry of each kind, in its flag. */
const mainKey: Readonly<Record<string, string>> = {
  webhook: 'url',
  ntfy: 'topic',
  command: 'path',
  ping: 'url',
};
const secretKeys = ['url', 'topic', 'token'];
const numberKeys = ['everyS'];

/**
 * `webhook=env:HOOK`, `ntfy=env:TOPIC,server=https://ntfy.example.org,level=warning`, … as the list of the answers;
 * `none` is nobody. Values are judged later, with everything else.
 * @throws Abort (exit 2) for a text that has no such form.
 */
export function notifyOfFlags(texts: readonly string[]): unknown[] {
  if (texts.length === 1 && texts[0] === 'none') return [];
  return texts.map((text) => entryOf(text));
}

function entryOf(text: string): Record<string, unknown> {
  const [first = '', ...rest] = text.split(',');
  const at = first.indexOf('=');
  const kind = first.slice(0, at);
  const main = Object.hasOwn(mainKey, kind) ? mainKey[kind] : undefined;
  // The text is not repeated: a secret may have been put there.
  if (at < 1 || main === undefined)
    throw wrong('must look like webhook=env:NAME, ntfy=env:TOPIC, command=/path, ping=env:NAME, or none');
  const entry: Record<string, unknown> = {kind, [main]: valueOf(kind, main, first.slice(at + 1))};
  for (const pair of rest) {
    const split = pair.indexOf('=');
    if (split < 1) throw wrong(`${kind}: after a comma comes key=value, e.g. level=warning`);
    const key = pair.slice(0, split);
    entry[key] = valueOf(kind, key, pair.slice(split + 1));
  }
  return entry;
}

function valueOf(kind: string, key: string, text: string): unknown {
  if (numberKeys.includes(key)) return /^\d{1,9}$/.test(text) ? Number(text) : text;
  if (!secretKeys.includes(key)) return text;
  const match = /^(env|file):(.+)$/s.exec(text);
  if (match) return {[match[1] ?? '']: match[2]};
  throw wrong(`${kind}: ${key} must be env:NAME or file:PATH; a URL or topic never goes on the command line`);
}

const wrong = (what: string) => new Abort(`--notify ${what}.`, {exit: Exit.usage});

/** The same the other way round; undefined where an entry has a secret that was typed. */
export function notifyWords(entries: unknown): string[] | undefined {
  if (!Array.isArray(entries)) return [];
  const texts = entries.map((entry: unknown) => textOf(entry));
  if (texts.some((text) => text === undefined)) return undefined;
  return texts.flatMap((text) => ['--notify', String(text)]);
}

function textOf(entry: unknown): string | undefined {
  const kind = String(getAt(entry, ['kind']));
  const main = mainKey[kind];
  if (!isRecord(entry) || main === undefined) return undefined;
  const value = (key: string): string | undefined => {
    const given = entry[key];
    if (!isRecord(given)) return String(given);
    const form = ['env', 'file'].find((one) => given[one] !== undefined);
    return form && `${form}:${String(given[form])}`;
  };
  const keys = Object.keys(entry).filter((key) => key !== 'kind' && key !== main);
  const parts = [[kind, main], ...keys.map((key) => [key, key])].map(([word, key]) => {
    const text = value(String(key));
    return text && `${word}=${text}`;
  });
  return parts.includes(undefined) ? undefined : parts.join(',');
}
