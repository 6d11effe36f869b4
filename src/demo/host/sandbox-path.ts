/** Where the files of a host of the rehearsal are, for programs that run in Node. */
export interface Sandbox {
  root: string;
  /** Copies of its scripts, as `Places.scripts`. */
  scripts: string;
  /** Paths of this machine that stay what they are: the program's own files. */
  real: readonly string[];
}

const own = /^\/(?:etc|run|var|opt|home|root|usr|bin|sbin|lib|srv|boot|sys|tmp|mnt|media)(?:\/|$)/;
const proc = /^\/proc\/(?:self\/)?(net|mounts|sys)(?=\/|$)/;

/** A path of the host as it is on this machine. */
export function mapPath(path: string, {root, real}: Pick<Sandbox, 'root' | 'real'>): string {
  if (path.startsWith(root) || real.some((kept) => path === kept || path.startsWith(`${kept}/`))) return path;
  if (own.test(path)) return `${root}${path}`;
  return path.replace(proc, (_, part: string) => `${root}/proc/${part}`);
}

/** The environment of a program of the host: where it lives and looks for programs, as they are on this machine. */
export function mapEnvironment(env: NodeJS.ProcessEnv, sandbox: Sandbox): NodeJS.ProcessEnv {
  const made = {...env};
  for (const name of ['HOME', 'TMPDIR', 'XDG_RUNTIME_DIR']) {
    const value = made[name];
    if (value !== undefined) made[name] = mapPath(value, sandbox);
  }
  if (made['PATH'] !== undefined) {
    made['PATH'] = made['PATH']
      .split(':')
      .map((folder) =>
        folder === '/usr/local/bin' ? `${sandbox.scripts}${folder}` : mapPath(folder, sandbox),
      )
      .join(':');
  }
  return made;
}
