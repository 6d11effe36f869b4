import type {HostName, RemoteFile} from '../ssh/host.js';
import {headerLine, type Origin} from './header.js';
import {layout, units} from './layout.js';

/** manifest.json: everything of ours on a host, so that it can be removed without guessing. */
export interface Manifest {
  _: string;
  version: 1;
  pair: string;
  host: HostName;
  files: {path: string; owner: string; group: string; mode: string}[];
  /** Units in the order in which they are stopped. */
  units: string[];
  /** System users that exist for this alone. */
  users: string[];
  /** Folders that hold nothing but ours. */
  folders: string[];
}

/** The manifest of a host as a file; `files` is everything that was or will be written there. */
export function manifest(origin: Origin, host: HostName, files: readonly RemoteFile[]): RemoteFile {
  const standby = host === 'standby';
  const content: Manifest = {
    _: headerLine(origin),
    version: 1,
    pair: origin.pairName,
    host,
    files: files.map(({path, owner, group, mode}) => ({path, owner, group, mode: mode.toString(8)})),
    units: files
      .map(({path}) => unitName(path))
      .filter((unit) => unit !== undefined)
      .toSorted(stopOrder),
    users: standby ? [layout.monitorUser] : [],
    folders: standby ? [layout.lib, layout.etc, layout.state, layout.opt] : [layout.lib, layout.etc],
  };
  return {
    path: layout.manifest,
    content: `${JSON.stringify(content, undefined, 2)}\n`,
    owner: 'root',
    group: 'root',
    mode: 0o644,
  };
}

function unitName(path: string): string | undefined {
  return /^\/etc\/systemd\/system\/([^/]+)$/.exec(path)?.[1];
}

/** First who starts others, then what was started. */
const stopFirst: readonly string[] = [
  units.monitor,
  units.rolePath,
  units.syncTimer,
  units.pushTimer,
  units.role,
];
const rank = (unit: string) => (stopFirst.includes(unit) ? stopFirst.indexOf(unit) : stopFirst.length);
const stopOrder = (a: string, b: string) => rank(a) - rank(b);
