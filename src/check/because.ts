import type {Change} from '../plan/change.js';
import {layout} from '../templates/layout.js';
import {manifestIn, versionIn} from './manifest-in.js';
import type {Seen} from './seen.js';

/**
 * Why a file is not what setup would write: it was `changed` or is `gone` since setup wrote it; it is as it was written,
 * and another `version` of this program wrote it, or what was `decided` or found has changed; or it is `new`.
 */
export type Because = 'changed' | 'gone' | 'version' | 'decided' | 'new';

/** undefined: it is no file, or what was written was not noted. Pure. */
export function whyOtherwise(change: Change, {facts, version}: Seen): Because | undefined {
  if (change.kind !== 'file') return undefined;
  const host = facts[change.host];
  const manifest = manifestIn(host?.files[layout.manifest]?.content);
  if (!host || !manifest) return undefined;
  const {path} = change.file;
  const now = host.files[path];
  // It cannot list itself.
  if (path === layout.manifest) return versionIn(manifest) === version ? 'decided' : 'version';
  const noted = manifest.files.find((file) => file.path === path);
  if (noted === undefined) return now ? undefined : 'new';
  if (!now) return 'gone';
  if (noted.sha256 === undefined || now.sha256 === undefined) return undefined;
  if (noted.sha256 !== now.sha256) return 'changed';
  const is = [now.owner, now.group, now.mode.toString(8)].join(' ');
  if (is !== [noted.owner, noted.group, noted.mode].join(' ')) return 'changed';
  return versionIn(manifest) === version ? 'decided' : 'version';
}
