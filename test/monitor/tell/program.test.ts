import {execFileSync, spawn, type ChildProcess} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {Live} from '../../../src/monitor/ports.js';
import {layout} from '../../../src/templates/layout.js';
import {settings} from '../settings-of-tests.js';

let built: string;
let root: string;
let monitor: ChildProcess;
let primary: http.Server;
const closing: (() => void)[] = [];
const below = (file: string) => path.join(root, file);

beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'telling-built-'));
  await build({
    entryPoints: ['src/monitor/main.ts'],
    outfile: path.join(built, 'monitor.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
  });
  const unit = '#!/bin/sh\necho LoadState=loaded\necho ActiveState=inactive\necho Result=success\n';
  await writeFile(path.join(built, 'systemctl'), unit);
  await chmod(path.join(built, 'systemctl'), 0o755);
});
afterAll(() => rm(built, {recursive: true, force: true}));

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'telling-root-'));
  for (const folder of [layout.etc, layout.state, layout.run, layout.roleRun, layout.workRun])
    await mkdir(below(folder), {recursive: true});
  primary = http.createServer((_request, response) => response.end('{"ok":true,"status":"started"}'));
  const port = await listen(primary);
  const probe = {
    ...settings.probe,
    intervalMs: 1000,
    suspectIntervalMs: 1000,
    timeoutMs: 900,
    connectTimeoutMs: 300,
  };
  const own = {
    ...settings,
    primary: {address: '127.0.0.1', port},
    probe,
    holds: {...settings.holds, plainMs: 2000},
    witnesses: [{address: '127.0.0.2', port: 1}],
  };
  await writeFile(below(layout.monitorSettings), JSON.stringify({version: 1, ...own}));
});
afterEach(async () => {
  monitor.kill('SIGKILL');
  for (const close of closing.splice(0)) close();
  primary.closeAllConnections();
  primary.close();
  await rm(root, {recursive: true, force: true});
});

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

async function tellTo(url: string): Promise<void> {
  const targets = [
    {name: 'hook', kind: 'webhook', level: 'alert', url: 'FAILOVER_NOTIFY_HOOK_URL'},
    {name: 'ping', kind: 'ping', url: 'FAILOVER_NOTIFY_PING_URL', everyMs: 300_000},
  ];
  await writeFile(below(layout.notifySettings), JSON.stringify({version: 1, targets}));
  const lines = `FAILOVER_NOTIFY_HOOK_URL='${url}/hook?S3CRET'\nFAILOVER_NOTIFY_PING_URL='${url}/ping?S3CRET'\n`;
  await writeFile(below(layout.notifySecrets), lines);
}

const program = (...args: string[]) => [path.join(built, 'monitor.mjs'), '--root', root, ...args];
const env = () => ({PATH: `${built}:${process.env['PATH']}`});
function start(): {text: () => string} {
  monitor = spawn(process.execPath, program('run'), {env: env()});
  let text = '';
  for (const stream of [monitor.stdout, monitor.stderr]) stream?.on('data', (part) => (text += String(part)));
  return {text: () => text};
}
/** Not `execFileSync`: the servers of the test live in this process. */
async function run(...args: string[]): Promise<{code: number | null; stdout: string}> {
  const child = spawn(process.execPath, program(...args), {env: env()});
  let stdout = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return {code, stdout};
}
const live = async () => JSON.parse(await readFile(below(layout.live), 'utf8').catch(() => '{}')) as Live;
const role = () => readFile(below(layout.role), 'utf8').catch(() => '');

async function until<T>(read: () => Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  const endMs = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > endMs) throw new Error('it did not happen in time');
    await sleep(50);
  }
}
/** Processes that deliver for this root. */
const children = () =>
  execFileSync('ps', ['-eo', 'args'], {encoding: 'utf8'})
    .split('\n')
    .filter((line) => line.includes(root) && line.endsWith(' deliver'));

/** A server that takes messages, or accepts connections and never says a word. */
async function endpoint(
  port = 0,
): Promise<{port: number; messages: {event: string; id: string}[]; pings: number[]; close(): void}> {
  const messages: {event: string; id: string}[] = [];
  const pings: number[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      if (request.url?.startsWith('/ping')) pings.push(Date.now());
      else messages.push(JSON.parse(body) as {event: string; id: string});
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  closing.push(close);
  return {port: (server.address() as net.AddressInfo).port, messages, pings, close};
}

describe('row 71 of the fault matrix: whoever is told hangs', () => {
  test('the takeover is as quick as ever, the loop beats on, and the messages come when the way is free', async () => {
    const sockets: net.Socket[] = [];
    const hole = net.createServer((socket) => void sockets.push(socket.on('error', () => {})));
    const port = await listen(hole);
    await tellTo(`http://127.0.0.1:${port}`);
    const {text} = start();
    await until(async () => (await live()).probe?.class === 'ok');

    const goneMs = Date.now();
    primary.closeAllConnections();
    primary.close();
    await until(async () => (await role()).startsWith('active'));
    // What plain timers give it here is 2 s; the rest is probes, 1 s apart.
    expect(Date.now() - goneMs).toBeLessThan(6000);

    let most = 0;
    const beats = new Set<number>();
    for (let count = 0; count < 40; count += 1) {
      most = Math.max(most, children().length);
      beats.add((await live()).ms);
      await sleep(200);
    }
    expect(most).toBe(1);
    expect(beats.size).toBeGreaterThanOrEqual(7);
    expect((await live()).telling?.targets[0]).toMatchObject({waiting: expect.any(Number)});
    expect((await stat(below(layout.tellQueue))).size).toBeGreaterThan(100);

    for (const socket of sockets) socket.destroy();
    hole.close();
    const there = await endpoint(port);
    await until(async () => there.messages.some(({event}) => event === 'promoting'), 30_000);
    await until(async () => (await live()).telling?.targets[0]?.waiting === 0);
    const ids = there.messages.map(({id}) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const left = await Promise.all(
      [layout.events, layout.live, layout.tellQueue, layout.stateJson].map((file) =>
        readFile(below(file), 'utf8'),
      ),
    );
    expect(`${left.join()}${text()}`).not.toContain('S3CRET');
  }, 90_000);
});

describe('on a host', () => {
  test('"tell-test" says who has it and who has not, "status" shows it, and the ping goes out', async () => {
    const there = await endpoint();
    await tellTo(`http://127.0.0.1:${there.port}`);
    start();
    await until(async () => there.pings.length > 0);
    expect(await run('tell-test')).toEqual({code: 0, stdout: 'ok hook\nok ping\n'});
    expect(there.messages).toMatchObject([{event: 'test', title: 'A test message', pair: 'default'}]);
    expect((await run('status')).stdout).toMatch(/^told +hook: last at 20\S+$/m);

    there.close();
    const refused = 'the connection was refused (ECONNREFUSED)';
    expect(await run('tell-test')).toEqual({
      code: 1,
      stdout: `failed hook: ${refused}\nfailed ping: ${refused}\n`,
    });
  }, 60_000);

  test('SIGTERM ends the monitor at once although a server never answers', async () => {
    const hole = net.createServer((socket) => void socket.on('error', () => {}));
    closing.push(() => hole.close());
    await tellTo(`http://127.0.0.1:${await listen(hole)}`);
    start();
    await until(async () => children().length > 0);
    const ended = new Promise((resolve) => monitor.once('exit', resolve));
    const askedMs = Date.now();
    monitor.kill('SIGTERM');
    await ended;
    expect(Date.now() - askedMs).toBeLessThan(3000);
  }, 30_000);
});
