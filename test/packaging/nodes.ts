import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);

/** Kept between runs and outside of the checkout: each is 200 MB. */
const cacheHome = process.env['XDG_CACHE_HOME'] ?? '';
const cache = join(isAbsolute(cacheHome) ? cacheHome : join(homedir(), '.cache'), 'failover-wizard-tests');

/** npm as it is started on this system. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * The newest Node of a major version, from npm's own `node` package; fetched once.
 * @returns path of its program
 * @throws Error when the registry cannot be reached
 */
export async function nodeOf(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const folder = join(cache, `node-${major}`);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(program)) return program;
  await mkdir(cache, {recursive: true});
  const fresh = await mkdtemp(join(cache, 'fetching-'));
  try {
    // Its install script fetches the program for this system.
    await writeFile(join(fresh, 'package.json'), JSON.stringify({allowScripts: {node: true}}));
    await run(npm, ['install', '--no-audit', '--no-fund', `node@${major}`], {cwd: fresh, env: plainEnv()});
    await rename(fresh, folder).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(program)) throw error;
    });
  } finally {
    await rm(fresh, {recursive: true, force: true});
  }
  return program;
}

/** Without what npm hands down to its scripts: the npm of a test is nobody's child. */
export function plainEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_ENV$|VITEST|FORCE_COLOR$|NO_COLOR$|INIT_CWD$)/.test(name),
  );
  return {...Object.fromEntries(own), ...more};
}

/** Whether an error of npm means that the registry was out of reach, and nothing else. */
export function isOffline(error: unknown): boolean {
  const text = `${(error as {stderr?: string}).stderr ?? ''} ${String(error)}`;
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|ENOTCACHED|network/i.test(
    text,
  );
}
