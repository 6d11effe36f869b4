import http from 'node:http';
import net from 'node:net';
import {afterEach, describe, expect, test} from 'vitest';
import {probeGateway, probePrimary} from '../../src/monitor/probe.js';
import {settings} from './settings-of-tests.js';
import {silentPort} from './silent-port.js';

const open: {close(): void}[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  open.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)),
  );
}
const serve = (answer: Answer) => listen(http.createServer(answer));
const talk = (answer: (socket: net.Socket) => void) => listen(net.createServer(answer));

// Short limits, so that a test of a time-out takes half a second.
const quick = {...settings.probe, connectTimeoutMs: 300, timeoutMs: 600};
const probe = (port: number, more: {address?: string; from?: string} = {}) =>
  probePrimary({...settings, probe: quick, primary: {address: '127.0.0.1', port, ...more}});

const json =
  (status: number, body: unknown): Answer =>
  (_request, response) => {
    response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
  };
const html: Answer = (_request, response) =>
  response.writeHead(200, {'content-type': 'text/html'}).end('<html>hello');

describe('a gateway as it is', () => {
  test.each([
    ['started', json(200, {ok: true, status: 'started'}), 'ok'],
    ['starting', json(503, {ok: false, status: 'starting'}), 'starting'],
    ['draining', json(503, {ok: false, status: 'draining'}), 'draining'],
    ['an error', json(500, {error: 'x'}), 'http-bad'],
    ['a 503 of somebody else', json(503, {}), 'http-bad'],
    ['unauthorised', json(401, {}), 'http-bad'],
    ['a word that is not known', json(200, {status: 'fine'}), 'wrong-service'],
  ] as const)('%s', async (_name, answer, expected) => {
    expect((await probe(await serve(answer))).class).toBe(expected);
  });

  test.each([
    ['404', json(404, {})],
    ['its HTML page', html],
  ])('an older one answers %s to /startupz and is asked at /healthz', async (_name, unknown) => {
    const asked: string[] = [];
    const port = await serve((request, response) => {
      asked.push(request.url!);
      (request.url === '/healthz' ? json(200, {ok: true, status: 'live'}) : unknown)(request, response);
    });
    expect((await probe(port)).class).toBe('ok');
    expect(asked).toEqual(['/startupz', '/healthz']);
  });
});

describe('something else on its port', () => {
  test('200 with HTML for every path', async () => {
    expect((await probe(await serve(html))).class).toBe('wrong-service');
  });

  test('a redirect is not followed', async () => {
    let followed = false;
    const target = await serve(() => (followed = true));
    const port = await serve((_request, response) =>
      response.writeHead(302, {location: `http://127.0.0.1:${target}/`}).end(),
    );
    expect(await probe(port)).toMatchObject({class: 'http-bad', detail: 'HTTP 302 at /startupz'});
    expect(followed).toBe(false);
  });

  test('an SSH banner', async () => {
    const port = await talk((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'));
    expect(await probe(port)).toMatchObject({class: 'wrong-service', detail: 'the answer is not HTTP'});
  });

  test('a body without end is cut, and memory stays flat', async () => {
    let sent = 0;
    const block = Buffer.alloc(1 << 20, 'x');
    const port = await serve((_request, response) => {
      response.writeHead(200, {'content-length': 1 << 30});
      const more = () => {
        while (!response.destroyed && response.write(block)) sent += block.length;
      };
      response.on('drain', more);
      response.on('error', () => {});
      more();
    });
    const before = process.memoryUsage().rss;
    expect((await probe(port)).class).toBe('wrong-service');
    expect(sent).toBeLessThan(64 << 20);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  });

  test('a header without end', async () => {
    const port = await talk((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const timer = setInterval(() => socket.write('x'.repeat(4096)), 5);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await probe(port)).class).toBe('wrong-service');
  });
});

describe('nothing, or nothing in time', () => {
  test('accepts and never answers', async () => {
    const port = await talk(() => {});
    const result = await probe(port);
    expect(result.class).toBe('hung');
    expect(result.tookMs).toBeGreaterThanOrEqual(590);
    expect(result.tookMs).toBeLessThan(900);
  });

  test('drips its body a byte at a time', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('{'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const result = await probe(port);
    expect(result.class).toBe('hung');
    expect(result.tookMs).toBeLessThan(900);
  });

  test('the second question has only the time that the first one left', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/startupz') setTimeout(() => html(request, response), 400);
    });
    const result = await probe(port);
    expect(result.class).toBe('hung');
    expect(result.tookMs).toBeLessThan(900);
  });

  test('a port nobody listens on', async () => {
    const port = await talk(() => {});
    for (const server of open.splice(0)) server.close();
    expect(await probe(port)).toMatchObject({class: 'refused', detail: 'ECONNREFUSED'});
  });

  test('a connection that is cut in the middle', async () => {
    const port = await talk((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect((await probe(port)).class).toBe('http-bad');
  });

  test('a listener whose queue is full: no connection in time', async () => {
    const silent = await silentPort();
    open.push(silent);
    const result = await probe(silent.port);
    expect(result).toMatchObject({class: 'unreachable', detail: 'no connection in time'});
    expect(result.tookMs).toBeLessThan(500);
  });

  test('an own address that this host does not have', async () => {
    const port = await serve(json(200, {status: 'started'}));
    expect(await probe(port, {from: '203.0.113.7'})).toMatchObject({
      class: 'own-network-bad',
      detail: 'EADDRNOTAVAIL',
    });
  });
});

test('the environment names a proxy: it is not used', async () => {
  const port = await serve(json(200, {status: 'started'}));
  process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:1';
  try {
    expect((await probe(port)).class).toBe('ok');
  } finally {
    delete process.env['HTTP_PROXY'];
    delete process.env['http_proxy'];
  }
});

describe("the standby's own gateway", () => {
  const own = (port: number) =>
    probeGateway({...settings, probe: quick, gateway: {address: '127.0.0.1', port}});

  test.each([
    ['ready', {ready: true}, 200, {live: true, ready: true}],
    ['not ready yet', {ready: false}, 503, {live: true, ready: false}],
    ['ready, says an error', {ready: true}, 500, {live: true, ready: false}],
  ] as const)('%s', async (_name, body, status, expected) => {
    const port = await serve((request, response) =>
      (request.url === '/healthz' ? json(200, {ok: true, status: 'live'}) : json(status, body))(
        request,
        response,
      ),
    );
    expect(await own(port)).toEqual(expected);
  });

  test('not there', async () => {
    expect(await own(1)).toEqual({live: false, ready: false});
  });

  test('an HTML page for everything is not a gateway', async () => {
    expect(await own(await serve(html))).toEqual({live: false, ready: false});
  });
});
