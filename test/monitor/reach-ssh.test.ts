import net from 'node:net';
import {afterEach, expect, test} from 'vitest';
import {reach, reachSsh} from '../../src/monitor/witness.js';

let server: net.Server | undefined;
afterEach(() => server?.close());

async function listening(talk: (socket: net.Socket) => void): Promise<{address: string; port: number}> {
  server = net.createServer((socket) => {
    socket.on('error', () => {});
    talk(socket);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return {address: '127.0.0.1', port: (server.address() as net.AddressInfo).port};
}

test.each([
  ['an SSH server', (socket: net.Socket) => socket.write('SSH-2.0-x\r\n'), true, 'answers'],
  [
    'one that says it in pieces',
    (socket: net.Socket) => {
      socket.write('SS');
      setTimeout(() => socket.write('H-2.0\r\n'), 20);
    },
    true,
    'answers',
  ],
  ['a host that takes connections and is frozen', () => {}, false, 'takes the connection and says nothing'],
  ['another service', (socket: net.Socket) => socket.write('220 mail\r\n'), false, 'is no SSH server'],
  ['one that closes', (socket: net.Socket) => socket.end(), false, 'closes the connection'],
] as const)('%s', async (_name, talk, alive, how) => {
  expect(await reachSsh(await listening(talk), 300)).toEqual({alive, how});
});

test('a refusal comes from a host that lives; a connection is enough where any answer counts', async () => {
  const open = await listening(() => {});
  expect(await reach(open, 300)).toEqual({alive: true, how: 'answers'});
  server?.close();
  expect(await reachSsh({...open, port: 1}, 300)).toEqual({alive: true, how: 'refuses'});
});
