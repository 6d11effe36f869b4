import {randomBytes} from 'node:crypto';
import {mkdir, open, readFile, readdir, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Abort} from '../errors.js';
import {checkPair, problemSentence} from './check.js';
import {pairFiles, type Folders} from './paths.js';
import type {Pair} from './schema.js';

/** The saved pair, or undefined when there is none. @throws Abort when the file is broken, saying how to go on. */
export async function loadPair(name: string, folders: Folders): Promise<Pair | undefined> {
  const path = pairFiles(name, folders).pair;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Abort(`The saved pair ${path} cannot be read: ${(error as Error).message}.`, {
      next: [`Check its owner and mode: ls -l ${path}`],
      cause: error,
    });
  }
  const next = [
    `Put ${path} right, or move it away and run setup again; the servers are not changed by that.`,
  ];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Abort(`The saved pair ${path} is not valid JSON.`, {
      detail: (error as Error).message,
      next,
      cause: error,
    });
  }
  const checked = checkPair(value);
  if (checked.ok) return checked.pair;
  throw new Abort(`The saved pair ${path} does not fit this version.`, {
    detail: checked.problems.map(problemSentence).join('\n'),
    next,
  });
}

/** Saves a pair: whole or not at all, readable by the operator alone. Secrets are in it by reference only. */
export async function savePair(pair: Pair, folders: Folders): Promise<string> {
  const path = pairFiles(pair.name, folders).pair;
  await writeWhole(path, JSON.stringify(pair, null, 2) + '\n');
  return path;
}

/** Names of the saved pairs, sorted. */
export async function pairNames(folders: Folders): Promise<string[]> {
  try {
    const entries = await readdir(join(folders.config, 'pairs'), {withFileTypes: true});
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Writes beside the file (0600), syncs, renames: a cut at any moment leaves the old file or the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(folder, {recursive: true, mode: 0o700});
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true}).catch(() => undefined);
    throw new Abort(`${path} cannot be written: ${(error as Error).message}.`, {
      next: [`Check that ${folder} can be written and the disk is not full.`],
      cause: error,
    });
  }
}
