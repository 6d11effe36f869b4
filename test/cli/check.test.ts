import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ServerChannel} from 'ssh2';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {newKey, startServer, type TestServer} from '../ssh/server.js';
import {runPiped} from './whole-program.js';

let home: string;
let servers: Record<'primary' | 'standby', TestServer>;

/** What the program asked of the hosts, in its own words: its log of every remote command. */
const asked = (pair: string) =>
  readFileSync(join(home, '.local/state/failover-wizard', pair, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as {host: string; command: string});

/** This machine as it is: neither a gateway nor a monitor. */
function runHere(command: string, channel: ServerChannel): boolean {
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    env: {PATH: process.env['PATH'], HOME: home},
  });
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, {end: false});
  child.stderr.pipe(channel.stderr, {end: false});
  channel.on('close', () => {
    try {
      process.kill(-child.pid!, 'SIGTERM');
    } catch {
      // It has ended.
    }
  });
  child.once('exit', (code) => channel.exit(code ?? 255));
  child.once('close', () => channel.end());
  return true;
}

function savePair(name: string, primaryAt: {port: number; fingerprint?: string}): void {
  const folder = join(home, '.config/failover-wizard/pairs', name);
  mkdirSync(folder, {recursive: true});
  const identityFile = join(home, 'key');
  const {port, fingerprint} = servers.standby;
  writeFileSync(
    join(folder, 'pair.json'),
    JSON.stringify({
      name,
      primary: {
        ssh: `root@127.0.0.1:${primaryAt.port}`,
        identityFile,
        ...(primaryAt.fingerprint && {hostKey: primaryAt.fingerprint}),
      },
      standby: {ssh: `root@127.0.0.1:${port}`, identityFile, hostKey: fingerprint},
      network: {kind: 'existing'},
      channel: {type: 'irc', account: 'backup'},
      model: {primary: 'stub/stub'},
    }),
  );
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
  const key = newKey();
  writeFileSync(join(home, 'key'), key.text, {mode: 0o600});
  const begin = () => startServer({authorized: [key.line], handle: runHere});
  servers = {primary: await begin(), standby: await begin()};
  savePair('whole', servers.primary);
  // Nobody listens there.
  savePair('half', {port: 1});
}, 30_000);
afterAll(async () => {
  await Promise.all([servers.primary.close(), servers.standby.close()]);
  rmSync(home, {recursive: true, force: true});
});

const run = (...args: string[]) => runPiped([...args, '--no-input'], {home});

describe('check over SSH', () => {
  it('tells as JSON what one look brought, with nothing but readings of both hosts', async () => {
    const {code, stdout} = await run('check', '--pair', 'whole', '--json');
    const report = JSON.parse(stdout) as Record<string, any>;
    expect(report).toMatchObject({pair: 'whole', exit: code, changes: {known: true}});
    // Nothing was ever set up here: setup has everything to do, and says what stands against it.
    expect(report.changes.count).toBeGreaterThan(10);
    expect(report.drift.standby).toMatchObject({known: false});
    const of = (id: string) => report.checks.filter((one: {id: string}) => one.id === id);
    expect(of('monitor')).toMatchObject([{host: 'standby', level: 'problem'}]);
    expect(of('told')).toMatchObject([{host: 'standby', level: 'tip'}]);
    expect(of('disk')).toMatchObject([
      {host: 'primary', says: expect.stringContaining('free on the primary') as string},
      {host: 'standby'},
    ]);
    expect(of('setup:gateway')).toMatchObject([{host: 'primary', level: 'problem'}]);
    expect(code).toBe(3);

    expect(existsSync(layout.etc)).toBe(false);
    const commands = asked('whole');
    expect(new Set(commands.map(({host}) => host))).toEqual(new Set(['primary', 'standby']));
    expect(new Set(commands.map(({command}) => command.split('\n')[0]))).toEqual(
      new Set(['read the facts of this host', 'sample this host']),
    );
  }, 60_000);

  it('a host that does not answer hides nothing of the other one', async () => {
    const {code, stdout} = await run('check', '--pair', 'half');
    expect(stdout).toMatch(/^failover-wizard check · half/);
    expect(stdout).toMatch(/Setup would change +\? not known: the primary was not read/);
    expect(stdout).toMatch(/\? not known: the primary was not read \([^]*\): split/);
    expect(stdout).toMatch(/▸ tip: Nobody is told/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(code).toBe(4);
  }, 60_000);

  it('without a name all pairs are checked: a line of JSON each, and the code of the one that is worst off', async () => {
    const {code, stdout} = await run('check', '--json');
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {pair: string; exit: number});
    expect(reports.map(({pair, exit}) => [pair, exit])).toEqual([
      ['half', 4],
      ['whole', 3],
    ]);
    expect(code).toBe(4);
  }, 60_000);

  it('a pair that is not there is a mistake of whoever asks', async () => {
    const {code, stderr} = await run('check', '--pair', 'nobody');
    expect(code).toBe(2);
    expect(stderr).toContain('There is: half, whole');
  }, 30_000);
});
