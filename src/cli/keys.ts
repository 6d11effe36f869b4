import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {Abort, Exit, type ExitCode} from '../errors.js';
import {folders, pairFiles} from '../pair/paths.js';
import type {CommonOptions} from './options.js';

interface PinnedKey {
  host: string;
  type: string;
  fingerprint: string;
  /** How the operator named the host when the key was pinned. */
  target: string | null;
}

/** Prints the pinned keys of the pair: a line each, or one JSON array. */
export async function listKeys(options: CommonOptions): Promise<ExitCode> {
  const {knownHosts} = pairFiles(nameOf(options), folders());
  const keys = pinnedKeys(await textOf(knownHosts));
  if (options.json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else if (keys.length === 0) process.stderr.write(`No keys are pinned in ${knownHosts}.\n`);
  else
    for (const {host, target, type, fingerprint} of keys)
      process.stdout.write(`${target ?? host}  ${type}  ${fingerprint}\n`);
  return Exit.ok;
}

/** Forgets a host's keys, so that the next connection asks again. @throws Abort (exit 2) when none is pinned. */
export async function forgetKeys(host: string, options: CommonOptions): Promise<ExitCode> {
  const name = nameOf(options);
  const {knownHosts} = pairFiles(name, folders());
  const {pinStore} = await import('../ssh/pins.js');
  const count = pinStore(knownHosts).forget(host);
  if (count === 0) {
    throw new Abort(`No key of ${host} is pinned for the pair ${name}.`, {
      next: ['failover-wizard keys list shows what is.'],
      exit: Exit.usage,
    });
  }
  process.stderr.write(
    `Forgot ${count === 1 ? 'one key' : `${count} keys`} of ${host}; the next connection asks again.\n`,
  );
  return Exit.ok;
}

/** Lines of known_hosts form: host, type, base64, and the target after it. */
export function pinnedKeys(text: string): PinnedKey[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((parts) => parts.length >= 3 && !parts[0]?.startsWith('#'))
    .map(([host = '', type = '', blob = '', target]) => ({
      host,
      type,
      fingerprint: `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`,
      target: target ?? null,
    }));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function nameOf({pair = 'default'}: CommonOptions): string {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(pair)) return pair;
  throw new Abort('The pair name must be lower-case letters, digits and dashes.', {exit: Exit.usage});
}
