import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Takes the state folder for this process.
 * @returns what gives it back; or the process that has it
 */
export function lockState(stateDir: string): {release: () => void} | {holder: number} {
  const file = join(stateDir, 'gateway.lock');
  mkdirSync(stateDir, {recursive: true, mode: 0o700});
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}\n`, {flag: 'wx', mode: 0o600});
      return {release: () => rmSync(file, {force: true})};
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readPid(file);
    if (holder !== process.pid && holder > 0 && isGateway(holder)) return {holder};
    // Of one that was killed.
    rmSync(file, {force: true});
  }
}

function readPid(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}

/** Its number may be somebody else's by now. */
function isGateway(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openclaw');
  } catch {
    // Without /proc its number has to do.
    return true;
  }
}
