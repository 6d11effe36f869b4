import {object, type Json} from './parse/fields.js';
import {eventOf} from './parse/event.js';
import {accountsOf, clockOf, diskOf, drillOf, gatewayOf, machineOf, workspaceOf} from './parse/host.js';
import {liveOf} from './parse/live.js';
import type {Told} from './told.js';

/** characters; a longer line is none of ours. */
const longest = 65_536;

/**
 * What one line of a sampler says. Whatever comes from a host is checked and cleaned: nothing in the result can steer a
 * terminal, and every number can be reckoned with. Pure; never throws.
 * @returns undefined for a line that says nothing that is known here
 */
export function parseTold(line: string): Told | undefined {
  if (line.length > longest) return undefined;
  const space = line.indexOf(' ');
  const kind = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? '' : line.slice(space + 1);
  return Object.hasOwn(readers, kind) ? readers[kind]?.(rest) : undefined;
}

const readers: Record<string, (rest: string) => Told | undefined> = {
  hello: (rest) => (/^\d{1,4}$/.test(rest) ? {kind: 'hello', version: Number(rest)} : undefined),
  whole: () => ({kind: 'whole'}),
  clock: (rest) => when(clockOf(words(rest)), (hostMs) => ({kind: 'clock', hostMs})),
  machine: (rest) => when(machineOf(words(rest)), (machine) => ({kind: 'machine', machine})),
  disk: (rest) => when(diskOf(words(rest)), (diskBytes) => ({kind: 'disk', diskBytes})),
  gateway: (rest) => when(gatewayOf(words(rest)), (gateway) => ({kind: 'gateway', gateway})),
  monitor: (rest) => (/^[a-z][a-z-]{0,39}$/.test(rest) ? {kind: 'monitor', activeState: rest} : undefined),
  live: (rest) =>
    rest === 'none' ? {kind: 'live', live: null} : when(json(rest, liveOf), (live) => ({kind: 'live', live})),
  event: (rest) => when(json(rest, eventOf), (event) => ({kind: 'event', event})),
  workspace: (rest) =>
    rest === 'none'
      ? {kind: 'workspace', workspace: null}
      : when(json(rest, workspaceOf), (workspace) => ({kind: 'workspace', workspace})),
  accounts: (rest) => when(json(rest, accountsOf), (accounts) => ({kind: 'accounts', accounts})),
  drill: (rest) =>
    rest === 'none'
      ? {kind: 'drill', drill: null}
      : when(json(rest, drillOf), (drill) => ({kind: 'drill', drill})),
  config: (rest) => (/^[\w.-]{1,80}$/.test(rest) ? {kind: 'config', stamp: rest} : undefined),
};

const words = (rest: string): string[] => rest.split(' ').slice(0, 8);

function json<T>(rest: string, read: (tree: Json) => T | undefined): T | undefined {
  const tree = object(rest);
  return tree && read(tree);
}

function when<T>(value: T | undefined, make: (value: T) => Told): Told | undefined {
  return value === undefined ? undefined : make(value);
}
