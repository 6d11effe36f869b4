/**
 * The hosts of the rehearsal are folders, and their programs are real ones of this machine; so in the text of every
 * command and script that a host runs, the absolute paths of the host become paths in its folder, before `sh` sees it.
 * What cannot be found there is not found: programs of this machine that could change it are not in any of the folders.
 */
export interface Places {
  /** The folder that is the root of the host, without a trailing slash: letters, digits, `/`, `-`, `_`, `.` only. */
  root: string;
  /** Copies of the host's own scripts whose paths were translated; they run in place of the originals. */
  scripts: string;
  /** Home of a user of the host, in the host's own words. */
  homeOf: (user: string) => string;
}

const top = 'etc|run|var|opt|home|root|usr|bin|sbin|lib|srv|boot|sys|tmp|mnt|media';
/**
 * `/dir` where a path can begin: not behind a word, a variable (also in quotes), another slash or a wildcard; nor in a
 * line for authorized_keys, which is content.
 */
const path = new RegExp(
  String.raw`(?<![\w.$}*\])/~\\-]|command="|\$\w+"|\$\{\w+\}")/(${top})(?![\w.-])`,
  'g',
);
/** Folders in which the host's own scripts are; what is run there runs as its translated copy. */
const ownScripts = ['/usr/local/lib/openclaw-failover', '/usr/local/bin'];
/** Of /proc, what describes the whole host or its gateway; a process of its own is looked up in the real one. */
const proc: readonly (readonly [RegExp, string])[] = [
  // Whoever looks through all processes, to name or to end them, finds those of the host alone.
  [/\/proc\/\[0-9\]\*/g, '/proc/[0-9]*'],
  [/(?<=#)\/proc\/(?=\})/g, '/proc/'],
  [/\/proc\/1\/comm\b/g, '/proc/1/comm'],
  [/\/proc\/mounts\b/g, '/proc/mounts'],
  [/\/proc\/net\//g, '/proc/net/'],
  [/\/proc\/self\/net\//g, '/proc/net/'],
  [/\/proc\/sys\/kernel\//g, '/proc/sys/kernel/'],
  [/\/proc\/\$GP(?=\/)/g, '/proc/$GP'],
  [/\/proc\/(\$\{?\w+\}?|\$\([^)]*\))\/cgroup\b/g, '/proc/$1/cgroup'],
];

/** The text as the `sh` of this machine may run it. `runs`: it names scripts of the host in order to run them. */
export function translate(text: string, {root, scripts, homeOf}: Places, runs: boolean): string {
  let made = text.replaceAll(/(?<=\bHOME=)~([a-z_][\w-]*)/g, (_, user: string) => `${root}${homeOf(user)}`);
  made = made.replaceAll(/(?<=\bPATH=)(\/[^\s'";]*)/g, (list: string) => searchPath(list, root, scripts));
  if (runs) {
    for (const folder of ownScripts) {
      const inside = new RegExp(String.raw`(?<![\w.$}*\])/~\\-])${folder}/(?!\S*\.mjs\b)`, 'g');
      made = made.replaceAll(inside, `${scripts}${folder}/`);
    }
  }
  // A text may be translated twice: a script that a translated one wrote.
  for (const [seen, put] of proc) {
    const fresh = new RegExp(String.raw`(?<!${root.replaceAll('.', String.raw`\.`)})${seen.source}`, 'g');
    made = made.replaceAll(fresh, `${root}${put}`);
  }
  return made.replaceAll(path, (whole, folder: string, at: number) =>
    // Already translated by a rule before.
    made.startsWith(root, at) || made.startsWith(scripts, at) ? whole : `${root}/${folder}`,
  );
}

/** The folders of a PATH; those of the host's own scripts first as their copies. */
export function searchPath(list: string, root: string, scripts: string): string {
  const folders = list.split(':').flatMap((folder) => {
    if (folder === '/usr/local/bin') return [`${scripts}/usr/local/bin`];
    return folder.startsWith('/') && !folder.startsWith(root) ? [`${root}${folder}`] : [folder];
  });
  return [...new Set(folders)].join(':');
}

/** Takes the sandbox's folder out of what is told about it, in pieces as they come. */
export class Unmapper {
  readonly #roots: readonly string[];
  #held = '';

  constructor(roots: readonly string[]) {
    // One may be the beginning of another.
    this.#roots = roots.toSorted((a, b) => b.length - a.length);
  }

  push(chunk: Buffer): Buffer {
    const text = this.#held + chunk.toString('latin1');
    const end = text.length - this.#beginning(text);
    this.#held = text.slice(end);
    return this.#without(text.slice(0, end));
  }

  end(): Buffer {
    const rest = this.#held;
    this.#held = '';
    return this.#without(rest);
  }

  #without(text: string): Buffer {
    let left = text;
    for (const root of this.#roots) left = left.replaceAll(root, '');
    return Buffer.from(left, 'latin1');
  }

  /** Characters at the end that may be the beginning of a root, and are not all of one. */
  #beginning(text: string): number {
    let most = 0;
    for (const root of this.#roots) {
      for (let length = Math.min(root.length - 1, text.length); length > most; length -= 1) {
        if (root.startsWith(text.slice(text.length - length))) most = length;
      }
    }
    return this.#roots.some((root) => root.length > most && text.endsWith(root)) ? 0 : most;
  }
}
