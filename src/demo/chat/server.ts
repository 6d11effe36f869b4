import {once} from 'node:events';
import {createServer, type AddressInfo, type Socket} from 'node:net';
import {IrcLines, ircLine, parseIrc, sameNick} from '../../drill/probe/irc-lines.js';
import {Member} from './member.js';
import {answer, serverName} from './replies.js';

/** ms that a client has for saying who it is. */
const registerLimitMs = 10_000;
/** ms of silence after which a client is asked whether it is there, and after which it is gone. */
const quietMs = {asked: 15_000, gone: 30_000};
const lookEveryMs = 1_000;
const mostMembers = 100;
/** bytes that may wait for a client that does not read. */
const mostWaiting = 65_536;

export interface ChatPlace {
  host: string;
  /** 0: any that is free. */
  port: number;
}

/** A chat server of this process (IRC over TCP): nicks, private messages, one channel. */
export interface Chat {
  port: number;
  /** Nicks of everybody who is there, in the order in which they came. */
  online(): string[];
  /** Hears who is there whenever that changes. @returns what ends it */
  onChange(listener: (online: string[]) => void): () => void;
  /** Everybody is put out, and the port is free when it resolves. */
  close(): Promise<void>;
}

/** @throws Error (EADDRINUSE, EADDRNOTAVAIL …) when it cannot listen there */
export async function startChat({host, port}: ChatPlace): Promise<Chat> {
  const members = new Set<Member>();
  const listeners = new Set<(online: string[]) => void>();
  const here = () => [...members].filter(({gone}) => !gone);
  const known = () => here().filter(({registered}) => registered);
  const online = () => known().map(({nick}) => nick);
  const changed = () => {
    const now = online();
    for (const listener of listeners) listener(now);
  };
  const place = {
    find: (nick: string) => known().find((member) => sameNick(member.nick, nick)),
    isTaken: (nick: string, by: Member) => here().some((one) => one !== by && sameNick(one.nick, nick)),
    members: known,
    changed,
  };
  const server = createServer((socket) => attend(socket));

  function attend(socket: Socket): void {
    const member = new Member(socket, mostWaiting);
    if (members.size >= mostMembers) return member.leave('Too many connections');
    members.add(member);
    const lines = new IrcLines();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      member.heardMs = performance.now();
      for (const line of lines.push(chunk)) {
        if (member.gone) return;
        const message = parseIrc(line);
        if (message) answer(place, member, message);
      }
    });
    socket.on('close', () => {
      members.delete(member);
      if (!member.registered) return;
      const quit = ircLine(`:${member.mask} QUIT`, member.farewell || 'Connection closed');
      if (member.joined) for (const other of known()) if (other.joined) other.send(quit);
      changed();
    });
  }

  const looking = setInterval(() => {
    const nowMs = performance.now();
    for (const member of members) {
      if (!member.registered && nowMs - member.cameMs > registerLimitMs)
        member.leave('Registration timed out');
      else if (nowMs - member.heardMs > quietMs.gone) member.leave('Ping timeout');
      else if (nowMs - member.heardMs > quietMs.asked) member.send(ircLine('PING', serverName));
    }
  }, lookEveryMs);
  looking.unref();

  server.listen({host, port});
  await once(server, 'listening').catch((error: unknown) => {
    clearInterval(looking);
    throw error;
  });
  server.on('error', () => undefined);
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    online,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        clearInterval(looking);
        listeners.clear();
        server.close(() => resolve());
        for (const {socket} of members) socket.destroy();
      });
      return closing;
    },
  };
}
