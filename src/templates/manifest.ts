import {createHash} from 'node:crypto';
import {Secret} from '../secret.js';
import type {HostName, RemoteFile} from '../ssh/host.js';
import {headerLine, type Origin} from './header.js';
import {enabledUnits, layout, units} from './layout.js';

/** manifest.json: everything of ours on a host, so that it can be removed without guessing. */
export interface Manifest {
  _: string;
  version: 1;
  pair: string;
  host: HostName;
  files: ManifestFile[];
  /** Units in the order in which they are stopped. */
  units: string[];
  /** Users that exist for this alone. */
  users: string[];
  /** Lines of ours in the authorized_keys of users, known by the comment that they end in. */
  authorizedKeys: {user: string; comment: string}[];
  /** Folders that hold nothing but ours. */
  folders: string[];
}

export interface ManifestFile {
  path: string;
  owner: string;
  group: string;
  mode: string;
  /**
   * sha256 of what was written, hex. Absent: made on the host, or by a version that did not note it. A plain hash tells
   * whoever guesses the content; so it is only noted of files that everybody on the host may read anyway.
   */
  sha256?: string;
}

const userName = /^[a-z_][\w.-]{0,31}$/i;

/** Users in whose authorized_keys an earlier run left a line, as the manifest on the host says. */
export function usersLetIn(text: string | undefined): string[] {
  try {
    const {authorizedKeys} = JSON.parse(text ?? '') as Partial<Manifest>;
    return (authorizedKeys ?? []).map(({user}) => user).filter((user) => userName.test(user));
  } catch {
    return [];
  }
}

/** What a primary has of ours besides files. */
export interface AlsoThere {
  users?: string[];
  authorizedKeys?: Manifest['authorizedKeys'];
  folders?: string[];
  /** Files whose contents the host makes itself: nothing can be said of them beforehand. */
  madeThere?: readonly RemoteFile[];
}

/** Whether everybody on the host may read a file of this mode (octal digits): then what is in it may be noted. */
export const isReadByAll = (mode: string): boolean => (Number.parseInt(mode, 8) & 0o004) !== 0;

function fileOf({path, owner, group, mode, content}: RemoteFile, hashed: boolean): ManifestFile {
  const told = {path, owner, group, mode: mode.toString(8)};
  if (!hashed || content instanceof Secret || !isReadByAll(told.mode)) return told;
  return {...told, sha256: createHash('sha256').update(content).digest('hex')};
}

/** The manifest of a host as a file; `files` is everything that was or will be written there. */
export function manifest(
  origin: Origin,
  host: HostName,
  files: readonly RemoteFile[],
  also: AlsoThere = {},
): RemoteFile {
  const standby = host === 'standby';
  const content: Manifest = {
    _: headerLine(origin),
    version: 1,
    pair: origin.pairName,
    host,
    files: [
      ...files.map((file) => fileOf(file, true)),
      ...(also.madeThere ?? []).map((file) => fileOf(file, false)),
    ],
    units: files
      .map(({path}) => unitName(path))
      .filter((unit) => unit !== undefined)
      .toSorted(stopOrder),
    users: [...(standby ? [layout.monitorUser, layout.user] : []), ...(also.users ?? [])],
    authorizedKeys: also.authorizedKeys ?? [],
    folders: [
      ...(standby
        ? [layout.lib, layout.etc, layout.state, layout.opt, layout.compileCache]
        : [layout.lib, layout.etc]),
      ...(also.folders ?? []),
    ],
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
const stopFirst: readonly string[] = [...enabledUnits, units.warmTimer, units.pushTimer, units.role];
const rank = (unit: string) => (stopFirst.includes(unit) ? stopFirst.indexOf(unit) : stopFirst.length);
const stopOrder = (a: string, b: string) => rank(a) - rank(b);
