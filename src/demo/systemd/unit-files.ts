import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import {basename, dirname, relative} from 'node:path';
import {Refusal} from './machine.js';
import {UnitText} from './unit-text.js';
import type {Source} from './unit.js';

/** A unit of the host that has no file in the sandbox: what a bare host brings along. */
export interface BuiltIn {
  /** Its text, as a unit file has it; without [Service] and Exec lines nothing runs, it is merely active or not. */
  text: string;
  aliases: readonly string[];
  enabled: boolean;
  started?: () => void;
  stopped?: () => void;
}

/** Where a manager finds unit files and puts its links; the first folder is where it writes. Absolute, of the host. */
export class UnitFiles {
  constructor(
    private readonly root: string,
    readonly folders: readonly string[],
    /** Transient ones are written here. */
    readonly transient: string,
    readonly builtIns: ReadonlyMap<string, BuiltIn>,
  ) {}

  /** What is known of a unit by a name of its, read now. */
  read(name: string): Source {
    const path = this.#find(name);
    if (path === undefined) return this.#builtIn(name);
    const real = this.#follow(path);
    if (real === '/dev/null') return none(name, 'masked', path);
    const id = basename(real).includes('@.') ? name : basename(real);
    return {
      id,
      names: [...new Set([id, name, ...this.#aliasesOf(id)])],
      path: real,
      text: new UnitText(readFileSync(this.root + real, 'utf8')),
      load: 'loaded',
      transient: dirname(real) === this.transient,
      readMs: this.changedMs(real),
    };
  }

  /** mtime, ms; 0: it is gone. */
  changedMs(path: string): number {
    try {
      return statSync(this.root + path).mtimeMs;
    } catch {
      return 0;
    }
  }

  /** Names of the units that want this one, by the links in its `.wants` and `.requires`. */
  wantsOf(name: string): string[] {
    return this.folders.flatMap((folder) =>
      ['wants', 'requires'].flatMap((kind) => this.#list(`${folder}/${name}.${kind}`)),
    );
  }

  /** `enabled`, `static` … as `is-enabled` says it; undefined: there is no such file. */
  stateOf(source: Source): string | undefined {
    const {id, text, load, transient} = source;
    if (load === 'masked') return 'masked';
    if (load === 'not-found') return undefined;
    if (transient) return 'transient';
    const links = this.#links(id);
    if (links.length > 0) return 'enabled';
    if (hasNoFile(source) && this.builtIns.get(id)?.enabled) return 'enabled';
    return this.#targets(text, id).length > 0 ? 'disabled' : 'static';
  }

  /** @returns the links that were made, [link, its target] */
  enable(source: Source): [string, string][] {
    const {id, path, text} = source;
    const builtIn = hasNoFile(source) ? this.builtIns.get(id) : undefined;
    if (builtIn) builtIn.enabled = true;
    return this.#targets(text, id).flatMap((link) => {
      const at = this.root + link;
      if (hasNoFile(source) || isThere(at)) return [];
      mkdirSync(dirname(at), {recursive: true});
      // Relative, so that it leads somewhere in a sandbox too.
      symlinkSync(relative(dirname(link), path), at);
      return [[link, path] as [string, string]];
    });
  }

  /** @returns the links that were taken away */
  disable(id: string): string[] {
    const builtIn = this.builtIns.get(id);
    if (builtIn) builtIn.enabled = false;
    const links = this.#links(id);
    for (const link of links) rmSync(this.root + link, {force: true});
    return links;
  }

  /** Every unit that has a file, or needs none. */
  names(): string[] {
    const files = [...this.folders, this.transient].flatMap((folder) =>
      this.#list(folder).filter((name) => /\.(?:service|timer|path|target|socket)$/.test(name)),
    );
    return [...new Set([...files, ...this.builtIns.keys()])].toSorted();
  }

  #find(name: string): string | undefined {
    const template = name.replace(/@.+(?=\.)/, '@');
    for (const wanted of template === name ? [name] : [name, template]) {
      for (const folder of [...this.folders.slice(0, 1), this.transient, ...this.folders.slice(1)]) {
        if (isThere(`${this.root}${folder}/${wanted}`)) return `${folder}/${wanted}`;
      }
    }
    return undefined;
  }

  /** A link leads to the file itself, in words of the host. */
  #follow(path: string): string {
    try {
      const target = readlinkSync(this.root + path);
      const host = target.startsWith(this.root) ? target.slice(this.root.length) : target;
      if (host === '/dev/null') return host;
      const made = host.startsWith('/') ? host : new URL(host, `file://${path}`).pathname;
      return existsSync(this.root + made) ? this.#follow(made) : path;
    } catch {
      return path;
    }
  }

  #aliasesOf(id: string): string[] {
    return this.#list(this.folders[0]!).filter(
      (name) =>
        name !== id && name.includes('.') && basename(this.#follow(`${this.folders[0]}/${name}`)) === id,
    );
  }

  #builtIn(name: string): Source {
    const [id, found] =
      [...this.builtIns].find(([own, {aliases}]) => own === name || aliases.includes(name)) ?? [];
    if (id === undefined || !found) return none(name, 'not-found', '');
    return {
      id,
      names: [id, ...found.aliases],
      path: `/lib/systemd/system/${id}`,
      text: new UnitText(found.text),
      load: 'loaded',
      transient: false,
      readMs: 0,
    };
  }

  #targets(text: UnitText, id: string): string[] {
    const [folder] = this.folders;
    return [
      ...text.names('Install', 'WantedBy').map((by) => `${folder}/${by}.wants/${id}`),
      ...text.names('Install', 'RequiredBy').map((by) => `${folder}/${by}.requires/${id}`),
      ...text.names('Install', 'Alias').map((name) => `${folder}/${name}`),
    ];
  }

  /** The links that enable it, wherever its text says now. */
  #links(id: string): string[] {
    const [folder = ''] = this.folders;
    const inside = this.#list(folder)
      .filter((name) => /\.(?:wants|requires)$/.test(name))
      .map((name) => `${folder}/${name}/${id}`)
      .filter((link) => isThere(this.root + link));
    return [...inside, ...this.#aliasesOf(id).map((name) => `${folder}/${name}`)];
  }

  #list(folder: string): string[] {
    try {
      return readdirSync(this.root + folder);
    } catch {
      return [];
    }
  }
}

const none = (id: string, load: Source['load'], path: string): Source => ({
  id,
  names: [id],
  path,
  text: new UnitText(''),
  load,
  transient: false,
  readMs: 0,
});

const hasNoFile = ({load, readMs}: Source) => load === 'loaded' && readMs === 0;

/** A link to nowhere is there too. */
function isThere(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return existsSync(path);
  }
}

/** @throws Refusal for a name that no unit can have */
export function unitName(given: string): string {
  const name = given.slice(given.lastIndexOf('/') + 1);
  if (name === '' || !/^[\w:.\\@-]+$/.test(name)) throw new Refusal(`Invalid unit name "${given}".`);
  return /\.(?:service|timer|path|target|socket|mount|slice|scope)$/.test(name) ? name : `${name}.service`;
}
