import {spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {expect} from 'vitest';
import type {Call, Machine, Program} from '../../../src/demo/systemd/machine.js';
import {Systemd} from '../../../src/demo/systemd/systemd.js';

const users: Readonly<Record<string, number>> = {
  root: 0,
  openclaw: 1001,
  'openclaw-monitor': 998,
  alice: 1000,
};

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * A host for its systemd: a folder, users in words only, real programs. What it runs finds the folder in ROOT, and
 * paths in its arguments are put into it.
 */
export class TestHost implements Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'sd-'));
  readonly systemd: Systemd;
  readonly told: string[] = [];
  rebooted = 0;

  constructor() {
    const passwd = Object.entries(users).map(([name, uid]) => {
      const home = uid === 0 ? '/root' : `/home/${name}`;
      mkdirSync(this.root + home, {recursive: true});
      return `${name}:x:${uid}:${uid}::${home}:/bin/sh\n`;
    });
    this.file('/etc/passwd', passwd.join(''));
    this.file('/etc/hostname', 'standby\n');
    this.systemd = new Systemd(this);
  }

  spawn(
    argv: readonly string[],
    {user, env, cwd}: {user: string; env: Readonly<Record<string, string>>; cwd?: string},
  ) {
    const [program = '', ...rest] = argv.map((word) => this.#real(word));
    return spawn(program, rest, {
      env: {...env, PATH: `${this.root}/bin:${env['PATH']}`, ROOT: this.root, RUNS_AS: user},
      cwd: cwd === undefined ? '/' : this.root + cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #real = (word: string) =>
    /^\/(?:srv|run|etc|var|home|opt|usr\/local)\//.test(word) ? this.root + word : word;
  uidOf = (user: string) => users[user];
  began = (unit: string, pid: number) => void this.told.push(`began ${unit} ${pid > 0}`);
  gone = (unit: string, pid: number) => void this.told.push(`gone ${unit} ${pid > 0}`);
  reboot = () => {
    this.rebooted += 1;
  };

  file(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.root + path), {recursive: true});
    writeFileSync(this.root + path, text);
    chmodSync(this.root + path, mode);
  }

  read = (path: string): string => readFileSync(this.root + path, 'utf8');
  has = (path: string): boolean => existsSync(this.root + path);

  /** A unit file, and a script for it where there is one: `/srv/NAME`. */
  unit(name: string, lines: readonly string[], script?: string): void {
    this.file(`/etc/systemd/system/${name}`, `${lines.join('\n')}\n`);
    if (script !== undefined) this.file(`/srv/${name.split('.')[0]}`, `#!/bin/sh\n${script}\n`, 0o755);
  }

  /** A service with a script of its own. */
  service(name: string, lines: readonly string[], script: string): void {
    this.unit(
      `${name}.service`,
      [
        '[Unit]',
        `Description=The ${name}`,
        'StartLimitIntervalSec=0',
        '[Service]',
        `ExecStart=/srv/${name}`,
        ...lines,
      ],
      script,
    );
  }

  async ask(
    program: Program,
    argv: readonly string[],
    {signal = new AbortController().signal, ...call}: Partial<Call> & {signal?: AbortSignal} = {},
  ): Promise<Said> {
    const said: Said = {code: 0, stdout: '', stderr: ''};
    said.code = await this.systemd.call(
      {program, argv: [...argv], user: 'root', env: {}, pid: process.pid, ...call},
      {stdout: (text) => void (said.stdout += text), stderr: (text) => void (said.stderr += text)},
      signal,
    );
    return said;
  }

  /** `systemctl WORDS`, and what it prints, without the last newline. */
  async ctl(...argv: string[]): Promise<string> {
    return (await this.ask('systemctl', argv)).stdout.trimEnd();
  }

  get = (unit: string, property: string) => this.ctl('show', '--value', '-p', property, unit);

  /** Waits until a property of a unit is that. */
  async until(unit: string, property: string, value: string | RegExp): Promise<void> {
    await expect
      .poll(() => this.get(unit, property), {timeout: 15_000, interval: 20})
      .toEqual(typeof value === 'string' ? value : expect.stringMatching(value));
  }

  async untilFile(path: string, text: string | RegExp): Promise<void> {
    await expect
      .poll(() => (this.has(path) ? this.read(path) : ''), {timeout: 15_000, interval: 20})
      .toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
  }

  async end(): Promise<void> {
    await this.systemd.shutdown();
    rmSync(this.root, {recursive: true, force: true});
  }
}
