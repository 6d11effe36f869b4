import {lstat, readdir} from 'node:fs/promises';
import path from 'node:path';
import {takeFile} from './control.js';
import {oneLine, readSmall} from './files.js';

export const wants = ['failback', 'tested', 'promote'] as const;
export type Want = (typeof wants)[number];

/** What an operator asked for: a file that lies there until what became of it is saved. */
export interface Pending {
  want: Want;
  /** The same as long as it is the same request: one that is found again after a crash is not heard twice. */
  id: string;
  why: string;
}

/** They lie in one folder, so that a look at nothing, every few seconds for years, is one call. */
export async function readPending(files: Readonly<Record<Want, string>>): Promise<Pending[]> {
  const there = await readdir(path.dirname(files.promote)).catch((): string[] => []);
  const found = await Promise.all(
    wants.map(async (want) => {
      if (!there.includes(path.basename(files[want]))) return [];
      const id = await idOf(files[want]);
      if (id === undefined) return [];
      const why = oneLine((await readSmall(files[want], 1024)) ?? '') || 'no reason given';
      return [{want, id, why}];
    }),
  );
  return found.flat();
}

/** Takes it away, unless there is a newer one in its place. */
export async function dropPending(files: Readonly<Record<Want, string>>, {want, id}: Pending): Promise<void> {
  if ((await idOf(files[want])) === id) await takeFile(files[want]);
}

/** Each request is a new file. */
const idOf = (file: string): Promise<string | undefined> =>
  lstat(file, {bigint: true}).then(
    ({ino, ctimeNs}) => `${ino}-${ctimeNs}`,
    () => undefined,
  );
