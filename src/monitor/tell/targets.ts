import {BadSettings, integer, list, object, oneOf, optional, text} from '../checked.js';
import type {Level} from '../events.js';

/** Somebody who is told. `url`, `topic` and `token` are names of lines in notify.env, never values. */
export type Target =
  | {name: string; kind: 'webhook'; level: Level; url: string}
  | {name: string; kind: 'ntfy'; level: Level; server: string; topic: string; token?: string}
  | {name: string; kind: 'command'; level: Level; path: string}
  | {name: string; kind: 'ping'; url: string; everyMs: number};

/** Who hears of events; a dead-man ping only hears that the monitor is well. */
export type Listener = Exclude<Target, {kind: 'ping'}>;
export const isListener = (target: Target): target is Listener => target.kind !== 'ping';

const name = text(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be the name of a target');
const level = oneOf('alert', 'warning', 'info');
const secret = text(/^FAILOVER_NOTIFY_[A-Z0-9_]+$/, 'must be the name of a line in notify.env');

const kinds = {
  webhook: object({name, kind: oneOf('webhook'), level, url: secret}),
  ntfy: object({
    name,
    kind: oneOf('ntfy'),
    level,
    server: text(/^https?:\/\/[^\s@]+$/, 'must be an http or https URL'),
    topic: secret,
    token: optional(secret),
  }),
  command: object({
    name,
    kind: oneOf('command'),
    level,
    path: text(/^\/[^\p{Cc}]+$/u, 'must be an absolute path'),
  }),
  ping: object({
    name,
    kind: oneOf('ping'),
    url: secret,
    everyMs: integer(60_000, 3_600_000),
  }),
};
const kindOf = oneOf('webhook', 'ntfy', 'command', 'ping');

const target = (value: unknown, path: string): Target => {
  const kind = kindOf((value as {kind?: unknown} | null)?.kind, `${path}.kind`);
  return kinds[kind](value, path) as Target;
};

const shape = object({
  _: optional(text(/^[^\n]*$/, 'must be one line')),
  version: integer(1, 1),
  targets: list(target, 8),
});

/**
 * Reads the text of notify.json.
 * @throws BadSettings naming the first bad value.
 */
export function parseTargets(json: string): Target[] {
  let tree: unknown;
  try {
    tree = JSON.parse(json);
  } catch {
    throw new BadSettings('notify.json is not JSON.');
  }
  const {targets} = shape(tree, 'notify');
  const names = targets.map((one) => one.name);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) throw new BadSettings(`notify.targets: "${twice}" is there twice.`);
  return targets;
}
