// In the place of a gateway: answers health requests as a file tells it, which may change at any time.
// node gateway-stub.mjs FILE PORT ADDRESS...
// FILE: {"answer": one of `answers` below, "listen": "all" | "loopback", "connected": whether the channel account is,
// "stubborn": it ignores SIGTERM}; without it: ok, all, true, false. FILE.seen: the paths that were asked for, each with
// how it was answered.
import {createHash} from 'node:crypto';
import {readFileSync, watch, writeFileSync} from 'node:fs';
import {createServer as createHttpServer} from 'node:http';
import {createServer} from 'node:net';
import {basename, dirname} from 'node:path';

const [file, port, ...addresses] = process.argv.slice(2);

const unless = {answer: 'ok', listen: 'all', connected: true};
function told() {
  try {
    return {...unless, ...JSON.parse(readFileSync(file, 'utf8'))};
  } catch {
    return unless;
  }
}

const json = (response, status, body) =>
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));

/** What a gateway says at each of its three paths. */
const gateway = (started, ready) => (request, response) => {
  if (request.url === '/startupz') json(response, started === 'started' ? 200 : 503, {status: started});
  else if (request.url === '/healthz') json(response, 200, {ok: true, status: 'live'});
  else if (request.url === '/readyz') json(response, ready ? 200 : 503, {ready});
  else response.writeHead(200, {'content-type': 'text/html'}).end('<!doctype html><title>Claw</title>');
};

const answers = {
  ok: gateway('started', true),
  starting: gateway('starting', false),
  draining: gateway('draining', false),
  unready: gateway('started', false),
  error: (_, response) => json(response, 500, {error: 'stub'}),
  page: (_, response) =>
    response.writeHead(200, {'content-type': 'text/html'}).end('<!doctype html><title>Welcome</title>'),
  redirect: (_, response) => response.writeHead(302, {location: '/elsewhere'}).end(),
  unauthorized: (_, response) => response.writeHead(401, {'www-authenticate': 'Bearer'}).end(),
  /** A byte a second, for ever. */
  drip: (_, response) => {
    response.writeHead(200, {'content-type': 'application/json'});
    const timer = setInterval(() => response.write(' '), 1000);
    response.once('close', () => clearInterval(timer));
  },
  /** 1 GB, as fast as it is read. */
  flood: (_, response) => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    let left = 2 ** 30;
    response.writeHead(200, {'content-type': 'application/json', 'content-length': left});
    const pour = () => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.on('drain', pour);
    response.on('error', () => {});
    pour();
  },
  hang: () => {},
};

const seen = new Set();
function note(line) {
  if (seen.has(line)) return;
  seen.add(line);
  try {
    writeFileSync(`${file}.seen`, `${[...seen].join('\n')}\n`);
  } catch {
    // In a sandbox nothing is noted.
  }
}

const http = createHttpServer((request, response) => {
  const {answer} = told();
  note(`${answer} ${request.url}`);
  answers[answer](request, response);
});

// The gateway's protocol over WebSocket, as far as a question for the channel accounts needs it.
http.on('upgrade', (request, socket) => {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accepted = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
  );
  send(socket, {type: 'event', event: 'connect.challenge', payload: {}});
  let received = Buffer.alloc(0);
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (let frame; (frame = take(received)); received = frame.rest) {
      if (frame.text === undefined) return socket.end();
      const {id} = JSON.parse(frame.text);
      send(socket, {type: 'res', id, ok: true, payload: id === 'call' ? {channelAccounts: accounts()} : {}});
    }
  });
});

function accounts() {
  const {connected} = told();
  const lifecycle = connected ? 'ready' : 'recovering';
  const lastError = connected ? null : 'the chat server does not answer';
  return {irc: [{accountId: 'backup', enabled: true, running: true, connected, lifecycle, lastError}]};
}

function send(socket, message) {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.from([0x81, 126, text.length >> 8, text.length & 0xff]);
  socket.write(Buffer.concat([head, text]));
}

/** The first frame of a client, unmasked; undefined until it is whole. `text` is undefined for other than text. */
function take(buffer) {
  if (buffer.length < 2) return undefined;
  const short = buffer[1] & 0x7f;
  const from = short === 126 ? 4 : 2;
  if (short === 127 || buffer.length < from) return {rest: Buffer.alloc(0)};
  const length = short === 126 ? buffer.readUInt16BE(2) : short;
  const end = from + 4 + length;
  if (buffer.length < end) return undefined;
  const rest = buffer.subarray(end);
  if ((buffer[0] & 0x0f) !== 1) return {rest};
  const mask = buffer.subarray(from, from + 4);
  const text = buffer.subarray(from + 4, end).map((byte, index) => byte ^ mask[index % 4]);
  return {rest, text: Buffer.from(text).toString()};
}

function accept(socket) {
  socket.on('error', () => {});
  // Not HTTP at all: the greeting of an SSH server.
  if (told().answer === 'banner') socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
  else http.emit('connection', socket);
}

const isLoopback = (address) => address.startsWith('127.');
const servers = new Map();
function listen() {
  const wanted = addresses.filter((address) => told().listen === 'all' || isLoopback(address));
  for (const address of addresses) {
    const server = servers.get(address);
    if (wanted.includes(address) && !server) {
      servers.set(address, createServer(accept).listen(Number(port), address));
    } else if (!wanted.includes(address) && server) {
      servers.delete(address);
      server.close();
    }
  }
}

listen();
try {
  watch(dirname(file), (_, name) => {
    if (name === basename(file)) listen();
  });
} catch {
  // Right after a boot nobody has told anything yet.
}
for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => {
    if (!told().stubborn) process.exit(0);
  });
