import {createHash, createHmac} from 'node:crypto';
import {readFile} from 'node:fs/promises';

/** One host key, as a known_hosts line or a server gives it. */
export interface HostKey {
  /** e.g. `ssh-ed25519` */
  type: string;
  /** The public key in SSH's wire form. */
  blob: Buffer;
}

export interface KnownKey extends HostKey {
  /** `@revoked` lines refuse a key; `@cert-authority` lines name who may sign host certificates. */
  marker?: 'revoked' | 'cert-authority';
  /** Where it was read: file and line, for messages. */
  file: string;
  line: number;
}

/** `SHA256:…` as OpenSSH prints it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key type that begins every public key in SSH's wire form; `unknown` for bytes that are none. */
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return 'unknown';
  const name = blob.subarray(4, 4 + Math.min(blob.readUInt32BE(0), 64)).toString('latin1');
  return /^[\w@.-]+$/.test(name) ? name : 'unknown';
}

function wildcard(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}

/** The rules of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT": hashed names, wildcards, and `!` that excludes. */
function hostsMatch(field: string, name: string): boolean {
  if (field.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = field.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  let matched = false;
  for (const pattern of field.split(',')) {
    if (pattern.startsWith('!')) {
      if (wildcard(pattern.slice(1), name)) return false;
    } else if (pattern !== '' && wildcard(pattern, name)) matched = true;
  }
  return matched;
}

/**
 * The keys that a known_hosts text holds for a name (as `knownHostsName` makes it). Lines that cannot be
 * read are passed over, as OpenSSH does.
 */
export function findKnown(text: string, name: string, file: string): KnownKey[] {
  const found: KnownKey[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const fields = raw.trim().split(/\s+/);
    if (fields[0] === '' || fields[0]?.startsWith('#')) continue;
    const marker = fields[0]?.startsWith('@') ? fields.shift()!.slice(1) : undefined;
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') continue;
    const [hosts, type, key] = fields;
    if (hosts === undefined || type === undefined || key === undefined || !hostsMatch(hosts, name)) continue;
    const blob = Buffer.from(key, 'base64');
    if (keyType(blob) !== type) continue;
    found.push({type, blob, file, line: index + 1, ...(marker === undefined ? {} : {marker})});
  }
  return found;
}

/** Keys for a name in several known_hosts files; a file that is missing or unreadable holds none. */
export async function readKnown(files: readonly string[], name: string): Promise<KnownKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text, index) => findKnown(text, name, files[index]!));
}
