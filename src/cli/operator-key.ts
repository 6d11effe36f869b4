import {readFile} from 'node:fs/promises';
import {Abort, Exit} from '../errors.js';
import {expandHome} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';

const publicKey =
  /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-[\w@.-]+)\s+[A-Za-z0-9+/]{40,}={0,3}(?:\s.*)?$/;

/**
 * The public key line that may log in as `openclaw` on the standby: the pair's own choice, else the key that this
 * connection was made with. undefined for a login by password; phase 1 then adds no key.
 * @throws Abort (exit 2) when the pair names a key that is none
 */
export async function operatorKey(pair: Pair, used: string | undefined): Promise<string | undefined> {
  const chosen = pair.standby.operatorKey;
  if (chosen === undefined) return used;
  if (publicKey.test(chosen.trim())) return chosen.trim();
  const text = await readFile(expandHome(chosen), 'utf8').catch(() => '');
  const line = text
    .split('\n')
    .map((one) => one.trim())
    .find((one) => publicKey.test(one));
  if (line !== undefined) return line;
  throw new Abort('standby.operatorKey: is neither a public key nor the path of one.', {exit: Exit.usage});
}
