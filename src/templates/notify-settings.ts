import type {Target} from '../monitor/tell/targets.js';
import {notifyName} from '../pair/notify.js';
import type {NotifyTarget, Pair} from '../pair/schema.js';
import {notifySecretName} from '../pair/secret-names.js';
import type {RemoteFile} from '../ssh/host.js';
import {headerLine, type Origin} from './header.js';
import {layout} from './layout.js';

/** Who is told, as notify.json has it: secrets only by their names in notify.env. Pure. */
export const notifyTargets = ({notify}: Pick<Pair, 'notify'>): Target[] =>
  notify.map((entry) => target(entry));

function target(entry: NotifyTarget): Target {
  const name = notifyName(entry);
  const secret = (field: string) => notifySecretName(name, field);
  switch (entry.kind) {
    case 'webhook':
      return {name, kind: entry.kind, level: entry.level, url: secret('url')};
    case 'ntfy':
      return {
        name,
        kind: entry.kind,
        level: entry.level,
        server: entry.server,
        topic: secret('topic'),
        ...(entry.token && {token: secret('token')}),
      };
    case 'command':
      return {name, kind: entry.kind, level: entry.level, path: entry.path};
    case 'ping':
      return {name, kind: entry.kind, url: secret('url'), everyMs: entry.everyS * 1000};
  }
}

/** The names of notify.env that these targets use. */
export const notifySecretNames = (targets: readonly Target[]): string[] =>
  targets.flatMap((one) => {
    if (one.kind === 'command') return [];
    if (one.kind === 'ntfy') return one.token === undefined ? [one.topic] : [one.topic, one.token];
    return [one.url];
  });

/** World-readable: it holds no secrets. Always there, so that the monitor need not guess. */
export const notifyFile = (origin: Origin, targets: readonly Target[]): RemoteFile => ({
  path: layout.notifySettings,
  content: `${JSON.stringify({_: headerLine(origin), version: 1, targets}, undefined, 2)}\n`,
  owner: 'root',
  group: 'root',
  mode: 0o644,
});
