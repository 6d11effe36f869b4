import {accessSync, constants, existsSync, mkdirSync, realpathSync, symlinkSync} from 'node:fs';
import {delimiter, join} from 'node:path';

/**
 * Programs of this machine that the hosts of a rehearsal may run. None of them changes anything outside the folders that
 * it is told to work in; whatever is not here is not found, least of all apt, systemctl or ufw.
 */
const needed = words(`
  sh cat head tail cut tr sed awk grep sort wc touch mkdir rm mv cp ln ls chmod mktemp
  readlink dirname basename date sleep timeout env od base64 sha256sum sync tar flock find
  nproc df rmdir stat uname git ssh ssh-keygen
`);
const useful = words(`
  bash uniq tee printf test [ expr seq cmp comm diff xargs true false echo kill realpath
  nice ionice setsid truncate dd egrep fgrep gzip git-upload-pack
  git-receive-pack pwd paste rev nl md5sum stdbuf mkfifo
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Where a program of this machine is; undefined: nowhere. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  for (const folder of [...path.split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    if (folder === '' || folder.endsWith('node_modules/.bin')) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Names of programs without which there is no rehearsal, and that this machine lacks. */
export const missingPrograms = (): string[] => needed.filter((name) => findProgram(name) === undefined);

/** Links to those programs in a folder that becomes the PATH of a host. */
export function linkPrograms(folder: string): void {
  mkdirSync(folder, {recursive: true});
  for (const name of [...needed, ...useful]) {
    const found = findProgram(name);
    const link = join(folder, name);
    if (found !== undefined && !existsSync(link)) symlinkSync(realName(name, found), link);
  }
}

/** A link to a program that looks at its own name (busybox, git) keeps that name. */
function realName(name: string, found: string): string {
  const real = realpathSync(found);
  return real.endsWith(`/${name}`) ? real : found;
}
