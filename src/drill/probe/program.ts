import {constants} from 'node:fs';
import {access, realpath, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {expandHome} from '../../pair/paths.js';

/** `reason` is a sentence with what to do about it. */
export type Runnable = {path: string} | {reason: string};

/**
 * The operator's program, if it may be run: it is there, executable, and nobody but the operator and root can have
 * written it. Links are followed.
 */
export async function runnable(given: string): Promise<Runnable> {
  const asked = expandHome(given);
  try {
    const path = await realpath(asked);
    const {uid, mode, file} = await looked(path);
    const folder = await looked(dirname(path));
    const own = process.getuid?.();
    if (!file) return {reason: `${asked} is no program: it is not a plain file.`};
    if (own !== undefined && uid !== own && uid !== 0)
      return {reason: `${asked} is not run: it belongs to another user; it must be yours or root's.`};
    if ((mode & 0o022) !== 0)
      return {reason: `${asked} is not run: others can write to it. chmod go-w ${asked}`};
    // In a sticky folder (/tmp) others cannot put another file in its place.
    if ((folder.mode & 0o1002) === 0o002)
      return {
        reason: `${asked} is not run: others can replace it, because its folder is writable for everybody.`,
      };
    await access(path, constants.X_OK);
    return {path};
  } catch (error) {
    return {reason: whyNot(asked, (error as NodeJS.ErrnoException).code)};
  }
}

async function looked(path: string) {
  const found = await stat(path);
  return {uid: found.uid, mode: found.mode, file: found.isFile()};
}

function whyNot(path: string, code: string | undefined): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${path} is not there.`;
  if (code === 'EACCES') return `${path} cannot be run by you. chmod u+x ${path}`;
  return `${path} cannot be read (${code ?? 'unknown reason'}).`;
}
