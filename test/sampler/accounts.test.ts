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

  async function watched(token: string) {
    const host = new HostFolder();
    const accounts = {main: {running: true, connected: true, lifecycle: 'ready'}};
    const calls: unknown[] = [];
    const {port} = await gateway((frame, send) => {
      const params = frame['params'] as {auth?: {token: string}};
      if (frame['method'] === 'connect') calls.push(params.auth?.token);
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
    mkdirSync(join(host.folder, '.openclaw'));
    const config = join(host.folder, '.openclaw/openclaw.json');
    writeFileSync(config, JSON.stringify({gateway: {port, auth: {mode: 'token', token}}}));
    const main = idle();
    host.program('systemctl', `printf 'LoadState=loaded\\nActiveState=active\\nMainPID=${main.pid}\\n'`);
    const facts = runningPrimary();
    const sampler = new RunningSampler(
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
    );
    return {host, sampler, accounts, calls, gatewayProcess: main};
  }

  it('tells the accounts, and what changes about them, in lines that can be read', async () => {
    const {sampler, accounts, calls} = await watched(secret);
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
    const {sampler, calls} = await watched('a-wrong-token');
    const told = await sampler.line(/^accounts /, {withinMs: 10_000});
    expect(told).toBe('accounts {"known":false,"reason":"the gateway refuses: unauthorized"}');
    await sleep(4000);
    expect(calls).toHaveLength(1);
  });

  it('ends with the gateway', async () => {
    const {sampler, gatewayProcess} = await watched(secret);
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
