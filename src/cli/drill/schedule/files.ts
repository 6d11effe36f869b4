import {readFile, rm} from 'node:fs/promises';
import {Abort, messageOf} from '../../../errors.js';
import {isOurs} from '../../../drill/schedule/job.js';
import {writeWhole} from '../../../pair/store.js';

/** The text of a file; undefined: there is none. @throws Abort when it cannot be read */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Abort(`${path} cannot be read: ${messageOf(error)}.`, {
      next: [`Check its owner and mode: ls -l ${path}`],
      cause: error,
    });
  }
}

/** Those of the files that are there. @throws Abort for one that somebody else wrote: it is not touched */
export async function ownFiles(paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(paths.map(textOf));
  const foreign = paths.find((_, index) => texts[index] !== undefined && !isOurs(texts[index]));
  if (foreign !== undefined)
    throw new Abort(`${foreign} was not written by failover-wizard; it was left as it is.`, {
      next: ['Move it away, and run the same command again.'],
    });
  return paths.filter((_, index) => texts[index] !== undefined);
}

/**
 * Writes these files, each whole.
 * @returns how to put everything back as it was
 * @throws Abort, with everything as it was
 */
export async function replaceFiles(
  wanted: readonly {path: string; text: string}[],
): Promise<() => Promise<void>> {
  await ownFiles(wanted.map(({path}) => path));
  const before = await Promise.all(wanted.map(async ({path}) => ({path, text: await textOf(path)})));
  const back = async () => {
    await Promise.all(
      before.map(({path, text}) => (text === undefined ? rm(path, {force: true}) : writeWhole(path, text))),
    );
  };
  try {
    await Promise.all(wanted.map(({path, text}) => writeWhole(path, text)));
  } catch (error) {
    await back();
    throw error;
  }
  return back;
}
