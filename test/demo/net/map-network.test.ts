import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import net, {type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest';
import {isCut, mapNetwork} from '../../../src/demo/net/map-network.js';
import {addresses, toReal, type Network, type Place} from '../../../src/demo/net/table.js';

const {primary, standby, hub} = addresses;
/** Two middle numbers per process that runs this. */
const [a, b] = [1 + (process.pid % 250), 1 + (Math.trunc(process.pid / 250) % 250)];

// The mapping changes every socket of the process; so that it ends with each test, what it changes is put back.
const socket = net.Socket.prototype as unknown as Record<string, unknown>;
const server = net.Server.prototype as unknown as Record<string, unknown>;
const originals = {
  connect: socket['connect'],
  peer: socket['_getpeername'],
  name: socket['_getsockname'],
  listen: server['listen'],
};

let folder: string;
let network: Network;
let open: {close(): unknown}[] = [];
const map = (at: Place, options: Parameters<typeof mapNetwork>[1] = {}) =>
  mapNetwork({...network, at}, options);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'net-'));
  network = {a, b, at: 'operator', state: join(folder, 'state')};
  mkdirSync(network.state);
});
afterEach(async () => {
  socket['connect'] = originals.connect;
  socket['_getpeername'] = originals.peer;
  socket['_getsockname'] = originals.name;
  server['listen'] = originals.listen;
  await Promise.all(open.map((one) => one.close()));
  open = [];
  rmSync(folder, {recursive: true, force: true});
});

interface Heard {
  from: string | undefined;
  at: string | undefined;
  port: number | undefined;
}

/** A server that says who called; on a real spot, as it stands outside of the mapping. */
async function answering(
  at: {address: string; port: number} | string,
): Promise<{port: number; heard: Heard[]}> {
  const heard: Heard[] = [];
  const one = net.createServer((client) => {
    heard.push({from: client.remoteAddress, at: client.localAddress, port: client.localPort});
    // Some callers leave without a word.
    client.on('error', () => undefined);
    client.end('hello');
  });
  if (typeof at === 'string') one.listen(at);
  else one.listen({host: at.address, port: at.port});
  await once(one, 'listening');
  open.push({close: () => new Promise((resolve) => one.close(resolve))});
  return {port: (one.address() as AddressInfo).port, heard};
}

const real = (address: string, port = 0, at: Place = 'operator') =>
  toReal({...network, at}, {address, port})!;

async function said(client: net.Socket): Promise<string> {
  let text = '';
  client.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(client, 'close');
  return text;
}

describe('a connection', () => {
  it('reaches an address of the rehearsal where it really is, and is told in its words', async () => {
    const {port} = await answering(real(primary.public));
    map('operator');
    const client = net.connect({host: primary.public, port});
    await once(client, 'connect');
    expect(client.remoteAddress).toBe(primary.public);
    expect(client.remotePort).toBe(port);
    expect(await said(client)).toBe('hello');
  });

  it('may be asked for in each of Node’s ways', async () => {
    const {port, heard} = await answering(real(hub));
    map('operator');
    const connected = new Promise<void>((resolve) => {
      open.push({close: () => undefined});
      const first = net.connect(port, hub, resolve);
      first.resume();
    });
    await connected;
    expect(await said(net.createConnection({host: hub, port, autoSelectFamily: true}))).toBe('hello');
    expect(await said(new net.Socket().connect(port, hub))).toBe('hello');
    expect(await said(new net.Socket().connect({host: hub, port}))).toBe('hello');
    expect(heard).toHaveLength(4);
  });

  it('below port 1024 goes to the port that takes no privileges', async () => {
    const {heard} = await answering(real(primary.public, 22));
    map('operator');
    const client = net.connect({host: primary.public, port: 22});
    await once(client, 'connect');
    expect(client.remotePort).toBe(22);
    expect(await said(client)).toBe('hello');
    // The server is of this process too, and hears it in the rehearsal’s words.
    expect(heard[0]).toMatchObject({at: primary.public, port: 22});
  });

  test.each([
    ['standby', primary.private, standby.private],
    ['standby', primary.public, standby.public],
    ['primary', hub, primary.public],
  ] as const)('of the %s to %s comes from %s', async (at, to, from) => {
    const {port, heard} = await answering(real(to));
    map(at);
    const client = net.connect({host: to, port});
    await once(client, 'connect');
    expect(client.localAddress).toBe(from);
    await said(client);
    expect(heard[0]?.from).toBe(from);
  });

  it('to a host’s own loopback stays on that host', async () => {
    const {port} = await answering(real('127.0.0.1', 0, 'standby'));
    map('standby');
    expect(await said(net.connect({host: 'localhost', port}))).toBe('hello');
    expect(await said(net.connect(port))).toBe('hello');
  });

  it('to anybody else is what it was', async () => {
    const {port} = await answering({address: '127.0.0.1', port: 0});
    map('operator');
    expect(await said(net.connect({host: '127.0.0.1', port}))).toBe('hello');
    expect(await said(net.connect(port, '127.0.0.1'))).toBe('hello');
  });

  it('where nobody listens is refused', async () => {
    const {port} = await answering(real(primary.private));
    await open.pop()!.close();
    map('standby');
    const [error] = (await once(net.connect({host: primary.private, port}), 'error')) as [
      Error & {code: string},
    ];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('what is sent to nobody', () => {
  const swallows = async (host: string, port: number) => {
    const client = net.connect({host, port});
    const what = await Promise.race([
      once(client, 'connect').then(() => 'connected'),
      once(client, 'error').then(() => 'refused'),
      sleep(250).then(() => 'nothing'),
    ]);
    client.destroy();
    return what;
  };

  test.each<[string, Place, string, string, string]>([
    ['a host that is down', 'standby', primary.public, 'down.primary', 'nothing'],
    ['a host that is down, privately', 'standby', primary.private, 'down.primary', 'nothing'],
    ['a host that is down, for the operator', 'operator', primary.public, 'down.primary', 'nothing'],
    ['a host while the other is down', 'operator', primary.public, 'down.standby', 'connected'],
    ['anybody, from a host that is down', 'standby', hub, 'down.standby', 'nothing'],
    ['the private address while that network is cut', 'standby', primary.private, 'cut', 'nothing'],
    ['the public address while the private network is cut', 'standby', primary.public, 'cut', 'connected'],
    ['its own private address while that network is cut', 'primary', primary.private, 'cut', 'connected'],
  ])('%s', async (_what, at, to, file, what) => {
    const {port} = await answering(real(to));
    map(at);
    writeFileSync(join(network.state, file), '');
    expect(await swallows(to, port)).toBe(what);
    rmSync(join(network.state, file));
    expect(await swallows(to, port)).toBe('connected');
  });

  it('times out as its owner wishes, and can be given up', async () => {
    map('standby');
    writeFileSync(join(network.state, 'down.primary'), '');
    const request = http.get({host: primary.private, port: 18_789, path: '/healthz', timeout: 100});
    const began = performance.now();
    await once(request, 'timeout');
    expect(performance.now() - began).toBeLessThan(2_000);
    request.destroy(new Error('given up'));
    const [error] = (await once(request, 'error')) as [Error];
    expect(error.message).toBe('given up');
  });

  it('ends with its signal', async () => {
    map('standby');
    writeFileSync(join(network.state, 'down.primary'), '');
    const request = http.get({host: primary.private, port: 18_789, signal: AbortSignal.timeout(100)});
    const [error] = (await once(request, 'error')) as [Error];
    expect(error.name).toMatch(/Abort|Timeout/);
  });

  it('is lost on the way of whoever is down, even to the world', () => {
    writeFileSync(join(network.state, 'down.standby'), '');
    expect(isCut({...network, at: 'standby'}, 'example.org')).toBe(true);
    expect(isCut({...network, at: 'primary'}, 'example.org')).toBe(false);
  });
});

test('http.get goes the same way', async () => {
  const at = real(primary.private);
  const web = http.createServer((request, answer) => answer.end(`${request.headers.host} ${request.url}`));
  web.listen({host: at.address, port: 0});
  await once(web, 'listening');
  open.push({close: () => new Promise((resolve) => web.close(resolve))});
  const {port} = web.address() as AddressInfo;
  map('standby');
  const text = await new Promise<string>((resolve, reject) => {
    http
      .get(`http://${primary.private}:${port}/healthz`, {agent: false}, (answer) => {
        let body = '';
        answer.on('data', (part: Buffer) => (body += part.toString()));
        answer.on('end', () => resolve(body));
      })
      .on('error', reject);
  });
  expect(text).toBe(`${primary.private}:${port} /healthz`);
});

describe('a server', () => {
  const listen = async (one: net.Server, ...args: unknown[]) => {
    (one.listen as (...words: unknown[]) => unknown)(...args);
    await once(one, 'listening');
    open.push({
      close: () => new Promise((resolve) => (one.listening ? one.close(resolve) : resolve(undefined))),
    });
    return one.address() as AddressInfo;
  };

  it('of a host listens where that address really is, and is told of in the host’s words', async () => {
    const heard: unknown[][] = [];
    map('primary', {listening: (...words) => heard.push(words)});
    const {port} = real(primary.private, 40_000 + (process.pid % 10_000));
    const one = net.createServer();
    const at = await listen(one, port, primary.private);
    expect(at).toMatchObject({address: `127.${a}.${b}.11`, port});
    expect(heard).toEqual([[primary.private, port, true]]);
    one.close();
    await once(one, 'close');
    expect(heard.at(-1)).toEqual([primary.private, port, false]);
  });

  test.each([
    ['loopback', [{port: 0, host: '127.0.0.1'}]],
    ['no address at all', [0]],
    ['no address, as options', [{port: 0}]],
  ])('of a host with %s is on that host’s loopback, and open to nobody else', async (_what, args) => {
    map('primary');
    expect((await listen(net.createServer(), ...args)).address).toBe(`127.${a}.${b}.111`);
  });

  it('of the operator listens where it says', async () => {
    map('operator');
    expect((await listen(net.createServer(), {port: 0, host: '127.0.0.1'})).address).toBe('127.0.0.1');
  });

  it('below port 1024 takes no privileges', async () => {
    map('hub');
    expect(await listen(net.createServer(), 80, hub)).toMatchObject({
      address: `127.${a}.${b}.2`,
      port: 20_080,
    });
  });
});

test('a socket that is a file has the file’s place, for both ends', async () => {
  map('primary', {file: (path) => `${folder}${path}`});
  await answering('/bus');
  expect(await said(net.connect('/bus'))).toBe('hello');
  expect(await said(net.connect({path: '/bus'}))).toBe('hello');
  expect(await said(new net.Socket().connect({path: '/bus'}))).toBe('hello');
  const [error] = (await once(net.connect('/other'), 'error')) as [Error & {code: string; address: string}];
  expect(error).toMatchObject({code: 'ENOENT', address: `${folder}/other`});
});
