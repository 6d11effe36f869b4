import type {Readable} from 'node:stream';
import ssh2 from 'ssh2';
import {messageOf} from '../../../errors.js';
import {pairFiles, type Folders} from '../../../pair/paths.js';
import type {Pair} from '../../../pair/schema.js';
import {dial} from '../../../ssh/dial.js';
import {judgeHostKey, offerOrder, type Expected, type KeyVerdict} from '../../../ssh/host-key.js';
import {fingerprint, keyType, readKnown} from '../../../ssh/known-hosts.js';
import {readOperatorConfig} from '../../../ssh/operator-config.js';
import {pinStore} from '../../../ssh/pins.js';
import {findRoute} from '../../../ssh/route.js';
import {printable} from '../../terminal.js';
import type {HostReading} from '../readings.js';

/** ms until a host has shown its key; longer, and setup would have given up as well. */
const limitMs = 8000;

export interface Knocked {
  who: string;
  /** As the operator names it. */
  ssh: string;
  jump?: string;
  hostKey?: string;
  /** Whose pinned keys count. */
  pair: string;
}

/** Both hosts of a pair. Pure. */
export const hostsOf = (pair: Pair): Knocked[] =>
  (['primary', 'standby'] as const).map((host) => ({
    who: `${host} of ${pair.name}`,
    ssh: pair[host].ssh,
    ...(pair[host].jump !== undefined && {jump: pair[host].jump}),
    ...(pair[host].hostKey !== undefined && {hostKey: pair[host].hostKey}),
    pair: pair.name,
  }));

/** Goes as far as the host's key, then hangs up: nobody is logged in, and nothing is kept. Never throws. */
export async function knock({who, pair, ...way}: Knocked, where: Folders): Promise<HostReading> {
  const target = way.ssh;
  try {
    const hops = await findRoute(way, readOperatorConfig);
    const [hop] = hops;
    if (hop === undefined || hops.length > 1)
      return {who, target, pair, seen: {state: 'indirect', by: hop?.target ?? 'another host'}};
    const expected: Expected = {
      ...(hop.pin !== undefined && {pin: hop.pin}),
      pinned: pinStore(pairFiles(pair, where).knownHosts).get(hop.keyName),
      known: await readKnown(hop.knownHostsFiles, hop.keyName),
    };
    const begun = performance.now();
    const {banner, key} = await keyOf(hop.host, hop.port, expected);
    const verdict = judgeHostKey({type: keyType(key), blob: key}, expected);
    return {
      who,
      target,
      pair,
      seen: {
        state: 'answers',
        banner: printable(banner).slice(0, 60),
        key: fingerprint(key),
        known: wordOf(verdict),
        keyName: hop.keyName,
        ms: Math.round(performance.now() - begun),
      },
    };
  } catch (error) {
    return {who, target, pair, seen: {state: 'silent', why: reasonOf(error)}};
  }
}

function wordOf(verdict: KeyVerdict): (HostReading['seen'] & {state: 'answers'})['known'] {
  if (verdict.kind === 'changed') return {not: verdict.by};
  if (verdict.kind !== 'same') return verdict.kind;
  return verdict.by === 'known_hosts' ? 'known' : 'pinned';
}

/** The first line of the server and the key it proves to have. @throws Error when it has none in time */
async function keyOf(host: string, port: number, expected: Expected): Promise<{banner: string; key: Buffer}> {
  const signal = AbortSignal.timeout(limitMs);
  const socket = await dial(host, port, signal);
  const client = new ssh2.Client();
  let banner = '';
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true});
      const listen = (part: Buffer) => {
        banner += part.toString('latin1');
        if (banner.includes('\n') || banner.length > 1024) socket.removeListener('data', listen);
      };
      socket.on('data', listen);
      client.on('error', reject);
      client.on('close', () => reject(new Error('it hung up before it showed a key')));
      client.connect({
        sock: socket as Readable,
        username: 'nobody',
        readyTimeout: limitMs,
        algorithms: {serverHostKey: offerOrder(expected, new Set())},
        hostVerifier: (key: Buffer) => {
          resolve({banner: (banner.split('\n')[0] ?? '').trim(), key});
          return false;
        },
      });
    });
  } finally {
    client.on('error', () => undefined);
    client.end();
    socket.destroy();
  }
}

function reasonOf(error: unknown): string {
  const {code, name} = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ECONNREFUSED: 'nothing listens at its SSH port',
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'names cannot be looked up',
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no network to it',
    ECONNRESET: 'it hung up',
    ETIMEDOUT: 'no answer',
  };
  if (name === 'TimeoutError') return `no answer within ${limitMs / 1000} s`;
  return known[code ?? ''] ?? messageOf(error).replace(/\.$/, '');
}
