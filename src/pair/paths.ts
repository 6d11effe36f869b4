import {homedir} from 'node:os';
import {isAbsolute, join, posix, win32} from 'node:path';

const program = 'failover-wizard';

/** The program's folders on the operator's machine (XDG base directories). */
export interface Folders {
  /** `~/.config/failover-wizard` */
  config: string;
  /** `~/.local/state/failover-wizard` */
  state: string;
}

/** A relative XDG variable is ignored, as the specification says. */
export function folders(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): Folders {
  const base = (name: string, fallback: string) => {
    const value = env[name];
    return join(value !== undefined && isAbsolute(value) ? value : join(home, fallback), program);
  };
  return {config: base('XDG_CONFIG_HOME', '.config'), state: base('XDG_STATE_HOME', join('.local', 'state'))};
}

/** The files of one pair. */
export interface PairFiles {
  folder: string;
  pair: string;
  /** Pinned host keys. */
  knownHosts: string;
  state: string;
  /** Every remote command, redacted. */
  audit: string;
  /** Reports of drills: `ID.json` and `ID.md`. */
  drills: string;
  /** A drill that has begun and not ended. */
  drillRunning: string;
}

export function pairFiles(name: string, {config, state}: Folders): PairFiles {
  const folder = join(config, 'pairs', name);
  return {
    folder,
    pair: join(folder, 'pair.json'),
    knownHosts: join(folder, 'known_hosts'),
    state: join(state, name),
    audit: join(state, name, 'audit.jsonl'),
    drills: join(state, name, 'drills'),
    drillRunning: join(state, name, 'drill.json'),
  };
}

/** `~` and `~/…` become the operator's home, on Windows `~\\…` as well; other paths stay as they are. */
export function expandHome(
  path: string,
  home: string = homedir(),
  platform: NodeJS.Platform = process.platform,
): string {
  if (path === '~') return home;
  if (!beginsAtHome(path, platform)) return path;
  return (platform === 'win32' ? win32 : posix).join(home, path.slice(2));
}

/** A name may begin with a tilde where a backslash is a character like any other. */
export const beginsAtHome = (path: string, platform: NodeJS.Platform = process.platform): boolean =>
  path.startsWith('~/') || (platform === 'win32' && path.startsWith('~\\'));
