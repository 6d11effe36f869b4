import {createHash} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';

/** bytes of a message from a client, and bytes that may wait for one that does not read. */
const mostBytes = 1 << 20;
const mostWaiting = 4 << 20;
const opcode = {text: 1, close: 8, ping: 9, pong: 10} as const;

/** One client. */
export interface WebSocketEnd {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Takes a request for a WebSocket (RFC 6455, text frames). Whatever breaks its rules is closed. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  onText: (text: string, end: WebSocketEnd) => void,
): WebSocketEnd | undefined {
  const key = request.headers['sec-websocket-key'];
  socket.on('error', () => socket.destroy());
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || key === undefined) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return undefined;
  }
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let open = true;
  const write = (code: number, body: Buffer) => {
    if (!open || !socket.writable) return;
    if (socket.writableLength > mostWaiting) socket.destroy();
    else socket.write(frame(code, body));
  };
  const end: WebSocketEnd = {
    send: (text) => write(opcode.text, Buffer.from(text)),
    close(code, reason) {
      const why = Buffer.from(reason).subarray(0, 120);
      write(opcode.close, Buffer.concat([Buffer.of(code >> 8, code & 255), why]));
      open = false;
      socket.end();
      setTimeout(() => socket.destroy(), 1_000).unref();
    },
  };
  let rest = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const found = open ? unframe(rest) : undefined;
      if (found === undefined) return;
      if ('wrong' in found) return end.close(found.wrong, 'not understood');
      rest = rest.subarray(found.length);
      if (found.code === opcode.text) onText(found.body.toString('utf8'), end);
      else if (found.code === opcode.ping) write(opcode.pong, found.body);
      else if (found.code === opcode.close) end.close(1000, '');
    }
  };
  // What came with the request is heard like the rest, when the caller is ready for it.
  if (head.length > 0) socket.unshift(head);
  socket.on('data', take);
  return end;
}

function frame(code: number, body: Buffer): Buffer {
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | code;
  if (head.length === 2) head[1] = body.length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}

/** The first frame; undefined until it is whole. Clients mask, and messages in pieces are not needed here. */
function unframe(bytes: Buffer): {code: number; body: Buffer; length: number} | {wrong: number} | undefined {
  if (bytes.length < 2) return undefined;
  const code = bytes[0]! & 0x0f;
  const short = bytes[1]! & 0x7f;
  if ((bytes[1]! & 0x80) === 0 || (bytes[0]! & 0xf0) !== 0x80) return {wrong: 1002};
  if (!Object.values<number>(opcode).includes(code)) return {wrong: 1003};
  const from = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < from + 4) return undefined;
  const size =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  if (size > mostBytes) return {wrong: 1009};
  const length = from + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(from, from + 4);
  const body = Buffer.from(bytes.subarray(from + 4, length));
  for (let index = 0; index < size; index += 1) body[index]! ^= mask[index % 4]!;
  return {code, body, length};
}
