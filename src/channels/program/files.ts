import {readFileSync, readdirSync, realpathSync, statSync} from 'node:fs';

/** What the account reader needs from a file system; tests and the planned account give their own. */
export interface Files {
  /** UTF-8 text of a regular file. @throws Error in one short clause (missing, not readable, too large) */
  read(path: string): string;
  /** The same file's bytes. @throws as `read` */
  bytes(path: string): Uint8Array;
  /** @throws Error when the path does not exist */
  realpath(path: string): string;
  /** Names in a folder; none when it cannot be listed. */
  list(path: string): string[];
}

/** bytes; OpenClaw's own limit for an included file. */
const limit = 2_097_152;

function readBytes(path: string): Buffer {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('is not a file');
    if (stat.size > limit) throw new Error('is larger than 2 MB');
    return readFileSync(path);
  } catch (error) {
    throw new Error(fileProblem(error), {cause: error});
  }
}

export const hostFiles: Files = {
  read: (path) =>
    readBytes(path)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  bytes: readBytes,
  realpath: (path) => realpathSync(path),
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** Files for a config that is not on a host yet: there are none. */
export const noFiles: Files = {
  read() {
    throw new Error('is not on this host');
  },
  bytes() {
    throw new Error('is not on this host');
  },
  realpath: (path) => path,
  list: () => [],
};

function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'is not readable for the gateway user';
  return error instanceof Error && !code ? error.message : `cannot be read (${String(code)})`;
}
