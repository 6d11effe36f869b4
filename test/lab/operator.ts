// The operator's machine, as a script uses it: a home of its own, an answers file, secrets in the environment, and
// the built program as a child process.

import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {Answers} from '../../src/pair/schema.js';
import {lab} from './lab.js';

export const launcher = fileURLToPath(new URL('../../bin/failover-wizard.js', import.meta.url));

/** One line of `setup --json`; `type` decides what else is in it. */
export type Line = {type: string; elapsedMs: number} & Record<string, any>;

export interface Ended {
  /** 137 when it was killed. */
  code: number;
  stdout: string;
  stderr: string;
  lines: Line[];
  /** From start to end. */
  ms: number;
}

export class Operator {
  readonly folder = mkdtempSync(join(tmpdir(), 'failover-lab-'));
  readonly answersFile = join(this.folder, 'answers.json');
  readonly env: Record<string, string>;
  private readonly running = new Set<Run>();

  constructor(secrets: Record<string, string>) {
    mkdirSync(join(this.folder, 'home'));
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: join(this.folder, 'home'),
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_STATE_HOME: join(this.folder, 'state'),
      ...secrets,
    };
  }

  answer(answers: unknown): void {
    writeFileSync(this.answersFile, JSON.stringify(answers, null, 2));
  }

  /** Starts `failover-wizard ARGS --answers FILE --no-input`; deploy keys that it shows are let in by themselves. */
  start(...args: string[]): Run {
    const run = new Run(
      spawn(process.execPath, [launcher, ...args, '--answers', this.answersFile, '--no-input'], {
        cwd: this.folder,
        env: this.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    this.running.add(run);
    void run.ended.then(() => this.running.delete(run));
    return run;
  }

  /** Runs it to its end; after `limitMs` it is killed. */
  async run(args: string[], limitMs = 60_000): Promise<Ended> {
    const run = this.start(...args);
    const timer = setTimeout(() => run.kill(), limitMs);
    return run.ended.finally(() => clearTimeout(timer));
  }

  /** `setup --yes --json` to its end. */
  setup(limitMs = 900_000): Promise<Ended> {
    return this.run(['setup', '--yes', '--json'], limitMs);
  }

  dryRun(): Promise<Ended> {
    return this.run(['setup', '--dry-run', '--json'], 60_000);
  }

  audit(pair: string): {time: string; host: string; command: string}[] {
    const text = readFileSync(
      join(this.env['XDG_STATE_HOME']!, 'failover-wizard', pair, 'audit.jsonl'),
      'utf8',
    );
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** Every file that the program has written on the operator's machine, with its text. */
  files(): {path: string; text: string}[] {
    return ['config', 'state', 'home']
      .map((name) => join(this.folder, name))
      .flatMap((folder) =>
        readdirSync(folder, {recursive: true, withFileTypes: true})
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
      )
      .map((path) => ({path, text: readFileSync(path, 'latin1')}));
  }

  /** Ends what still runs and forgets the folder. */
  async leave(): Promise<void> {
    for (const run of this.running) run.kill();
    await Promise.all([...this.running].map((run) => run.ended));
    rmSync(this.folder, {recursive: true, force: true});
  }
}

export class Run {
  readonly lines: Line[] = [];
  readonly ended: Promise<Ended>;
  private stdout = '';
  private stderr = '';
  private over = false;
  private readonly watchers = new Set<() => void>();
  private readonly child: ChildProcess;

  constructor(child: ChildProcess) {
    this.child = child;
    const started = performance.now();
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    const reader = createInterface({input: child.stdout!});
    reader.on('line', (text) => this.take(text));
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.over = true;
        this.wake();
        const ms = Math.round(performance.now() - started);
        const {stdout, stderr, lines} = this;
        resolve({code: code ?? (signal === 'SIGKILL' ? 137 : 255), stdout, stderr, lines, ms});
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Ctrl+C. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /**
   * Waits for a line of `--json`, from those that came already on.
   * @throws when the program ends first, or the time is over; with the end of what it said
   */
  async line(wanted: (line: Line) => boolean, limitMs: number): Promise<Line> {
    const end = performance.now() + limitMs;
    for (;;) {
      const found = this.lines.find(wanted);
      if (found) return found;
      const left = end - performance.now();
      if (this.over || left <= 0) {
        throw new Error(
          `${this.over ? 'the program ended' : 'not within the limit'}; it said:\n${this.tail()}`,
        );
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.watchers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.watchers.add(wake);
      });
    }
  }

  tail(): string {
    return `${this.stdout.slice(-3000)}\n${this.stderr.slice(-1500)}`;
  }

  private take(text: string): void {
    this.stdout += `${text}\n`;
    let line: Line | undefined;
    try {
      line = JSON.parse(text);
    } catch {
      return;
    }
    this.lines.push(line!);
    if (line!.type === 'waiting' && String(line!['show']).startsWith('ssh-ed25519 ')) {
      void lab.gitAuthorize(line!['show']);
    }
    this.wake();
  }

  private wake(): void {
    for (const wake of this.watchers) wake();
  }
}

/** What a failed expectation about a run shows. */
export function said({code, stdout, stderr}: Ended): string {
  return `exit ${code}\n${stdout.slice(-3000)}\n${stderr.slice(-2000)}`;
}

/** The sentence of the error that ended a `--json` run, and its details. */
export function errorOf({lines}: Ended): {sentence: string; detail?: string; next: string[]; exit: number} {
  const found = lines.find(({type}) => type === 'error');
  if (!found) throw new Error('the run told no error');
  return found['error'];
}

export type {Answers};
