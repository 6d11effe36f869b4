import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {layout} from '../templates/layout.js';
import {ownFolders, ownUsers} from '../templates/ours.js';
import type {Footprint} from './footprint.js';
import type {JudgedManifest} from './manifest.js';
import type {Traces} from './traces.js';

/** What the operator decides. */
export interface Choices {
  /** The account that phase 5 disabled is enabled again. */
  restoreChannel: boolean;
  /** The standby's user `openclaw` stays, with its workspace, config and secrets. */
  keepUser: boolean;
  /** Firewall, fail2ban and security updates of the standby go as well. */
  alsoHardening: boolean;
}

export interface RemovalInput {
  pair: Pair;
  /** Absent: the host was not reached, or nothing is to be done there. */
  standby?: {footprint: Footprint; manifest: JudgedManifest | undefined; asleep?: boolean};
  primary?: {footprint: Footprint; traces: Traces; facts: HostFacts};
  choices: Choices;
}

/** The standby's side of the input. */
export type StandbySide = NonNullable<RemovalInput['standby']>;

/**
 * Whether the standby's user is the one that setup made: a gateway's user of that name is on many a server, so the word of
 * a manifest is needed. Where the rest is gone, the user was left on purpose, and is its owner's.
 */
export const ownsUser = ({footprint, manifest}: StandbySide): boolean =>
  manifest?.host === 'standby' &&
  manifest.users.includes(layout.user) &&
  footprint.users.some(({user, home}) => user === layout.user && home === layout.home);

/** Folders and users that a plan leaves although they are ours: a link leads elsewhere, a user lives elsewhere. */
export function leftAlone({host, paths, users}: Footprint): string[] {
  return [
    ...paths
      .filter(({path, kind}) => kind === 'link' && ownFolders(host).includes(path))
      .map(({path}) => `what ${path} leads to: it is a link, and only the link goes`),
    ...paths
      .filter(({path, kind, ours}) => kind === 'file' && !ours && !path.startsWith(`${layout.etc}/`))
      .map(({path}) => `${path}: it does not say that this program wrote it`),
    ...users
      .filter(({user, home}) => ownUsers(host)[user] !== home)
      .map(({user, home}) => `user ${user}: its home is ${home}, not the one that we make`),
  ];
}
