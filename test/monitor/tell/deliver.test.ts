import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {carryOut} from '../../../src/monitor/tell/deliver/deliver.js';
import {retryAfter} from '../../../src/monitor/tell/deliver/post.js';
import {parseSecrets} from '../../../src/monitor/tell/deliver/secrets.js';
import type {Target} from '../../../src/monitor/tell/targets.js';
import type {Outcome} from '../../../src/monitor/tell/work.js';
import {silentPort} from '../silent-port.js';
import {messageNo} from './given.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deliver-'));
});
afterAll(() => rmSync(folder, {recursive: true}));
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A server on loopback; `answer` gets each request once its body is there. */
async function server(
  answer: (response: http.ServerResponse, seen: Seen, count: number) => void,
  tls?: https.ServerOptions,
): Promise<{url: string; seen: Seen[]}> {
  const seen: Seen[] = [];
  const listener: http.RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const one = {method: request.method ?? '', url: request.url ?? '', headers: request.headers, body};
      seen.push(one);
      response.on('error', () => {});
      answer(response, one, seen.length);
    });
  };
  const made = tls ? https.createServer(tls, listener) : http.createServer(listener);
  made.on('connection', (socket: net.Socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    made.closeAllConnections();
    made.close();
  });
  const {port} = made.address() as net.AddressInfo;
  return {url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook/S3CRET`, seen};
}

const hook: Target = {name: 'hook', kind: 'webhook', level: 'alert', url: 'HOOK'};

async function deliver(
  url: string,
  {target = hook, count = 1, limitMs = 3000, eachMs = 1000, runMs = 1000} = {},
) {
  const outcomes: Outcome[] = [];
  const startedMs = performance.now();
  const messages = Array.from({length: count}, (_, index) => messageNo(index + 1));
  const secrets = new Map([
    ['HOOK', url],
    ['TOPIC', 'claw-7f3a'],
    ['TOKEN', 'tk_1'],
  ]);
  const work =
    target.kind === 'ping'
      ? {jobs: [], pings: [target.name]}
      : {jobs: [{target: target.name, messages}], pings: []};
  await carryOut(work, [target], secrets, (outcome) => outcomes.push(outcome), {limitMs, eachMs, runMs});
  return {outcomes, tookMs: performance.now() - startedMs};
}
const ok = (response: http.ServerResponse) => response.end('ok');

describe('a webhook', () => {
  it('gets JSON with the message, a text for chats, and an id to know a second copy by', async () => {
    const {url, seen} = await server(ok);
    const {outcomes} = await deliver(url);
    expect(outcomes).toEqual([{target: 'hook', id: 'b-1', ok: true}]);
    expect(seen[0]).toMatchObject({method: 'POST', url: '/hook/S3CRET'});
    expect(seen[0]?.headers).toMatchObject({'content-type': 'application/json', 'idempotency-key': 'b-1'});
    expect(JSON.parse(seen[0]!.body)).toMatchObject({
      ...messageNo(1),
      text: 'Title 1 (pair default, told by h)\nWhat 1.\nWhy: Why.\nWhat to do: Advice.',
    });
  });

  it.each([
    [500, {}, {error: 'HTTP 500', refused: false, askedMs: 0}],
    [429, {'retry-after': '120'}, {error: 'HTTP 429', refused: false, askedMs: 120_000}],
    [404, {}, {error: 'HTTP 404', refused: true, askedMs: 0}],
    [
      301,
      {location: 'http://127.0.0.1:1/'},
      {error: 'HTTP 301; redirects are not followed', refused: true, askedMs: 0},
    ],
  ])('that says %i has not taken it, and the rest waits', async (status, headers, expected) => {
    const {url, seen} = await server((response) => response.writeHead(status, headers).end());
    const {outcomes} = await deliver(url, {count: 3});
    expect(outcomes).toEqual([{target: 'hook', id: 'b-1', ok: false, ...expected}]);
    expect(seen).toHaveLength(1);
  });

  it('that takes one and then fails is asked for no more', async () => {
    const {url} = await server((response, _seen, count) => response.writeHead(count < 3 ? 204 : 503).end());
    const {outcomes} = await deliver(url, {count: 5});
    expect(outcomes.map(({ok: taken}) => taken)).toEqual([true, true, false]);
  });

  it('whose answer drips for ever, or has no end, has taken it with the first line', async () => {
    const {url} = await server((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'.repeat(100_000)), 5);
      response.on('close', () => clearInterval(drip));
    });
    const {outcomes, tookMs} = await deliver(url);
    expect(outcomes[0]?.ok).toBe(true);
    expect(tookMs).toBeLessThan(800);
  });

  it.each([
    ['never answers', () => {}],
    [
      'drips its first line',
      (socket: net.Socket) => {
        const drip = setInterval(() => socket.write('H'), 200);
        socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('that %s costs its time and no more', async (_what, answer) => {
    const made = net.createServer((socket) => {
      socket.on('error', () => {});
      answer(socket);
    });
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    closing.push(() => made.close());
    const {outcomes, tookMs} = await deliver(
      `http://127.0.0.1:${(made.address() as net.AddressInfo).port}/`,
      {
        count: 3,
        eachMs: 600,
      },
    );
    expect(outcomes).toEqual([
      {
        target: 'hook',
        id: 'b-1',
        ok: false,
        error: expect.stringMatching(/^no answer within|HPE_/),
        refused: false,
        askedMs: 0,
      },
    ]);
    expect(tookMs).toBeLessThan(1000);
  });

  it('on a host that drops every packet is given up in time', async () => {
    const silent = await silentPort();
    closing.push(() => silent.close());
    const {outcomes, tookMs} = await deliver(`http://127.0.0.1:${silent.port}/`, {eachMs: 500});
    expect(outcomes[0]).toMatchObject({ok: false, error: 'no answer within 0.5 s'});
    expect(tookMs).toBeLessThan(900);
  });

  it.each([
    ['http://127.0.0.1:1/', /^the connection was refused .ECONNREFUSED.$/],
    ['http://no-such-name.invalid/', /cannot be resolved/],
    ['ftp://127.0.0.1/', 'HOOK in notify.env is missing, or is not an http or https URL'],
  ])('at %s fails with a reason', async (url, error) => {
    const {outcomes} = await deliver(url, {eachMs: 2500});
    expect(outcomes[0]).toMatchObject({ok: false, error: expect.stringMatching(error)});
  });

  it('with a header of a megabyte fails like any other', async () => {
    const made = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1 << 20)}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    closing.push(() => made.close());
    const {outcomes} = await deliver(`http://127.0.0.1:${(made.address() as net.AddressInfo).port}/`);
    expect(outcomes[0]).toMatchObject({ok: false, error: 'HPE_HEADER_OVERFLOW'});
  });

  it('that nobody vouches for is not told anything', async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key!,
        '-out',
        cert!,
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
      ],
      {stdio: 'ignore'},
    );
    const {url, seen} = await server(ok, {key: readFileSync(key!), cert: readFileSync(cert!)});
    const {outcomes} = await deliver(url);
    expect(outcomes[0]).toMatchObject({ok: false, error: 'TLS: DEPTH_ZERO_SELF_SIGNED_CERT'});
    expect(seen).toEqual([]);
  });

  it('is in no reason with its URL', async () => {
    const {url} = await server((response) => response.writeHead(500).end('S3CRET'));
    const tries = await Promise.all(
      [url, 'http://127.0.0.1:1/S3CRET', 'https://127.0.0.1:1/S3CRET', 'nonsense S3CRET'].map((one) =>
        deliver(one),
      ),
    );
    expect(JSON.stringify(tries)).not.toContain('S3CRET');
  });
});

describe('ntfy', () => {
  it('is told by JSON, so that the topic is in no URL', async () => {
    const {url, seen} = await server(ok);
    const target: Target = {
      name: 'ntfy',
      kind: 'ntfy',
      level: 'alert',
      server: new URL(url).origin,
      topic: 'TOPIC',
      token: 'TOKEN',
    };
    expect((await deliver(url, {target})).outcomes[0]?.ok).toBe(true);
    expect(seen[0]).toMatchObject({method: 'POST', url: '/'});
    expect(seen[0]?.headers.authorization).toBe('Bearer tk_1');
    expect(JSON.parse(seen[0]!.body)).toEqual({
      topic: 'claw-7f3a',
      title: 'Title 1 (pair default, told by h)',
      message: 'What 1.\nWhy: Why.\nWhat to do: Advice.',
      priority: 4,
      tags: ['warning'],
    });
  });
  it('without its topic says which line is missing', async () => {
    const target: Target = {
      name: 'ntfy',
      kind: 'ntfy',
      level: 'alert',
      server: 'http://127.0.0.1:1',
      topic: 'NOPE',
    };
    expect((await deliver('', {target})).outcomes[0]).toMatchObject({error: 'NOPE is not in notify.env'});
  });
});

describe('the dead-man ping', () => {
  const target: Target = {name: 'ping', kind: 'ping', url: 'HOOK', everyMs: 60_000};
  it('is one GET', async () => {
    const {url, seen} = await server(ok);
    expect((await deliver(url, {target})).outcomes).toEqual([{target: 'ping', id: 'ping', ok: true}]);
    expect(seen).toMatchObject([{method: 'GET', url: '/hook/S3CRET', body: ''}]);
  });
  it('is not answered by an error', async () => {
    const {url} = await server((response) => response.writeHead(410).end());
    expect((await deliver(url, {target})).outcomes[0]).toMatchObject({ok: false, error: 'HTTP 410'});
  });
});

describe('a command', () => {
  function program(name: string, text: string): Target {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return {name: 'command', kind: 'command', level: 'alert', path: file};
  }
  it('gets the message on stdin, and nothing in its argv or environment', async () => {
    const out = path.join(folder, 'out');
    const target = program('tell', `{ cat; echo "args $#"; env; } > ${out}`);
    process.env['S3CRET_OF_THE_MONITOR'] = 'x';
    const {outcomes} = await deliver('', {target});
    delete process.env['S3CRET_OF_THE_MONITOR'];
    expect(outcomes).toEqual([{target: 'command', id: 'b-1', ok: true}]);
    const [message = '', args, ...env] = readFileSync(out, 'utf8').trim().split('\n');
    expect(JSON.parse(message)).toMatchObject(messageNo(1));
    expect(args).toBe('args 0');
    expect(env.map((line) => line.split('=')[0]).toSorted()).toEqual(expect.arrayContaining(['PATH', 'PWD']));
    expect(env.join()).not.toContain('S3CRET');
  });
  it.each([
    ['fails', 'exit 3', 'exit code 3'],
    ['reads nothing and fails', 'exec <&-; exit 1', 'exit code 1'],
  ])('that %s has not taken it', async (_what, text, error) => {
    expect((await deliver('', {target: program('fails', text)})).outcomes[0]).toMatchObject({
      ok: false,
      error,
    });
  });
  it('that is not there cannot be started', async () => {
    const target: Target = {name: 'command', kind: 'command', level: 'alert', path: '/nowhere/tell'};
    expect((await deliver('', {target})).outcomes[0]).toMatchObject({error: 'it cannot be started (ENOENT)'});
  });
  it('that hangs is ended with everything it started', async () => {
    const pid = path.join(folder, 'pid');
    const target = program('hangs', `sleep 60 & echo $! > ${pid}; wait`);
    const {outcomes, tookMs} = await deliver('', {target, runMs: 500});
    expect(outcomes[0]).toMatchObject({ok: false, error: expect.stringMatching(/did not end/)});
    expect(tookMs).toBeLessThan(1500);
    const left = Number(readFileSync(pid, 'utf8'));
    await expect.poll(() => isRunning(left), {timeout: 2000}).toBe(false);
  });
  it('is not started where it could not have its time whole; what waits goes with the next delivery', async () => {
    const target = program('slow', 'sleep 0.4');
    const {outcomes} = await deliver('', {target, count: 3, limitMs: 1000, runMs: 700});
    expect(outcomes).toEqual([{target: 'command', id: 'b-1', ok: true}]);
  });
  it('that prints without end, or leaves something in the background, is none the worse', async () => {
    const target = program('prints', 'head -c 5000000 /dev/zero; sleep 1 & exit 0');
    const {outcomes, tookMs} = await deliver('', {target});
    expect(outcomes[0]?.ok).toBe(true);
    expect(tookMs).toBeLessThan(900);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('several targets', () => {
  it('are told at the same time: one that hangs holds up no other', async () => {
    const silent = await silentPort();
    closing.push(() => silent.close());
    const {url} = await server(ok);
    const outcomes: [string, number][] = [];
    const startedMs = performance.now();
    await carryOut(
      {
        jobs: [
          {target: 'slow', messages: [messageNo(1), messageNo(2)]},
          {target: 'quick', messages: [messageNo(1)]},
        ],
        pings: ['gone'],
      },
      [
        {...hook, name: 'slow', url: 'SLOW'},
        {...hook, name: 'quick', url: 'QUICK'},
      ] as Target[],
      new Map([
        ['SLOW', `http://127.0.0.1:${silent.port}/`],
        ['QUICK', url],
      ]),
      ({target}) => outcomes.push([target, performance.now() - startedMs]),
      {limitMs: 2000, eachMs: 800},
    );
    expect(outcomes.map(([name]) => name)).toEqual(['quick', 'slow']);
    expect(outcomes[0]?.[1]).toBeLessThan(400);
    expect(performance.now() - startedMs).toBeLessThan(1200);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['Sun, 01 Mar 2026 02:01:00 GMT', 60_000],
    ['Sun, 01 Mar 2026 01:00:00 GMT', 0],
    ['soon', 0],
    [undefined, 0],
  ])('%s', (text, ms) => expect(retryAfter(text, Date.parse('2026-03-01T02:00:00Z'))).toBe(ms));
});

describe('the file of secrets', () => {
  it('is read as setup writes it, whatever is in a value', () => {
    const text = [
      '# header',
      'A=plain',
      "B='https://x/?a=1&b=#2'",
      "C=`it's`",
      'D="`\'"',
      'E=a=b',
      'bad line',
      '',
    ].join('\n');
    expect([...parseSecrets(text)]).toEqual([
      ['A', 'plain'],
      ['B', 'https://x/?a=1&b=#2'],
      ['C', "it's"],
      ['D', "`'"],
      ['E', 'a=b'],
    ]);
  });
});
