import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {aptScript} from '../../../src/plan/kinds/system.js';
import {localHost} from '../local-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-apt-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Programs named apt-get and dpkg that do what the test says; `sleep` is short. */
function programs(aptGet: string) {
  const write = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  write('apt-get', aptGet);
  write('dpkg', 'exit 0');
  write('sleep', 'exit 0');
  return localHost({PATH: `${folder}:${process.env.PATH}`, COUNT: join(folder, 'count')});
}
const locked =
  'echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 42 (unattended-upgr)" >&2; exit 100';

describe('apt', () => {
  it('waits while another program holds the lock, and says who', async () => {
    const host = programs(`echo x >> "$COUNT"; [ "$(wc -l < "$COUNT")" -ge 3 ] && exit 0; ${locked}`);
    const ran = await host.script({label: 'x', text: aptScript(['apt-get install -q x'])});
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('held by process 42 (unattended-upgr)');
    expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('x\nx\nx\n');
  });
  it('does not wait for anything else that fails', async () => {
    const host = programs('echo x >> "$COUNT"; echo "E: Unable to locate package x" >&2; exit 100');
    const ran = await host.script({
      label: 'x',
      text: aptScript(['apt-get install -q x', 'apt-get install -q y']),
    });
    expect([ran.code, readFileSync(join(folder, 'count'), 'utf8')]).toEqual([100, 'x\n']);
    expect(ran.stderr).toContain('Unable to locate package x');
  });
});
