import {spawn, type ChildProcess} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {afterEach} from 'vitest';
import type {Script} from '../../src/ssh/host.js';
import {layout} from '../../src/templates/layout.js';

/** Whether a sampler can be run here for real: it reads /proc and becomes other users. */
export const canRun = process.platform === 'linux' && userInfo().uid === 0;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

/** What stands for a host's own folders in a test, and programs that stand before its own ones. */
export class HostFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'sampler-'));
  readonly live = join(this.folder, 'live.json');
  readonly events = join(this.folder, 'events.jsonl');
  readonly workspace = join(this.folder, 'workspace');
  readonly config = join(this.folder, 'openclaw.json');
  readonly drill = join(this.folder, 'drill');

  constructor() {
    mkdirSync(join(this.folder, 'bin'));
    chmodSync(this.folder, 0o755);
    ends.push(() => rmSync(this.folder, {recursive: true, force: true}));
    this.program('systemctl', 'exit 1');
  }

  /** A program of the test, in sh. */
  program(name: string, text: string): void {
    writeFileSync(join(this.folder, 'bin', name), `#!/bin/sh\n${text}\n`, {mode: 0o755});
  }

  /** Makes the sampler of a host look into this folder. */
  here({text}: Script): string {
    return text
      .replace('PATH=/usr/local/sbin', `PATH=${join(this.folder, 'bin')}:/usr/local/sbin`)
      .replaceAll(layout.live, this.live)
      .replaceAll(layout.events, this.events)
      .replaceAll(layout.workspace, this.workspace)
      .replaceAll(layout.drillRun, this.drill)
      .replaceAll(layout.config, this.config);
  }
}

/** A script that runs with this machine's sh, and the lines it has said. */
export class RunningSampler {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  #rest = '';
  #wake = (): void => undefined;

  constructor(text: string) {
    this.child = spawn('sh', ['-c', text], {detached: true, stdio: ['ignore', 'pipe', 'inherit']});
    this.child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      const [...whole] = (this.#rest + part).split('\n');
      this.#rest = whole.pop() ?? '';
      this.lines.push(...whole);
      this.#wake();
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    ends.push(() => this.end());
  }

  /** Process ids of what it has started and that still runs; of those in whose command line a word stands. */
  processes(word = ''): string[] {
    return readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      try {
        const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return group === String(this.child.pid) && state !== 'Z' && words.includes(word);
      } catch {
        return false;
      }
    });
  }

  end(): void {
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }

  /** The first line from number `from` on that fits, as soon as there is one. */
  async line(fits: RegExp, {from = 0, withinMs = 5000} = {}): Promise<string> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = this.lines.slice(from).find((line) => fits.test(line));
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no line like ${fits} in:\n${this.lines.join('\n')}`);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** A process that does nothing, until it is killed. */
export function idle(): ChildProcess {
  const child = spawn('sleep', ['300'], {stdio: 'ignore'});
  ends.push(() => child.kill('SIGKILL'));
  return child;
}
