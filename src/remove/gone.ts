import type {RemovalChange} from '../plan/kinds/index.js';
import {layout, units} from '../templates/layout.js';
import {hardeningFiles, isOwnUnit, mayRemove, ownUsers, unitFolder} from '../templates/ours.js';
import {deadMen, type Footprint} from './footprint.js';

// What both hosts have in common: units, folders, users and the manifest go.

/** Units of ours that systemd knows; one of somebody else under the same name has a file without our header. */
function ownUnitsOf({host, units: there, paths}: Footprint): string[] {
  const foreign = new Set(
    paths.filter(({path, ours}) => path.startsWith(`${unitFolder}/`) && !ours).map(({path}) => unitOf(path)),
  );
  const timers: readonly string[] = Object.values(deadMen);
  return there
    .map(({unit}) => unit)
    .filter((unit) => isOwnUnit(host, unit) && !foreign.has(unit) && !timers.includes(unit));
}

const unitOf = (path: string) => path.slice(unitFolder.length + 1);

/** First who starts others: the monitor, paths and timers; the gateway last. */
function stopRank(unit: string): number {
  if (unit === units.monitor) return 0;
  if (/\.(?:path|timer)$/.test(unit)) return 1;
  return unit === units.gateway ? 3 : 2;
}

/** Units that run or are enabled are stopped; then their files go. */
export function* unitsGone(
  footprint: Footprint,
  {off, files, interrupts = false}: {off: string; files: string; interrupts?: boolean},
): Generator<RemovalChange> {
  const {host} = footprint;
  const there = ownUnitsOf(footprint).toSorted((a, b) => stopRank(a) - stopRank(b));
  const busy = footprint.units.some(
    ({unit, active, enabled}) =>
      there.includes(unit) && (!['inactive', 'failed'].includes(active) || enabled.startsWith('enabled')),
  );
  if (busy) {
    yield {
      kind: 'units-off',
      id: `${host}:units-off`,
      host,
      title: off,
      units: there,
      ...(interrupts && {disruptive: true}),
    };
  }
  const paths = footprint.paths
    .filter(({path, ours, kind}) => path.startsWith(`${unitFolder}/`) && ours && kind === 'file')
    .map(({path}) => path);
  if (paths.length === 0) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:units`,
    host,
    title: files,
    why: paths.map(unitOf).join(', '),
    paths,
    reload: true,
  };
}

/** Whole folders and files, the one with the manifest apart: that goes last. */
export function* pathsGone({host, paths}: Footprint, title: string): Generator<RemovalChange> {
  const gone = paths
    .filter(({path, kind, ours}) => (kind === 'file' ? ours : true) && mayRemove(host, path))
    .map(({path}) => path)
    .filter(
      (path) => path !== layout.etc && !path.startsWith(`${unitFolder}/`) && !hardeningFiles.includes(path),
    );
  if (gone.length === 0) return;
  yield {kind: 'remove-paths', id: `${host}:paths`, host, title, why: gone.join(', '), paths: gone};
}

export function* manifestGone({host, paths}: Footprint): Generator<RemovalChange> {
  if (!paths.some(({path}) => path === layout.etc)) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:etc`,
    host,
    title: 'settings, keys and, last, the manifest',
    why: layout.etc,
    paths: [layout.etc],
  };
}

/** A user is ours when it lives where we put it. */
export function* usersGone(
  {host, users}: Footprint,
  {stays, titleOf}: {stays: (user: string) => boolean; titleOf: (user: string) => string},
): Generator<RemovalChange> {
  for (const {user, uid, home} of users) {
    if (ownUsers(host)[user] !== home || uid === 0 || stays(user)) continue;
    yield {
      kind: 'remove-user',
      id: `${host}:user:${user}`,
      host,
      title: titleOf(user),
      user,
      uid,
      home,
      removeHome: user === layout.user,
    };
  }
}
