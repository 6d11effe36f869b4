import {readdirSync, readFileSync} from 'node:fs';

/**
 * Processes that work on a rehearsal and are none of its own: failover-wizard in another terminal. Left alone, they would
 * write into a folder that is gone, and so make it again.
 * @returns PIDs, without those given
 */
export function processesNaming(folder: string, besides: readonly number[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => !besides.includes(pid) && isOf(folder, environmentOf(pid)));
}

/** What a rehearsal gives its programs; that somebody once stood in its folder (PWD, OLDPWD) makes nobody one of them. */
export function isOf(folder: string, environment: string): boolean {
  return environment
    .split('\0')
    .some(
      (entry) =>
        entry.startsWith(`HOME=${folder}/`) ||
        (/^FAILOVER_REHEARSAL(?:_NETWORK)?=/.test(entry) && entry.includes(`"${folder}/`)),
    );
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // It is gone, or somebody else's.
    return '';
  }
}
