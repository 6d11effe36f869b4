import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {MonitoredStandby} from '../monitored-standby.js';
import {runPiped} from '../whole-program.js';

let home: string;
let standby: MonitoredStandby;
let answers: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
  standby = await MonitoredStandby.start();
  const keyFile = join(home, 'key');
  writeFileSync(keyFile, standby.key.text, {mode: 0o600});
  answers = join(home, 'pair.json');
  const {port, fingerprint} = standby.server;
  const file = {
    // Nobody listens there: the primary is gone.
    primary: {ssh: 'root@127.0.0.1:1', identityFile: keyFile},
    standby: {ssh: `root@127.0.0.1:${port}`, identityFile: keyFile, hostKey: fingerprint},
    channel: {type: 'irc', account: 'backup'},
    model: {primary: 'stub/stub'},
  };
  writeFileSync(answers, JSON.stringify(file));
}, 30_000);
afterAll(async () => {
  await standby.stop();
  rmSync(home, {recursive: true, force: true});
});

const run = (...args: string[]) => runPiped(['upgrade', ...args, '--answers', answers, '--no-input'], {home});

describe('an upgrade with a primary that is out of reach', () => {
  it('changes nothing, says why, and ends with 4', async () => {
    const {code, stderr} = await run('--yes');
    expect(stderr).toContain('The primary cannot be reached from here, so nothing was changed.');
    expect(stderr).toContain('Which OpenClaw the standby needs is the primary’s to say');
    expect(code).toBe(4);
  }, 20_000);
  it('tells the same as JSON, as its last line', async () => {
    const {code, stdout} = await run('--yes', '--json');
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as {type: string; error: {exit: number}};
    expect([last.type, last.error.exit, code]).toEqual(['error', 4, 4]);
  }, 20_000);
});

describe('the words of the command', () => {
  it('a pair that nobody has made is a usage error', async () => {
    const {code, stderr} = await runPiped(['upgrade', '--no-input'], {home});
    expect(stderr).toContain('There is no pair called default on this machine.');
    expect(code).toBe(2);
  });
});
