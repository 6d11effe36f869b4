import {execFile} from 'node:child_process';

/** How a program of this machine ended. */
export interface Said {
  ok: boolean;
  /** Why it is not there or gave no exit code, e.g. `ENOENT`; undefined: it ran to its end. */
  missing?: string;
  stdout: string;
  /** One line for a person: the end of stderr, or why it did not run. */
  why: string;
  stderr: string;
}

export interface ToolRun {
  stdin?: string;
  bytes?: boolean;
  timeoutMs?: number;
  /** Over the environment of this process. */
  env?: NodeJS.ProcessEnv;
}

/** ms; each of these answers at once, or hangs. */
const limitMs = 20_000;

/**
 * Runs a program without a shell, its time bounded, in English because its words are read. Never throws.
 * @param stdin its whole input; default: none
 * @param bytes stdin and stdout are bytes, one character for each (latin1): for what must come back as it was
 */
export function runTool(
  program: string,
  args: readonly string[],
  {stdin = '', bytes = false, timeoutMs = limitMs, env = {}}: ToolRun = {},
): Promise<Said> {
  const encoding = bytes ? 'latin1' : 'utf8';
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 4 * 1024 * 1024,
        encoding,
        env: {...process.env, ...env, LC_ALL: 'C'},
      },
      (error, stdout, stderr) => {
        const last = stderr.trim().split('\n').at(-1) ?? '';
        if (!error) return resolve({ok: true, stdout, stderr, why: last});
        const ended = typeof error.code === 'number';
        const missing = ended ? undefined : error.killed ? 'timeout' : String(error.code ?? error.signal);
        const why = {ENOENT: `there is no ${program}`, timeout: `${program} did not answer`}[missing ?? ''];
        resolve({
          ok: false,
          ...(missing !== undefined && {missing}),
          stdout,
          stderr,
          why: why ?? (last === '' ? `${program} ended with ${error.code ?? error.signal}` : last),
        });
      },
    );
    // It need not read what it is given.
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin, encoding);
  });
}
