import {getAt, type Draft, type Path} from './path.js';
import type {Pair} from './schema.js';
import {notifySecretName} from './secret-names.js';

/** A secret of somebody who is told: its place in the pair, its name on the standby, and what its text must be. */
export interface NotifySecret {
  path: Path;
  name: string;
  wrong: (text: string) => string | undefined;
}

/** An http or https URL; the text itself is never in the sentence. */
export function wrongUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? undefined : 'is not an http or https URL';
}

/** What ntfy takes for the name of a topic. */
export function wrongTopic(text: string): string | undefined {
  return /^[-_A-Za-z0-9]{1,64}$/.test(text)
    ? undefined
    : 'is not a topic of ntfy: up to 64 letters, digits, - and _';
}

/** It becomes an HTTP header. */
export function wrongToken(text: string): string | undefined {
  return /^[\x21-\x7e]{1,512}$/.test(text) ? undefined : 'is not a token: it has spaces or is too long';
}

const fields: Record<string, Record<string, NotifySecret['wrong']>> = {
  webhook: {url: wrongUrl},
  ntfy: {topic: wrongTopic, token: wrongToken},
  ping: {url: wrongUrl},
};

/** The name of an entry: its own, or its kind. */
export const notifyName = (entry: unknown): string =>
  String(getAt(entry, ['name']) ?? getAt(entry, ['kind']) ?? '');

/** The secrets that the entries of a pair, or of a draft of one, may have. Pure. */
export function notifySecrets(pair: Pair | Draft): NotifySecret[] {
  const entries = getAt(pair, ['notify']);
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => {
    const kind = String(getAt(entry, ['kind']));
    const own = Object.hasOwn(fields, kind) ? Object.entries(fields[kind] ?? {}) : [];
    return own
      .filter(([field]) => getAt(entry, [field]) !== undefined)
      .map(([field, wrong]) => ({
        path: ['notify', index, field],
        name: notifySecretName(notifyName(entry), field),
        wrong,
      }));
  });
}
