import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {Abort} from '../errors.js';
import {findKnown} from './known-hosts.js';
import type {HostKey, KnownKey} from './known-hosts.js';

/**
 * The host keys of one pair, in a file in known_hosts format (`host type key target`). Reading and writing
 * are synchronous, so two hosts that connect at the same time never lose each other's key.
 */
export interface PinStore {
  readonly path: string;
  /** Keys pinned for a name as `knownHostsName` makes it. */
  get(name: string): KnownKey[];
  /** Pins a key; an older one of the same host and type gives way. `target` is how the operator named the host. */
  add(name: string, key: HostKey, target?: string): void;
  /** Forgets every key of a host, named by its known_hosts name, its address, or its target; how many there were. */
  forget(host: string): number;
}

/**
 * @param path of the file; it and its folder are made when the first key is pinned (0600 in 0700).
 * @throws Abort from `add` and `forget` when the file cannot be written, from all when it cannot be read.
 */
export function pinStore(path: string): PinStore {
  const read = (): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new Abort(`The pinned host keys in ${path} cannot be read.`, {
        detail: String(error),
        next: [`Check the owner and mode of ${path}.`],
        cause: error,
      });
    }
  };
  const write = (lines: string[]): void => {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(path), {recursive: true, mode: 0o700});
      writeFileSync(temporary, lines.map((line) => `${line}\n`).join(''), {mode: 0o600, flush: true});
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, {force: true});
      throw new Abort(`The host key cannot be pinned in ${path}.`, {
        detail: String(error),
        next: [`Check that ${dirname(path)} can be written and the disk is not full.`],
        cause: error,
      });
    }
  };
  const lines = (): string[] =>
    read()
      .split('\n')
      .filter((line) => line.trim() !== '');

  return {
    path,
    get: (name) => findKnown(read(), name, path),
    add(name, key, target) {
      const line = [
        name,
        key.type,
        key.blob.toString('base64'),
        ...(target === undefined ? [] : [target]),
      ].join(' ');
      const before = lines();
      if (before.includes(line)) return;
      write([...before.filter((old) => !old.startsWith(`${name} ${key.type} `)), line]);
    },
    forget(host) {
      const before = lines();
      const kept = before.filter((line) => !names(line).has(host.toLowerCase()));
      if (kept.length < before.length) write(kept);
      return before.length - kept.length;
    },
  };
}

/** Everything a pinned line may be called by: `[203.0.113.10]:2222`, `203.0.113.10`, `root@claw:2222`, `claw`. */
function names(line: string): Set<string> {
  const [name = '', , , target = ''] = line.split(' ');
  const bare = (text: string): string => text.replace(/^[^@]*@/, '').replace(/^\[?(.*?)\]?(?::\d+)?$/, '$1');
  const ipv6 = (name.match(/:/g)?.length ?? 0) > 1 && !name.startsWith('[');
  return new Set(
    [name, ipv6 ? name : bare(name), target, bare(target)]
      .filter((text) => text !== '')
      .map((text) => text.toLowerCase()),
  );
}
