import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tls from 'node:tls';
import {afterEach, describe, expect, it} from 'vitest';
import type {ProbeEnd} from '../../../src/drill/probe/contract.js';
import {ircProbe} from '../../../src/drill/probe/irc.js';
import {IrcServer, type Options} from './irc-server.js';

const nonce = 'tovanilu';
let server: IrcServer;
afterEach(() => server?.stop().catch(() => undefined));

interface Asking {
  timeoutS?: number;
  signal?: AbortSignal;
  settings?: Record<string, string | number | boolean>;
}

async function ask({timeoutS = 8, signal, settings}: Asking = {}): Promise<{end: ProbeEnd; lines: string[]}> {
  const lines: string[] = [];
  const end = await ircProbe({nick: 'alice', timeoutS})({
    pair: 'home',
    nonce,
    bot: 'clawbak',
    channel: {
      type: 'irc',
      account: 'backup',
      settings: {host: '127.0.0.1', port: server.port, tls: false, nick: 'clawbak', ...settings},
    },
    signal: signal ?? new AbortController().signal,
    onLine: (line) => void lines.push(line),
  });
  return {end, lines};
}

async function chat(options: Options = {}): Promise<IrcServer> {
  server = await IrcServer.start(options);
  return server;
}

const echo = (text: string) => [
  `:clawbak!c@h PRIVMSG % :Here: ${/word (\w+)/.exec(text)?.[1]?.toUpperCase()}`,
];

describe('the bot is asked over IRC', () => {
  it('and its answer counts, with its times; then the nick is free again', async () => {
    (await chat()).bots.set('clawbak', (text) => [':clawbak!c@h PRIVMSG % :Let me see.', ...echo(text)]);
    const before = Date.now();
    const {end, lines} = await ask();
    expect(end).toMatchObject({ok: true, detail: 'clawbak: Here: TOVANILU'});
    if (!end.ok) return;
    expect(end.askedAtMs).toBeGreaterThanOrEqual(before);
    expect(end.answeredAtMs).toBeGreaterThanOrEqual(end.askedAtMs);
    expect(end.answeredAtMs).toBeLessThanOrEqual(Date.now());
    expect(lines).toEqual([
      'asks clawbak for the word tovanilu',
      'clawbak says without the word: Let me see.',
      'clawbak answers: Here: TOVANILU',
    ]);
    expect(server.heard).toEqual(
      expect.arrayContaining(['USER alice 0 * :alice', 'PONG :cookie', 'QUIT :Failover drill']),
    );
    expect(server.messages).toHaveLength(1);
    expect(server.nicks.size).toBe(0);
  });

  it('when it joins late', async () => {
    await chat();
    setTimeout(() => server.bots.set('clawbak', echo), 1000);
    const began = Date.now();
    const {end, lines} = await ask();
    expect(end.ok && end.askedAtMs - began).toBeGreaterThan(2500);
    expect(lines).toContain('clawbak is not there yet');
  });

  it('not by a nick that somebody else has', async () => {
    (await chat()).nicks.add('alice');
    const {end} = await ask();
    expect(end).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/nick alice is in use: another client/),
    });
  });

  it('not by a server that is going down', async () => {
    (await chat({hangsUp: true})).bots.set('clawbak', echo);
    const {end} = await ask();
    expect(end).toMatchObject({ok: false, reason: expect.stringMatching(/closed the connection/)});
    expect(!end.ok && end.detail).toMatch(/Server is going down/);
  });

  it('over a megabyte of garbage, which is dropped', async () => {
    const garbage = `${'\u0007:clawbak!c@h PRIVMSG alice :tovanilu '.repeat(27_000)}\r\n`;
    (await chat({greeting: garbage})).bots.set('clawbak', echo);
    const {end} = await ask();
    expect(end).toMatchObject({ok: true, detail: 'clawbak: Here: TOVANILU'});
  });

  it('and an answer without the word is none, but told, without what it would do to a terminal', async () => {
    (await chat()).bots.set('clawbak', () => [':clawbak!c@h NOTICE % :\x1b]0;x\x07not \x0304today']);
    const {end} = await ask({timeoutS: 1});
    expect(end).toMatchObject({ok: false, reason: 'clawbak did not answer with the word within 1 s.'});
    expect(!end.ok && end.detail).toMatch(/^Last was said: not today/);
  });

  it('and a silent one is told who has to be let in', async () => {
    (await chat()).bots.set('clawbak', () => []);
    const {end} = await ask({timeoutS: 1});
    expect(!end.ok && end.detail).toMatch(/allowFrom has to let in alice!~alice@127\.0\.0\.1\.$/);
    expect(server.nicks.size).toBe(0);
  });

  it.each<[string, Options]>([
    ['before it is let in', {welcome: []}],
    ['while it waits for the answer', {}],
  ])('until it is stopped %s', async (_when, options) => {
    (await chat(options)).bots.set('clawbak', () => []);
    const began = performance.now();
    const {end} = await ask({signal: AbortSignal.timeout(400)});
    expect(end).toMatchObject({ok: false, reason: 'The probe was stopped before an answer came.'});
    expect(performance.now() - began).toBeLessThan(1500);
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('not at all when it was stopped before', async () => {
    await chat();
    await ask({signal: AbortSignal.abort()});
    expect(server.heard).toEqual([]);
  });

  it('not where nobody listens', async () => {
    await chat();
    const {port} = server;
    await server.stop();
    const {end} = await ask({settings: {port}});
    expect(end).toMatchObject({ok: false, reason: `The connection to 127.0.0.1:${port} failed.`});
    expect(!end.ok && end.detail).toMatch(/ECONNREFUSED/);
  });

  it('no longer than a server that takes no goodbye allows', async () => {
    const deaf = createServer((socket) => void socket.resume().on('error', () => undefined));
    deaf.listen(0, '127.0.0.1');
    await expect.poll(() => deaf.listening).toBe(true);
    await chat();
    const {port} = deaf.address() as AddressInfo;
    const began = performance.now();
    const {end} = await ask({timeoutS: 1, settings: {port}});
    expect(!end.ok && end.reason).toMatch(/did not let alice in within 1 s/);
    expect(performance.now() - began).toBeLessThan(3000);
    deaf.close();
  });
});

const canMakeKeys = spawnSync('openssl', ['version']).status === 0;

describe.runIf(canMakeKeys)('over TLS', () => {
  function pair(): {key: string; cert: string} {
    const folder = mkdtempSync(join(tmpdir(), 'probe-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`;
    execFileSync('openssl', words.split(' '), {stdio: 'ignore'});
    const made = {key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8')};
    rmSync(folder, {recursive: true});
    return made;
  }

  it('a certificate that nobody vouches for is refused, and nothing is said', async () => {
    (await chat({tls: pair()})).bots.set('clawbak', echo);
    const {end} = await ask({settings: {tls: true, host: 'localhost'}});
    expect(end).toMatchObject({
      ok: false,
      reason: `localhost:${server.port} could not be talked to over TLS.`,
    });
    expect(server.heard).toEqual([]);
  });

  it('so is a server without TLS', async () => {
    await chat({greeting: ':hub NOTICE * :hello\r\n'});
    const {end} = await ask({settings: {tls: true}});
    expect(!end.ok && end.reason).toMatch(/could not be talked to over TLS/);
  });

  it.runIf('setDefaultCACertificates' in tls)(
    'one that is trusted is talked to, by its name only',
    async () => {
      const made = pair();
      const trusted = tls.getCACertificates('default');
      tls.setDefaultCACertificates([...trusted, made.cert]);
      try {
        (await chat({tls: made})).bots.set('clawbak', echo);
        expect((await ask({settings: {tls: true, host: 'localhost'}})).end).toMatchObject({ok: true});
        const {end} = await ask({settings: {tls: true, host: '127.0.0.1'}});
        expect(!end.ok && end.detail).toMatch(/does not match certificate/);
      } finally {
        tls.setDefaultCACertificates(trusted);
      }
    },
  );
});
