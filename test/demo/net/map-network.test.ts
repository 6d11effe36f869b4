import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type AddressInfo, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {addresses, type Network} from '../../../src/demo/net/table.js';

const module = fileURLToPath(new URL('../../../src/demo/net/map-network.ts', import.meta.url));
let folder: string;
let server: Server;
let network: Network;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'network-'));
  const b = 1 + (process.pid % 250);
  network = {a: 251, b, at: 'standby', state: folder};
  server = createServer((socket) => socket.end(`from ${socket.remoteAddress}\n`));
  // The primary's private address, of loopback.
  await new Promise<void>((resolve) => server.listen(0, `127.251.${b}.11`, resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  rmSync(folder, {recursive: true});
});

/** Runs a program whose sockets are those of the standby; what it printed. */
function onStandby(body: string): Promise<string> {
  const text = `
import net from 'node:net';
import http from 'node:http';
import {mapNetwork} from ${JSON.stringify(module)};
mapNetwork(${JSON.stringify(network)}, {listening: (...words) => console.log('listening', ...words), file: (path) => ${JSON.stringify(`${folder}`)} + path});
const [host, port] = ['${addresses.primary.private}', ${port}];
${body}`;
  const file = join(folder, `${crypto.randomUUID()}.mts`);
  writeFileSync(file, text);
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

describe('sockets of a host of the rehearsal', () => {
  it('reach the primary, are seen from their own address, and tell hers', async () => {
    const said = await onStandby(`
const socket = net.connect({host, port});
socket.on('connect', () => console.log('at', socket.remoteAddress, socket.localAddress));
socket.on('data', (data) => process.stdout.write(data));`);
    expect(said).toBe(
      `at ${addresses.primary.private} ${addresses.standby.private}\nfrom 127.251.${network.b}.12\n`,
    );
  });

  it('listen on a loopback of their own', async () => {
    const said = await onStandby(`
const server = http.createServer((_, answer) => answer.end('mine')).listen(0, '127.0.0.1', () => {
  const {port} = server.address();
  http.get({host: '127.0.0.1', port, agent: false}, (answer) => answer.on('data', (data) => { console.log(String(data)); server.close(); }));
});`);
    expect(said).toMatch(/^listening 127\.0\.0\.1 0 true\nmine\nlistening 127\.0\.0\.1 0 false\n$/);
  });

  it('that are files have the place of the file', async () => {
    const said = await onStandby(`
const server = net.createServer((socket) => socket.end('file')).listen('/one.sock', () => {
  net.connect('/one.sock').on('data', (data) => { console.log(String(data)); server.close(); });
});`);
    expect(said).toBe('file\n');
  });

  it.each([
    ['down.primary', 'the primary is down'],
    ['down.standby', 'the host itself is down'],
    ['cut', 'the private network is cut'],
  ])('hear nothing with %s: %s', async (name) => {
    const flag = join(folder, name);
    writeFileSync(flag, '');
    const said = await onStandby(`
const socket = net.connect({host, port, timeout: 300});
socket.on('connect', () => console.log('connected'));
socket.on('error', (error) => console.log(error.message));
setTimeout(() => { console.log('silence', socket.connecting); socket.destroy(); }, 400);`);
    rmSync(flag);
    expect(said).toBe('silence true\n');
  });
});
