import type {Client} from 'ssh2';
import {Attempt, OtherType} from './attempt.js';
import type {AttemptOptions, LoggedIn} from './attempt.js';
import {connectFailure, isTransientCause} from './failure.js';
import {changedKey, judgeHostKey, offerOrder} from './host-key.js';
import type {Expected, KeyVerdict} from './host-key.js';
import type {Identity} from './identities.js';
import {readKnown} from './known-hosts.js';
import type {HostKey} from './known-hosts.js';
import {describeHop} from './route.js';
import type {Hop} from './route.js';

/** A logged-in connection to the host at the end of a route. */
export interface Link {
  client: Client;
  /** The key that logged in; undefined for a password. */
  identity: Identity | undefined;
  /** Set once the connection is gone. */
  readonly lost: boolean;
  onLost(listener: (cause: unknown) => void): void;
  /** Ends the host's connection, then those of the jump hosts. */
  close(): void;
}

/** Connects hop by hop. @throws Abort (exit 4) with one sentence; a signal's reason when it is aborted. */
export async function openLink(route: readonly Hop[], options: AttemptOptions): Promise<Link> {
  const links: Link[] = [];
  try {
    for (const [index, hop] of route.entries())
      links.push(await openHop(hop, links.at(-1)?.client, route[index - 1], options));
  } catch (error) {
    for (const link of links.toReversed()) link.close();
    throw error;
  }
  const last = links.at(-1)!;
  return {
    client: last.client,
    identity: last.identity,
    get lost() {
      return last.lost;
    },
    onLost: (listener) => last.onLost(listener),
    close: () => {
      for (const link of links.toReversed()) link.close();
    },
  };
}

async function openHop(
  hop: Hop,
  via: Client | undefined,
  before: Hop | undefined,
  options: AttemptOptions,
): Promise<Link> {
  const known = await readKnown(hop.knownHostsFiles, hop.keyName);
  const without = new Set<string>();
  let first: HostKey | undefined;
  let askedBefore = false;
  for (;;) {
    const pinned = options.pins.get(hop.keyName);
    const expected: Expected = {pinned, known, ...(hop.pin === undefined ? {} : {pin: hop.pin})};
    const attempt = new Attempt(hop, expected, without, options, before && describeHop(before));
    try {
      return linkOf(await attempt.open(via));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof OtherType) {
        first ??= error.seen;
        without.add(error.seen.type);
        if (offerOrder(expected, without).length > 0) continue;
      }
      // A pinned fingerprint says no type; once every other type was seen, the first key is the changed one.
      if (first)
        throw changedKey(
          first,
          judgeHostKey(first, expected) as KeyVerdict & {kind: 'changed'},
          attempt.shown,
        );
      // Servers give a login about two minutes. Whoever was asked may have taken longer: what they answered is
      // remembered, so a second try asks nothing again.
      if (isTransientCause(error) && (await attempt.asked()) && !askedBefore && !attempt.refusal) {
        askedBefore = true;
        continue;
      }
      throw connectFailure(attempt.refusal ?? error, attempt.going);
    }
  }
}

function linkOf({client, identity}: LoggedIn): Link {
  const listeners: ((cause: unknown) => void)[] = [];
  let lost = false;
  let cause: unknown;
  const gone = (): void => {
    if (lost) return;
    lost = true;
    for (const listener of listeners) listener(cause);
  };
  client.on('error', (error: Error) => (cause ??= error));
  // A server that says goodbye ends the stream first; nothing can be started on it from then on.
  client.once('end', gone).once('close', gone);
  return {
    client,
    identity,
    get lost() {
      return lost;
    },
    onLost: (listener) => {
      if (lost) listener(cause);
      else listeners.push(listener);
    },
    close: () => {
      client.end();
      // A peer that never answers the goodbye must not keep the process alive.
      setTimeout(() => client.destroy(), 1_000).unref();
    },
  };
}
