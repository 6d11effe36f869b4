import {z} from 'zod';
import {stripControl} from '../ssh/strip.js';
import type {HostName} from '../ssh/host.js';
import {isOwnPath, isOwnUnit, ownFolders, ownUsers} from '../templates/ours.js';

const shape = z.object({
  pair: z.string(),
  host: z.enum(['primary', 'standby']),
  files: z.array(z.object({path: z.string()})),
  units: z.array(z.string()),
  users: z.array(z.string()),
  authorizedKeys: z.array(z.object({user: z.string(), comment: z.string()})),
  folders: z.array(z.string()),
});

/** What a host's manifest says, judged: only what this program can have written counts. */
export interface JudgedManifest {
  pair: string;
  host: HostName;
  /** Files outside of our own folders, and units, that the look at the host does not ask for by itself. */
  files: string[];
  units: string[];
  /** Users that exist for this alone. */
  users: string[];
  /** In whose authorized_keys lines of ours are. */
  letIn: string[];
  /** Entries that this program cannot have written, in words; nothing is done about them. */
  strange: string[];
}

const userName = /^[a-z_][\w.-]{0,31}$/i;

/**
 * Reads a manifest as what it is: text that somebody on the host may have changed. An entry that names anything this
 * program does not write is never acted upon.
 * @returns undefined when there is none or it cannot be read; what is known by name is looked for all the same
 */
export function judgeManifest(text: string | undefined, host: HostName): JudgedManifest | undefined {
  const parsed = shape.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const {data} = parsed;
  const strange: string[] = [];
  const sorted = (what: string, names: readonly string[], right: (name: string) => boolean) =>
    names.filter((name) => {
      if (right(name)) return true;
      strange.push(`${what} ${clip(name)}`);
      return false;
    });
  const files = sorted(
    'file',
    data.files.map(({path}) => path),
    (path) => isOwnPath(host, path),
  );
  const units = sorted('unit', data.units, (unit) => isOwnUnit(host, unit));
  const users = sorted('user', data.users, (user) => Object.hasOwn(ownUsers(host), user));
  sorted('folder', data.folders, (folder) => ownFolders(host).includes(folder));
  const letIn = sorted(
    'user in authorizedKeys',
    data.authorizedKeys.map(({user}) => user),
    (user) => userName.test(user),
  );
  return {pair: clip(data.pair), host: data.host, files, units, users, letIn: [...new Set(letIn)], strange};
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const clip = (text: string) => stripControl(text).replaceAll('\n', ' ').slice(0, 120);
