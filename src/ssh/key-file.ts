import {readFile} from 'node:fs/promises';
import ssh2 from 'ssh2';
import type {ParsedKey} from 'ssh2';
import type {Secret} from '../secret.js';
import {keyType} from './known-hosts.js';

/** What a private key file turns out to be, before anything is asked. */
export type KeyFile =
  | {kind: 'missing'}
  | {kind: 'unreadable'; reason: string}
  /** A FIDO security key; ssh2 cannot sign with it, nor through an agent. */
  | {kind: 'security-key'; type: string}
  /** Only the public half: the private one is expected in the agent. */
  | {kind: 'public'; key: ParsedKey}
  | {kind: 'plain'; key: ParsedKey}
  /** `key` is the public half, where the file or `FILE.pub` shows it. */
  | {kind: 'encrypted'; text: string; key: ParsedKey | undefined};

/** @param path absolute; `FILE.pub` beside it is read where the file itself hides its public half. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? {kind: 'missing'} : {kind: 'unreadable', reason: message};
  }
  const blob = publicBlob(text);
  const type = blob === undefined ? (text.trim().split(/\s/)[0] ?? '') : keyType(blob);
  if (/^sk-(?:ssh|ecdsa)-/.test(type)) return {kind: 'security-key', type};
  const key = parse(text);
  if (!(key instanceof Error)) return {kind: key.isPrivateKey() ? 'plain' : 'public', key};
  if (!/encrypted/i.test(key.message)) return {kind: 'unreadable', reason: key.message};
  const half = parse(blob ?? (await readFile(`${path}.pub`, 'utf8').catch(() => '')));
  return {kind: 'encrypted', text, key: half instanceof Error ? undefined : half};
}

/** The private key, or an error when the passphrase is wrong. */
export function decrypt(text: string, passphrase: Secret): ParsedKey | Error {
  return parse(text, passphrase.reveal());
}

function parse(data: string | Buffer, passphrase?: string): ParsedKey | Error {
  // OpenSSH's format may hold several keys in theory; the typings leave that out.
  const parsed = ssh2.utils.parseKey(data, passphrase) as ParsedKey | ParsedKey[] | Error;
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('The file holds no key.')) : parsed;
}

/** The public half that OpenSSH's own format keeps readable even when the private one is encrypted. */
function publicBlob(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  // cipher, kdf, kdf options, number of keys, first public key: each a length and bytes, the number bare.
  let at = magic.length;
  const field = (): Buffer => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  try {
    field();
    field();
    field();
    at += 4;
    return Buffer.from(field());
  } catch {
    return undefined;
  }
}
