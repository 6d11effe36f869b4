import {hostKeyAlias} from '../monitor/ssh-ask.js';
import type {RemoteFile} from '../ssh/host.js';
import {header, type Origin} from './header.js';
import {layout} from './layout.js';

/** The primary's pinned host keys (`TYPE BASE64` each) under the one name that ssh looks for on every way to it. */
export const interrogationKnownHosts = (origin: Origin, hostKeys: readonly string[]): RemoteFile => ({
  path: layout.interrogationKnownHosts,
  content: header(origin) + hostKeys.map((key) => `${hostKeyAlias} ${key}\n`).join(''),
  owner: 'root',
  group: 'root',
  mode: 0o644,
});
