import {runBounded} from '../../run-bounded.js';

/**
 * Runs an operator's program with the message on stdin; no word of it is in its argv. Everything it started ends
 * with the time. null: it exited with 0. Never throws.
 * @param timeoutMs for all of it
 */
export async function runCommand(path: string, stdin: string, timeoutMs: number): Promise<string | null> {
  const {code, error, timedOut} = await runBounded([path], {timeoutMs, maxBytes: 0, stdin, silent: true});
  if (timedOut) return `it did not end within ${Math.round(timeoutMs / 1000)} s`;
  if (error !== undefined) return `it cannot be started (${error})`;
  if (code === 0) return null;
  return code === null ? 'it was ended by a signal' : `exit code ${code}`;
}
