import type {HostFacts} from '../facts/types.js';
import {knownHostsName, parseSource, type SecretsSync, type Source} from '../pair/secrets-source.js';
import type {Change} from '../plan/change.js';
import {fingerprint} from '../ssh/known-hosts.js';
import {quoteWord as q} from '../ssh/quote.js';
import {parseTarget} from '../ssh/target.js';
import {header} from '../templates/header.js';
import {layout} from '../templates/layout.js';
import type {AlsoThere} from '../templates/manifest.js';
import {authorizedLine, knownHostsFile, lineComment} from '../templates/secrets-source.js';
import {secretsPullFiles} from '../templates/standby-files.js';
import {linesOfOurs, withoutLine} from './authorized-line.js';
import {outerAddresses, privateAddress, standbyAddress} from './network.js';
import type {Finding, PlanInput} from './phase.js';
import {publicAddress} from './public-address.js';
import {lastProblem, secretsWarning} from './secrets-report.js';
import {inputsHash, isProven, wantFile} from './wants.js';

const publicKeyPath = `${layout.secretsPullKey}.pub`;

/** Whose server the source is. */
export type Place = 'primary' | 'standby' | 'elsewhere';

/** By the addresses that the hosts have, and those by which the operator reaches them. */
export function placeOf(
  {address}: Pick<Source, 'address'>,
  {pair, primary, standby, reached}: Pick<PlanInput, 'pair' | 'primary' | 'standby' | 'reached'>,
): Place {
  const is = (facts: HostFacts) =>
    facts.addresses.some((one) => one.address === address) ||
    reached?.[facts.host].addresses.includes(address) === true ||
    pair[facts.host].address === address ||
    parseTarget(pair[facts.host].ssh).host === address;
  return is(standby) ? 'standby' : is(primary) ? 'primary' : 'elsewhere';
}

interface Pull {
  sync: SecretsSync;
  source: Source;
  place: Place;
  /** Line of the public key; undefined before it is made. */
  publicKey: string | undefined;
}

/** Undefined: the pair pulls no secrets. */
function pullOf(input: PlanInput): Pull | undefined {
  const sync = input.pair.secretsSync;
  const source = sync === null ? undefined : parseSource(sync.host);
  if (sync === null || source === undefined) return undefined;
  const publicKey = input.standby.users[layout.user]?.publicKeys[publicKeyPath];
  return {sync, source, place: placeOf(source, input), publicKey};
}

/** Phase 1: the key with which the standby asks, made there; its private half never leaves it. */
export function* secretsKey(input: PlanInput): Generator<Change> {
  const pull = pullOf(input);
  const key = input.standby.files[layout.secretsPullKey];
  const whole = key?.kind === 'file' && key.mode === 0o600 && key.owner === layout.user;
  if (!pull || (whole && pull.publicKey !== undefined)) return;
  yield {
    kind: 'script',
    id: 'standby:secrets-key',
    host: 'standby',
    title: 'key of the standby for pulling secrets',
    doing: 'make the key for pulling secrets',
    user: layout.user,
    timeoutMs: 20_000,
    script: {
      label: `ssh-keygen ${layout.secretsPullKey}`,
      text: `set -eu
umask 077
key=${q(layout.secretsPullKey)}
mkdir -p "$(dirname "$key")"
[ -s "$key" ] || { rm -f "$key" "$key.pub"; ssh-keygen -q -t ed25519 -N '' -C ${q(lineComment(input.pair.name))} -f "$key"; }
chmod 600 "$key"
ssh-keygen -y -f "$key" > "$key.pub.new"
mv -f "$key.pub.new" "$key.pub"
`,
    },
  };
}

/** Phase 3, before the models are tried: they may live on what is pulled. */
export function* secretsPull(input: PlanInput): Generator<Change> {
  const pull = pullOf(input);
  if (!pull) {
    yield* notFromPrimary(input, undefined);
    return;
  }
  const {pair, standby, version} = input;
  yield* hostKey(input, pull);
  for (const file of secretsPullFiles({pairName: pair.name, version}, pull.sync))
    yield* wantFile(standby, file);
  yield* notFromPrimary(input, pull);
  if (pull.publicKey === undefined) return;
  const line = lineOf(input, pull);
  if (pull.place === 'primary') yield* onPrimary(input, pull, line);
  const inputs = inputsHash({host: pull.sync.host, hostKey: pull.sync.hostKey, line});
  if (isProven(standby, `${layout.proofs}/secrets`, inputs)) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:secrets',
    host: 'standby',
    proof: 'secrets',
    inputs,
    title: `secrets pulled from ${pull.sync.host}: ${pull.sync.allow.join(', ')}`,
  };
}

/** The line that the source needs, for the standby's key and from its addresses. */
export function lineOf(input: PlanInput, {sync, source, publicKey = ''}: Omit<Pull, 'place'>): string {
  return authorizedLine(sync, {pairName: input.pair.name, publicKey, from: fromOf(input, source)});
}

/** Where the standby comes from: known exactly on the private network, else any address it has. */
function fromOf({pair, primary, standby, reached}: PlanInput, {address}: Source): string[] {
  const theirs = privateAddress(primary, standby, pair);
  const own = standbyAddress(primary, standby, pair);
  if (theirs.known && theirs.value === address && own.known) return [own.value];
  // Behind a translation of addresses no interface has the one that the source sees.
  const outside =
    reached && publicAddress(standby, reached.standby, primary, own.known ? own.value : '')?.address;
  const theOthers = [outside, pair.standby.address].filter((one) => one !== undefined);
  return [...new Set([...outerAddresses(standby), ...theOthers])];
}

/** The primary's host key is the one that setup itself has pinned; anyone else's is compared with the answers. */
function* hostKey(input: PlanInput, {sync, source, place}: Pull): Generator<Change> {
  const {pair, standby, version} = input;
  const text = header({pairName: pair.name, version});
  const name = knownHostsName(source);
  if (place === 'primary') {
    const keys = input.reached?.primary.hostKeys ?? [];
    if (keys.length === 0) return;
    yield* wantFile(standby, knownHostsFile(text, name, keys), {
      title: 'host key of the primary, for pulling secrets',
    });
    return;
  }
  const now = standby.files[layout.secretsKnownHosts];
  const known = (now?.content ?? '').split('\n').filter((line) => line.startsWith(`${name} `));
  const pinned = known.some((line) => fingerprintOf(line.slice(name.length + 1)) === trim(sync.hostKey));
  if (now?.mode === 0o644 && now.owner === 'root' && pinned) return;
  yield {
    kind: 'source-key',
    id: 'standby:source-key',
    host: 'standby',
    title: `host key of ${source.address}, pinned for pulling secrets`,
    source,
    header: text,
    ...(sync.hostKey !== undefined && {pin: sync.hostKey}),
  };
}

const trim = (pin: string | undefined) => pin?.replace(/=+$/, '');

function keyOf(text: string): string[] {
  const key = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]+/.exec(text)?.[0];
  return key === undefined ? [] : [key];
}

function fingerprintOf(key: string): string | undefined {
  const body = keyOf(key)[0]?.split(' ')[1];
  return body === undefined ? undefined : fingerprint(Buffer.from(body, 'base64'));
}

/** The line in authorized_keys of the source's user on the primary; an older one of ours goes. */
function* onPrimary({pair, primary}: PlanInput, {sync, source}: Pull, line: string): Generator<Change> {
  const ours = linesOfOurs(primary, source.user, lineComment(pair.name));
  if (ours.length === 1 && ours[0] === line) return;
  yield {
    kind: 'authorized-key',
    id: `primary:secrets-line:${source.user}`,
    host: 'primary',
    title: `the standby may read ${sync.allow.join(', ')} in ${sync.path} of ${source.user}, and nothing else`,
    user: source.user,
    line,
    comment: lineComment(pair.name),
  };
}

/** What the primary's manifest says of it. */
export function secretsFootprint(input: PlanInput): NonNullable<AlsoThere['authorizedKeys']> {
  const pull = pullOf(input);
  if (pull?.place !== 'primary') return [];
  return [{user: pull.source.user, comment: lineComment(input.pair.name)}];
}

/** Takes the line away where the primary is no longer the source, or another of its users is. */
function* notFromPrimary({pair, primary}: PlanInput, pull: Pull | undefined): Generator<Change> {
  for (const [user, fact] of Object.entries(primary.users)) {
    if (!fact || (pull?.place === 'primary' && pull.source.user === user)) continue;
    if (linesOfOurs(primary, user, lineComment(pair.name)).length === 0) continue;
    yield {
      kind: 'script',
      id: `primary:secrets-line:${user}`,
      host: 'primary',
      title: `the standby may no longer read secrets of ${user}`,
      doing: `take away the standby's key for the secrets of ${user}`,
      user,
      timeoutMs: 20_000,
      script: {label: `no forced command for ${user}`, text: withoutLine(lineComment(pair.name))},
    };
  }
}

/** What stands in the way of pulling, and what the last pull said. */
export function secretsFindings(input: PlanInput): Finding[] {
  const pull = pullOf(input);
  if (!pull) return [];
  const {sync, source, place} = pull;
  if (place === 'standby')
    return [
      {
        id: 'secrets-source',
        host: 'standby',
        level: 'blocks',
        sentence: `The source of the secrets, ${sync.host}, is the standby itself.`,
        fix: 'Name the primary or a third server in secretsSync.host, or leave secretsSync out.',
      },
    ];
  if (place === 'primary' && input.primary.users[source.user] === null)
    return [
      {
        id: 'secrets-source',
        host: 'primary',
        level: 'blocks',
        sentence: `The primary has no user ${source.user}, from whom secrets are to be pulled.`,
        fix: 'Correct secretsSync.host.',
      },
    ];
  const problem = lastProblem(input.standby);
  return problem === undefined ? [] : [secretsWarning(sync, problem)];
}
