import type {ServerHostKeyAlgorithm} from 'ssh2';
import {Abort, Exit} from '../errors.js';
import {fingerprint} from './known-hosts.js';
import type {HostKey, KnownKey} from './known-hosts.js';

/** What is known about a host's key before it is seen. */
export interface Expected {
  /** `SHA256:…` from the answers; outranks everything but a revocation. */
  pin?: string;
  /** Keys the pair has pinned. */
  pinned: readonly KnownKey[];
  /** Keys and markers of the operator's known_hosts files. */
  known: readonly KnownKey[];
}

export type KeyVerdict =
  | {kind: 'same'; by: 'answers' | 'pair' | 'known_hosts'}
  | {
      kind: 'changed';
      by: 'answers' | 'pair' | 'known_hosts';
      expected: {fingerprint: string; type?: string; where: string}[];
    }
  | {kind: 'revoked'; where: string}
  /** Never seen; `note` says what else is known about the host. */
  | {kind: 'new'; note?: string};

const where = (key: KnownKey): string => `${key.file}:${key.line}`;
const trim = (pin: string): string => pin.replace(/=+$/, '');

/** Compares the key a server shows with everything that is known. Pure; asks and accepts nothing. */
export function judgeHostKey(seen: HostKey, {pin, pinned, known}: Expected): KeyVerdict {
  const same = (key: KnownKey): boolean => key.blob.equals(seen.blob);
  const expect = (keys: readonly KnownKey[]): {fingerprint: string; type: string; where: string}[] =>
    keys.map((key) => ({fingerprint: fingerprint(key.blob), type: key.type, where: where(key)}));

  const revoked = [...known, ...pinned].find((key) => key.marker === 'revoked' && same(key));
  if (revoked) return {kind: 'revoked', where: where(revoked)};
  if (pin !== undefined) {
    if (trim(pin) === fingerprint(seen.blob)) return {kind: 'same', by: 'answers'};
    return {
      kind: 'changed',
      by: 'answers',
      expected: [{fingerprint: trim(pin), where: 'hostKey in the answers'}],
    };
  }
  if (pinned.length > 0) {
    if (pinned.some(same)) return {kind: 'same', by: 'pair'};
    return {kind: 'changed', by: 'pair', expected: expect(pinned)};
  }
  const keys = known.filter((key) => key.marker === undefined);
  if (keys.some(same)) return {kind: 'same', by: 'known_hosts'};
  const rivals = keys.filter((key) => key.type === seen.type);
  if (rivals.length > 0) return {kind: 'changed', by: 'known_hosts', expected: expect(rivals)};
  if (keys.length > 0) {
    const types = [...new Set(keys.map((key) => key.type))].join(', ');
    return {
      kind: 'new',
      note: `known_hosts has this host with other key types (${types}), which it no longer shows.`,
    };
  }
  if (known.some((key) => key.marker === 'cert-authority')) {
    return {kind: 'new', note: 'known_hosts trusts this host by certificate, which cannot be checked here.'};
  }
  return {kind: 'new'};
}

const algorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
const typeOf = (algorithm: string): string => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);

/**
 * Host key algorithms to offer, in order: those of keys already known first, so that a server with several
 * keys shows the one that can be compared. SHA-1 signatures (`ssh-rsa`) are not offered.
 * @param without key types that were tried and are not the pinned one.
 */
export function offerOrder(
  {pin, pinned, known}: Expected,
  without: ReadonlySet<string>,
): ServerHostKeyAlgorithm[] {
  const all = [...pinned, ...known].filter((key) => key.marker === undefined);
  const matching = pin === undefined ? [] : all.filter((key) => fingerprint(key.blob) === trim(pin));
  const familiar = new Set(
    (matching.length > 0 ? matching : pinned.length > 0 ? pinned : all).map((key) => key.type),
  );
  const left = algorithms.filter((algorithm) => !without.has(typeOf(algorithm)));
  const known_ = left.filter((algorithm) => familiar.has(typeOf(algorithm)));
  return [...known_, ...left.filter((algorithm) => !known_.includes(algorithm))];
}

/** Who shows the key: `the primary (root@203.0.113.10)`; `name` is what known_hosts calls it. */
export interface Shown {
  who: string;
  name: string;
}

/** The changed key, told so that an operator can decide at once whether it is a reinstall or an attack. */
export function changedKey(
  seen: HostKey,
  verdict: KeyVerdict & {kind: 'changed'},
  {who, name}: Shown,
): Abort {
  const rows = verdict.expected.map(
    (key) => `expected  ${key.fingerprint}${key.type === undefined ? '' : ` (${key.type})`}, ${key.where}`,
  );
  const files = [...new Set(verdict.expected.map((key) => key.where.replace(/:\d+$/, '')))];
  const repair = {
    answers: ['If you reinstalled the server: put the new fingerprint into hostKey of the answers file.'],
    pair: [`If you reinstalled the server: failover-wizard keys forget '${name}'`],
    known_hosts: files.map((file) => `If you reinstalled the server: ssh-keygen -R '${name}' -f '${file}'`),
  }[verdict.by];
  return new Abort(`The host key of ${who} has changed.`, {
    detail: [...rows, `seen      ${fingerprint(seen.blob)} (${seen.type})`].join('\n'),
    next: [
      ...repair,
      'To compare, on the server itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      'If you changed nothing: stop here; somebody may be between you and the server.',
    ],
    exit: Exit.unreachable,
  });
}

export function revokedKey(seen: HostKey, place: string, {who}: Shown): Abort {
  return new Abort(`The host key of ${who} is marked as revoked.`, {
    detail: `revoked  ${place}\nseen     ${fingerprint(seen.blob)} (${seen.type})`,
    next: ['Do not connect; make new host keys on the server through its console.'],
    exit: Exit.unreachable,
  });
}

/** Nobody is there to compare the fingerprint of a first contact, or they said no. */
export function unconfirmedKey(seen: HostKey, asked: boolean, {who}: Shown): Abort {
  const sentence = asked
    ? `The host key of ${who} was not accepted.`
    : `${who[0]?.toUpperCase()}${who.slice(1)} is not known yet, and its host key cannot be confirmed without input.`;
  return new Abort(sentence, {
    detail: `seen  ${fingerprint(seen.blob)} (${seen.type})`,
    next: [
      'Compare it on the server itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      `If it is the same, put "hostKey": "${fingerprint(seen.blob)}" into the answers.`,
    ],
    exit: Exit.unreachable,
  });
}
