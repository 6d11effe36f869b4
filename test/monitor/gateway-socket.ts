import {createHash} from 'node:crypto';
import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import {afterEach} from 'vitest';

export type Frame = Record<string, unknown>;
let servers: http.Server[] = [];
let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  servers = [];
  sockets = [];
});

/** A gateway's socket as far as a call needs it: short text frames, masked by the client. */
export async function gateway(answer: (frame: Frame, send: (frame: Frame) => void, socket: Socket) => void) {
  const server = http.createServer();
  servers.push(server);
  server.on('upgrade', (request, socket: Socket) => {
    sockets.push(socket);
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const send = (frame: Frame) => {
      const text = Buffer.from(JSON.stringify(frame));
      socket.write(Buffer.concat([Buffer.of(0x81, 126, text.length >> 8, text.length & 255), text]));
    };
    socket.on('data', (data) => {
      if ((data[0]! & 15) !== 1) return;
      const short = data[1]! & 127;
      const start = short === 126 ? 4 : 2;
      const mask = data.subarray(start, start + 4);
      const body = data.subarray(start + 4).map((byte, index) => byte ^ mask[index % 4]!);
      answer(JSON.parse(body.toString()) as Frame, send, socket);
    });
    send({type: 'event', event: 'connect.challenge', payload: {nonce: 'n', ts: 1}});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {address: '127.0.0.1', port: (server.address() as AddressInfo).port};
}
