import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {beforeAll, describe, expect, it} from 'vitest';
import {noFiles, type Files} from '../../src/channels/program/files.js';
import type {InputLines} from '../../src/channels/program/input.js';
import {parseTold} from '../../src/sampler/parse.js';
import {wayTo} from '../../src/sampler/program/reach.js';
import {reportOf} from '../../src/sampler/program/report.js';
import {samplerFor} from '../../src/sampler/script.js';
import {gateway} from '../monitor/gateway-socket.js';
import {runningPrimary} from '../phases/facts.js';
import {canRun, HostFolder, idle, RunningSampler} from './host-folder.js';

const secret = 'very-secret-token-0123456789';
const input = (values: Record<string, string>): InputLines =>
  Object.entries({key: 'none', user: 'root', home: '/h', ...values}).map(
    ([name, value]) => [name, Buffer.from(value).toString('base64')] as const,
  );
const configured = (config: object): Files => ({
  ...noFiles,
  read: (path) => {
    if (path === '/h/.openclaw/openclaw.json') return JSON.stringify(config);
    throw new Error('does not exist');
  },
});

describe('the way to a gateway', () => {
  it.each<[string, object, Record<string, string>, object]>([
    [
      'its token in the config',
      {gateway: {port: 4000, auth: {mode: 'token', token: secret}}},
      {},
      {token: secret, port: 4000, addresses: ['127.0.0.1']},
    ],
    [
      'a reference to its environment',
      {gateway: {auth: {token: '${GW}'}}},
      {environ: `GW=${secret}\0OPENCLAW_GATEWAY_PORT=5000\0`},
      {token: secret, port: 5000},
    ],
    [
      'its environment alone',
      {},
      {environ: `OPENCLAW_GATEWAY_TOKEN=${secret}\0`},
      {token: secret, port: 18_789},
    ],
    ['a password', {gateway: {auth: {mode: 'password', password: secret, token: 'x'}}}, {}, {token: secret}],
    [
      'a port among its words, which counts before all',
      {gateway: {port: 4000, auth: {token: secret}}},
      {argv: 'node\nindex.js\ngateway\n--port\n6000', environ: 'OPENCLAW_GATEWAY_PORT=5000\0'},
      {port: 6000},
    ],
    [
      'an address of its own, and those it listens on',
      {gateway: {bind: 'custom', customBindHost: '100.64.0.9', auth: {token: secret}}},
      {addresses: '0.0.0.0\n100.64.0.9\n192.0.2.1\nno address'},
      {addresses: ['127.0.0.1', '100.64.0.9', '192.0.2.1']},
    ],
    [
      'where it was seen listening, before loopback where it was not',
      {gateway: {auth: {token: secret}}},
      {addresses: '100.64.0.9'},
      {addresses: ['100.64.0.9', '127.0.0.1']},
    ],
    [
      'loopback first where it was seen there as well',
      {gateway: {auth: {token: secret}}},
      {addresses: '192.0.2.1\n::1\n127.0.0.1'},
      {addresses: ['::1', '127.0.0.1', '192.0.2.1']},
    ],
    ['all addresses', {gateway: {auth: {token: secret}}}, {addresses: '::'}, {addresses: ['127.0.0.1']}],
    [
      'no name, which may lead anywhere',
      {gateway: {bind: 'custom', customBindHost: 'gw.example.org', auth: {token: secret}}},
      {},
      {addresses: ['127.0.0.1']},
    ],
    ['none', {gateway: {auth: {mode: 'none'}}}, {}, {token: ''}],
    ['no token', {}, {}, {reason: 'the gateway has no token that could be read'}],
    [
      'a token of a program',
      {gateway: {auth: {token: {source: 'exec', provider: 'vault', id: 'x'}}}},
      {},
      {reason: expect.stringContaining('the program of secret provider "vault"')},
    ],
  ])('%s', (_name, config, values, way) => {
    expect(wayTo(input(values), configured(config))).toMatchObject(way);
  });
});

describe('the report of its accounts', () => {
  const answer = (accounts: object[]) => ({channelAccounts: {telegram: accounts}, other: secret});

  it('has what is judged, and nothing else', () => {
    const told = reportOf(
      answer([
        {
          accountId: 'main',
          running: true,
          connected: true,
          lifecycle: 'ready',
          tokenSource: 'config',
          nick: 'x',
        },
      ]),
      [],
      12.4,
    );
    expect(JSON.parse(told)).toEqual({
      known: true,
      tookMs: 12,
      channelAccounts: {telegram: [{accountId: 'main', running: true, connected: true, lifecycle: 'ready'}]},
    });
  });

  it('has no secret, though a chat service quotes the one it was asked with', () => {
    const told = reportOf(
      answer([
        {
          accountId: 'main',
          running: false,
          lastError: `https://api.example.org/bot${secret}/getMe failed\nat x`,
        },
      ]),
      [secret, 'on'],
      1,
    );
    expect(told).not.toContain(secret);
    expect(told).toContain('bot[redacted]/getMe failed at x');
  });

  it('is one line that is written in one piece, however many accounts there are', () => {
    const many = Array.from({length: 300}, (_, index) => ({
      accountId: `account-${index}`,
      enabled: true,
      running: true,
      lifecycle: 'recovering',
      lastError: 'x'.repeat(500),
    }));
    const told = reportOf(answer(many), [], 1);
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(4000);
    expect(
      (JSON.parse(told) as {channelAccounts: {telegram: []}}).channelAccounts.telegram.length,
    ).toBeGreaterThan(20);
  });

  it.each([undefined, null, 5, 'x', [], {}, {channelAccounts: 5}, {channelAccounts: {irc: {}}}])(
    'of garbage is empty: %j',
    (garbage) => {
      expect(JSON.parse(reportOf(garbage, [], 1))).toEqual({known: true, tookMs: 1, channelAccounts: {}});
    },
  );
});

describe.runIf(canRun)('the program that asks a running gateway, started by the sampler', () => {
  let program = '';
  beforeAll(async () => {
    const built = await build({
      entryPoints: [fileURLToPath(new URL('../../src/sampler/program/main.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      minify: true,
      write: false,
    });
    program = built.outputFiles[0]!.text;
  });

  interface Watched {
    token?: string;
    /** Where the gateway is to be found; otherwise one is started. */
    at?: number;
    /** ms until it answers */
    slowMs?: number;
    change?: (text: string) => string;
  }
  async function watched({token = secret, at, slowMs = 0, change = (text) => text}: Watched = {}) {
    const host = new HostFolder();
    const accounts = {main: {running: true, connected: true, lifecycle: 'ready'}};
    const calls: unknown[] = [];
    const started = await gateway(async (frame, send) => {
      const params = frame['params'] as {auth?: {token: string}};
      if (frame['method'] === 'connect') calls.push(params.auth?.token);
      await sleep(slowMs);
      const ok = frame['method'] !== 'connect' || params.auth?.token === secret;
      const list = Object.entries(accounts).map(([accountId, rest]) => ({accountId, ...rest}));
      send({
        type: 'res',
        id: frame['id'],
        ok,
        payload: {channelAccounts: {irc: list}},
        error: {message: 'unauthorized'},
      });
    });
    const port = at ?? started.port;
    mkdirSync(join(host.folder, '.openclaw'));
    const config = join(host.folder, '.openclaw/openclaw.json');
    writeFileSync(config, JSON.stringify({gateway: {port, auth: {mode: 'token', token}}}));
    const main = idle();
    host.program('systemctl', `printf 'LoadState=loaded\\nActiveState=active\\nMainPID=${main.pid}\\n'`);
    const facts = runningPrimary();
    const began = performance.now();
    const sampler = new RunningSampler(
      change(
        host.here(
          samplerFor(
            'primary',
            {
              ...facts,
              gateway: {
                known: true,
                value: {form: 'system-unit', unit: 'x.service', user: 'root', active: true, listeners: []},
              },
              users: {root: {...facts.users['openclaw']!, home: host.folder}},
              openclaw: {
                known: true,
                value: {
                  packageDir: '/x',
                  entry: '/x',
                  version: '1',
                  engines: '',
                  node: process.execPath,
                  nodeVersion: '24',
                },
              },
            },
            program,
          ),
        ),
      ),
    );
    return {host, sampler, accounts, calls, gatewayProcess: main, tookMs: () => performance.now() - began};
  }

  it('tells the accounts, and what changes about them, in lines that can be read', async () => {
    const {sampler, accounts, calls} = await watched();
    const first = await sampler.line(/^accounts /, {withinMs: 10_000});
    expect(parseTold(first)).toMatchObject({
      accounts: {known: true, accounts: [{account: 'main', state: 'connected'}]},
    });
    accounts.main = {running: true, connected: false, lifecycle: 'recovering'};
    const next = await sampler.line(/^accounts .*recovering/, {withinMs: 10_000});
    expect(parseTold(next)).toMatchObject({accounts: {accounts: [{account: 'main', state: 'unsteady'}]}});
    expect(new Set(calls)).toEqual(new Set([secret]));
    expect(sampler.lines.filter((line) => line.startsWith('accounts'))).toHaveLength(2);
    expect(sampler.lines.join('\n')).not.toContain(secret);
  });

  it('says once that the gateway refuses, and knocks no more for a while', async () => {
    const {sampler, calls} = await watched({token: 'a-wrong-token'});
    const told = await sampler.line(/^accounts /, {withinMs: 10_000});
    expect(told).toBe('accounts {"known":false,"reason":"the gateway refuses: unauthorized"}');
    await sleep(4000);
    expect(calls).toHaveLength(1);
  });

  it('is whole only with the first answer, and soon', async () => {
    const {sampler, tookMs} = await watched();
    await sampler.line(/^whole$/, {withinMs: 10_000});
    expect(tookMs()).toBeLessThan(3000);
    const kinds = sampler.lines.map((line) => line.split(' ')[0]);
    expect(kinds.indexOf('accounts')).toBeGreaterThan(0);
    expect(kinds.indexOf('accounts')).toBeLessThan(kinds.indexOf('whole'));
  });

  it('is whole after 6 s without an answer, and not before', async () => {
    const {sampler, tookMs} = await watched({
      change: (text) => text.replace(/^LOADER=.*$/m, "LOADER='setInterval(()=>0,1e6)'"),
    });
    await sampler.line(/^whole$/, {withinMs: 10_000});
    expect(tookMs()).toBeGreaterThan(5500);
    expect(tookMs()).toBeLessThan(8000);
    expect(sampler.lines.some((line) => line.startsWith('accounts'))).toBe(false);
  });

  it('is whole without an answer when the gateway ends meanwhile', async () => {
    const {sampler, host, gatewayProcess, tookMs} = await watched({slowMs: 20_000});
    await sampler.line(/^gateway running/);
    host.program('systemctl', `printf 'LoadState=loaded\\nActiveState=inactive\\nMainPID=0\\n'`);
    gatewayProcess.kill('SIGKILL');
    await sampler.line(/^whole$/, {withinMs: 10_000});
    expect(tookMs()).toBeLessThan(4000);
    expect(sampler.lines).toContain('accounts {"known":false,"reason":"the gateway does not run"}');
  });

  it('is whole at once when the program cannot run', async () => {
    const {sampler, tookMs} = await watched({
      change: (text) => text.replace(/^LOADER=.*$/m, "LOADER='process.exit(1)'"),
    });
    await sampler.line(/^whole$/, {withinMs: 10_000});
    expect(tookMs()).toBeLessThan(3000);
    expect(sampler.lines).toContain(
      'accounts {"known":false,"reason":"the program that asks the gateway ended by itself"}',
    );
  });

  it('lets the one who asks say nothing else, and be no clock', async () => {
    const lies = [
      'live none',
      'x[$(id)] y',
      'accounts not JSON',
      'accounts {"known":false,"reason":"x"}',
      'accountsx {}',
      '5',
      'x 9999999.99',
      '5 9999999.99',
    ];
    const {sampler} = await watched({
      change: (text) =>
        text.replace(
          /^LOADER=.*$/m,
          `LOADER='console.log(${JSON.stringify(lies.join('\n'))});setInterval(()=>0,1e6)'`,
        ),
    });
    await sampler.line(/^whole$/, {withinMs: 10_000});
    const from = sampler.lines.length;
    await sampler.line(/^clock /, {from});
    expect(sampler.lines.filter((line) => lies.includes(line))).toEqual([lies[3]]);
    expect(sampler.lines).not.toContain('end');
    expect(sampler.lines.filter((line) => line.startsWith('accounts'))).toEqual([lies[3]]);
  });

  it('gives its token to nobody else who listens in the place of the gateway', async () => {
    const thief = spawn(
      process.execPath,
      [
        '-e',
        `require('node:net').createServer((socket) => console.log('connected')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
      ],
      {uid: 65_534, gid: 65_534, stdio: ['ignore', 'pipe', 'inherit'], cwd: '/'},
    );
    try {
      let said = '';
      thief.stdout.on('data', (part) => (said += String(part)));
      await once(thief.stdout, 'data');
      const {sampler} = await watched({at: Number(said)});
      expect(await sampler.line(/^accounts /, {withinMs: 10_000})).toBe(
        `accounts {"known":false,"reason":"nobody of the gateway's user listens there"}`,
      );
      await sleep(2500);
      expect(said).toMatch(/^\d+\n$/);
    } finally {
      thief.kill('SIGKILL');
    }
  });

  it('ends with the gateway', async () => {
    const {sampler, gatewayProcess} = await watched();
    await sampler.line(/^accounts /, {withinMs: 10_000});
    expect(sampler.processes('\0--max-old-space-size=32')).toHaveLength(1);
    gatewayProcess.kill('SIGKILL');
    const deadline = performance.now() + 8000;
    // oxlint-disable-next-line no-await-in-loop
    while (sampler.processes('\0--max-old-space-size=32').length > 0 && performance.now() < deadline)
      await sleep(100);
    expect(sampler.processes('\0--max-old-space-size=32')).toEqual([]);
  });
});
