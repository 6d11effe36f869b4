import type {Pair} from '../pair/schema.js';
import type {HostName} from '../ssh/host.js';
import type {Answer, CheckResult} from './answer.js';
import {unknown} from './answer.js';
import type {Seen, SeenHost} from './seen.js';

/** One thing that is checked. */
export interface Row {
  /** Stable: scripts know it by this. */
  id: string;
  /** Pure. */
  look: (seen: Seen) => CheckResult[];
}

/** No answer: there is nothing of the kind in this pair. */
export type Found = Answer | readonly Answer[] | undefined;

const flat = (found: Found): readonly Answer[] =>
  found === undefined ? [] : 'level' in found ? [found] : found;

/** Something about a host, or each of some hosts, by what was read of it. One that was not read is not known. */
export function ofHost(
  id: string,
  hosts: HostName | readonly HostName[],
  /** What it is about, after "Not known: ". */
  about: string,
  look: (host: SeenHost, seen: Seen) => Found,
): Row {
  const names = typeof hosts === 'string' ? [hosts] : hosts;
  return {
    id,
    look: (seen) =>
      names.flatMap((host) => {
        const facts = seen.facts[host];
        const found = facts ? look({facts, sample: seen.sample[host]}, seen) : notRead(host, about, seen);
        return flat(found).map((answer) => ({id, host, ...answer}));
      }),
  };
}

/** Something about the pair. `needs`: hosts without which it is not known. */
export function ofPair(
  id: string,
  needs: readonly HostName[],
  about: string,
  look: (seen: Seen) => Found,
): Row {
  return {
    id,
    look: (seen) => {
      const missing = needs.find((host) => seen.facts[host] === undefined);
      const found = missing === undefined ? look(seen) : notRead(missing, about, seen);
      return flat(found).map((answer) => ({id, ...(missing !== undefined && {host: missing}), ...answer}));
    },
  };
}

/** A row that only some pairs have, by what was decided: where it means nothing, nothing is missing either. */
export const where = (applies: (pair: Pair) => boolean, row: Row): Row => ({
  ...row,
  look: (seen) => (applies(seen.pair) ? row.look(seen) : []),
});

const notRead = (host: HostName, about: string, {unread}: Seen): Answer =>
  unknown(`Not known: ${about}. The ${host} was not read: ${stopped(unread[host] ?? 'no reason is known')}`);

export const stopped = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
