import {spawn as spawnChild} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {Terminal} from '@xterm/headless';
import {spawn as spawnPty} from '@lydell/node-pty';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = ['--import', 'tsx', fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Surroundings {
  /** The operator's home: nothing of the real one is read. */
  home: string;
  env?: Record<string, string>;
}

function environment({home, env}: Surroundings): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TERM: 'xterm-256color',
    NODE_ENV: 'production',
    ...env,
  };
}

/** The program with pipes, as a script would run it. */
export async function runPiped(args: string[], around: Surroundings & {nodeArgs?: string[]}): Promise<Ended> {
  const child = spawnChild(process.execPath, [...(around.nodeArgs ?? []), ...main, ...args], {
    cwd: root,
    env: environment(around),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {code, stdout, stderr};
}

/** The program on a terminal of its own, as an operator sees it. */
export class OnTerminal {
  readonly #pty;
  readonly #screen = new Terminal({cols: 80, rows: 24, allowProposedApi: true});
  readonly ended: Promise<number>;

  constructor(args: string[], around: Surroundings) {
    this.#pty = spawnPty(process.execPath, [...main, ...args], {
      cols: 80,
      rows: 24,
      cwd: root,
      env: environment(around),
    });
    this.#pty.onData((data) => this.#screen.write(data));
    this.ended = new Promise((resolve) => {
      // The emulator reads behind: its last lines are there once an empty write has come through.
      this.#pty.onExit(({exitCode, signal}) =>
        this.#screen.write('', () => resolve(signal ? -signal : exitCode)),
      );
    });
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** Everything on the screen and above it, without trailing blanks. */
  text(): string {
    const {active} = this.#screen.buffer;
    const lines = Array.from(
      {length: active.length},
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  }

  /** Waits until the screen shows it. ms */
  async sees(what: RegExp, limitMs = 15_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!what.test(this.text())) {
      if (performance.now() > deadline) throw new Error(`never saw ${what}; the screen was:\n${this.text()}`);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}
