import {Abort, Exit} from '../errors.js';
import {knownHostsName, type Source} from '../pair/secrets-source.js';
import type {Host} from '../ssh/host.js';
import {fingerprint, keyType} from '../ssh/known-hosts.js';

/** A host key as a server showed it. */
export interface SeenKey {
  /** `ssh-ed25519 AAAA…` */
  key: string;
  type: string;
  fingerprint: string;
}

/** s that each connection of ssh-keyscan may take. */
const scanS = 5;

/**
 * The host keys that a server shows to the standby, the preferred type first. Nobody has vouched for them.
 * @throws Abort (4) when it shows none
 */
export async function seenKeys(standby: Host, source: Source): Promise<SeenKey[]> {
  const ran = await standby.run(
    [
      'ssh-keyscan',
      '-T',
      String(scanS),
      '-p',
      String(source.port),
      '-t',
      'ed25519,ecdsa,rsa',
      source.address,
    ],
    // It reads what a stranger sends.
    {user: 'nobody', timeoutMs: 6 * scanS * 1000, label: `ssh-keyscan ${source.address}`},
  );
  const keys = keysIn(ran.stdout, knownHostsName(source));
  if (keys.length > 0) return keys;
  throw new Abort(`The standby sees no SSH server at ${source.address}, port ${source.port}.`, {
    next: [
      'Correct secretsSync.host in the answers, or open that port for the standby; then run the same command again.',
    ],
    exit: Exit.unreachable,
  });
}

const preferred = ['ssh-ed25519', 'ecdsa', 'ssh-rsa'];

/** Lines of ssh-keyscan for this server; whatever else it prints is left out. */
export function keysIn(text: string, name: string): SeenKey[] {
  const rank = ({type}: SeenKey) => preferred.findIndex((start) => type.startsWith(start));
  return text
    .split('\n')
    .flatMap((line): SeenKey[] => {
      const [host, type = '', body = '', ...rest] = line.trim().split(' ');
      const blob = Buffer.from(body, 'base64');
      if (host !== name || rest.length > 0 || !/^[A-Za-z0-9+/=]+$/.test(body) || keyType(blob) !== type)
        return [];
      return [{key: `${type} ${body}`, type, fingerprint: fingerprint(blob)}];
    })
    .filter((seen) => rank(seen) >= 0)
    .toSorted((a, b) => rank(a) - rank(b));
}
