import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Stand-ins that come first in PATH: each writes down its arguments, a line each call, and does what it is told. */
export class FakeBin {
  readonly folder = mkdtempSync(join(tmpdir(), 'drill-bin-'));
  readonly #log = join(this.folder, 'calls');

  constructor(programs: Readonly<Record<string, string>> = {}) {
    for (const [name, body] of Object.entries(programs)) this.put(name, body);
  }

  /** @param body more of the program; its stdin is kept beside it as `NAME.stdin` where it asks for that */
  put(name: string, body = ''): void {
    const path = join(this.folder, name);
    writeFileSync(
      path,
      // In one write: a script may call two of them at the same time.
      `#!/bin/sh\ncall=${name}; for a in "$@"; do call="$call <$a>"; done; printf '%s\\n' "$call" >>${this.#log}\n${body}\n`,
    );
    chmodSync(path, 0o755);
  }

  /** What was called, in order: `systemctl <stop> <openclaw.service>`. */
  get calls(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n') : [];
  }

  file(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** As a host runs a script: `sh -s`, with the text on stdin. `only`: no program of this machine beside these. */
  run(text: string, {only = false}: {only?: boolean} = {}) {
    const PATH = only ? this.folder : `${this.folder}:${process.env['PATH']}`;
    const ran = spawnSync('/bin/sh', ['-s'], {
      input: text,
      env: {PATH, SSH_CONNECTION: ''},
      encoding: 'utf8',
    });
    return {code: ran.status, stdout: ran.stdout, stderr: ran.stderr};
  }

  remove(): void {
    rmSync(this.folder, {recursive: true, force: true});
  }
}

/** A program of this machine under the stand-ins, where nothing else is in PATH. */
export const real = (...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const path = ['/bin', '/usr/bin'].map((at) => join(at, name)).find((each) => existsSync(each));
      return [name, `exec ${path} "$@"`];
    }),
  );
