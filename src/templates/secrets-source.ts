import {createHash} from 'node:crypto';
import type {SecretsSync} from '../pair/secrets-source.js';
import type {RemoteFile} from '../ssh/host.js';
import {quoteWord} from '../ssh/quote.js';
import {layout} from './layout.js';

/** What the source says before anything else, so that a server that is not this pair's source is recognised. */
export const markerWord = 'openclaw-failover-secrets';

/** Ends the line in authorized_keys, by which it is found again. */
export const lineComment = (pairName: string) => `${markerWord} ${pairName}`;

/** The word that stands for a key, chosen at random with it: 32 hex digits of the hash of its base64 body. */
export function keyId(publicKey: string): string {
  return createHash('sha256').update(bodyOf(publicKey)).digest('hex').slice(0, 32);
}

const bodyOf = (publicKey: string) => publicKey.trim().split(/\s+/)[1] ?? '';

/**
 * What the source runs for our key, whatever the client asks for: the marker, then exactly the allowed files as a
 * tar stream. It reads and writes nothing else, follows no link, and needs only sh and GNU tar.
 */
export function sourceCommand(
  {path, allow}: Pick<SecretsSync, 'path' | 'allow'>,
  pairName: string,
  publicKey: string,
): string {
  // The schema lets no path or name need quotes, and ~ has to stay bare; quoting the rest costs nothing.
  const folder = path.startsWith('~') ? `~${path.slice(1)}` : quoteWord(path);
  const files = allow.map((name) => quoteWord(name)).join(' ');
  const marker = [markerWord, pairName, keyId(publicKey)].map((word) => quoteWord(word)).join(' ');
  return `echo ${marker} && cd ${folder} && exec tar -cf - --no-recursion -- ${files}`;
}

/** The line for authorized_keys of the source's user: this key, from these addresses, may run this and nothing else. */
export function authorizedLine(
  sync: Pick<SecretsSync, 'path' | 'allow'>,
  {pairName, publicKey, from}: {pairName: string; publicKey: string; from: readonly string[]},
): string {
  const command = sourceCommand(sync, pairName, publicKey).replaceAll('"', String.raw`\"`);
  const addresses = from.length > 0 ? `from="${from.join(',')}",` : '';
  return `restrict,${addresses}command="${command}" ssh-ed25519 ${bodyOf(publicKey)} ${lineComment(pairName)}`;
}

/** The known_hosts file of the pull: this one server, these keys (`ssh-ed25519 AAAA…`). */
export function knownHostsFile(header: string, name: string, keys: readonly string[]): RemoteFile {
  return {
    path: layout.secretsKnownHosts,
    content: header + keys.map((key) => `${name} ${key}\n`).join(''),
    owner: 'root',
    group: 'root',
    mode: 0o644,
  };
}
