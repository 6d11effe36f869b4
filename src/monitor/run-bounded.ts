import {spawn} from 'node:child_process';

export interface BoundedRun {
  timeoutMs: number;
  /** Bytes kept of stdout, and of the end of stderr. */
  maxBytes: number;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Text for its stdin; default: an empty one. */
  stdin?: string;
  /** Its output is nobody's business: not read, and what it left in the background is not waited for. */
  silent?: boolean;
}

/** How a program ended. */
export interface Ended {
  /** null: ended by a signal, or never started. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Killed because its time was over. */
  timedOut: boolean;
  /** It printed more than `maxBytes`, and was killed for it. */
  tooLong: boolean;
  /** Why it could not be started, e.g. `ENOENT`. */
  error?: string;
}

/** ms that a killed program may take to be gone; one that hangs in the kernel is not waited for. */
const graceMs = 200;

const silentOutput = ['ignore', 'ignore'] as const;
const pipedOutput = ['pipe', 'pipe'] as const;

/**
 * Runs a program with a process group of its own and next to no environment. The whole group is
 * killed when the time is over, when it prints too much or when the signal says so. Never throws.
 */
export function runBounded(
  [program, ...args]: readonly [string, ...string[]],
  {timeoutMs, maxBytes, signal, stdin, silent = false}: BoundedRun,
): Promise<Ended> {
  return new Promise((resolve) => {
    const ended: Ended = {code: null, stdout: '', stderr: '', timedOut: false, tooLong: false};
    if (signal?.aborted) return resolve(ended);
    const child = spawn(program, args, {
      detached: true,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', ...(silent ? silentOutput : pipedOutput)],
      env: {LC_ALL: 'C', PATH: process.env['PATH']},
    });
    let grace: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', kill);
      resolve(ended);
    };
    const kill = () => {
      if (grace !== undefined) return;
      grace = setTimeout(finish, graceMs);
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    };
    const timer = setTimeout(() => {
      ended.timedOut = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill, {once: true});
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      ended.stdout += part;
      if (ended.stdout.length <= maxBytes) return;
      ended.stdout = ended.stdout.slice(0, maxBytes);
      ended.tooLong = true;
      kill();
    });
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      ended.stderr = (ended.stderr + part).slice(-maxBytes);
    });
    // It need not read what it is given.
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    child.on('error', (error: NodeJS.ErrnoException) => {
      ended.error = error.code ?? 'ERROR';
      finish();
    });
    child.on('close', (code) => {
      ended.code = code;
      finish();
    });
  });
}
