import {runBounded} from '../run-bounded.js';
import {parseOutcome, workMs, type Outcome, type Work} from './work.js';

/** How the child is started: this very program with another command. */
export type DeliverProgram = readonly [string, ...string[]];

export const ownProgram = (root: string): DeliverProgram => [
  process.execPath,
  ...process.execArgv,
  process.argv[1] ?? '',
  '--root',
  root,
  'deliver',
];

/** ms after which the child is ended from outside, whatever it waits for. */
const limitMs = workMs + 5_000;
const maxBytes = 64 * 1024;

/**
 * Delivers in a process of its own, so that names, TLS and hanging servers never touch the monitor's loop or its
 * memory. What it reported before it was ended counts.
 * A monitor that is told to end does not wait for a server somewhere. Resolves a moment after the limit at the latest; never rejects.
 */
export async function deliverInChild(
  program: DeliverProgram,
  work: Work,
  signal: AbortSignal,
  timeoutMs = limitMs,
): Promise<{outcomes: Outcome[]; problem: string | null}> {
  const ended = await runBounded(program, {timeoutMs, maxBytes, signal, stdin: JSON.stringify(work)});
  const outcomes = ended.stdout.split('\n').flatMap((line) => parseOutcome(line) ?? []);
  return {outcomes, problem: problemOf(ended)};
}

function problemOf({error, timedOut, tooLong, code}: Awaited<ReturnType<typeof runBounded>>): string | null {
  if (error !== undefined) return `the program that delivers cannot be started (${error})`;
  if (timedOut) return 'the program that delivers hung and was ended';
  if (tooLong) return 'the program that delivers printed too much';
  return code === 0 ? null : `the program that delivers ended with ${code ?? 'a signal'}`;
}
