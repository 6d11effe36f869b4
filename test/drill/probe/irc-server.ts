// A small chat server on a real socket: nicks, private messages, and bots that answer.

import {once} from 'node:events';
import {createServer, type AddressInfo, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer} from 'node:tls';

/** What a bot says to a message, a line each. */
export type Bot = (text: string) => readonly string[];

export interface Options {
  tls?: {key: string; cert: string};
  /** Sent to whoever connects, before anything else. */
  greeting?: string;
  /** Lines in place of the welcome; `%` is the nick. */
  welcome?: readonly string[];
  /** Closes the connection instead of passing a message on. */
  hangsUp?: boolean;
}

export class IrcServer {
  readonly bots = new Map<string, Bot>();
  readonly nicks = new Set<string>();
  /** Every line of every client. */
  readonly heard: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Of 127.0.0.1. */
  port = 0;
  readonly #server: Server;

  private constructor(readonly options: Options) {
    const attend = (socket: Socket) => this.#attend(socket);
    this.#server = options.tls ? createTlsServer(options.tls, attend) : createServer(attend);
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(options: Options = {}): Promise<IrcServer> {
    const server = new IrcServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.port = (server.#server.address() as AddressInfo).port;
    return server;
  }

  /** Messages that were sent to anybody. */
  get messages(): string[] {
    return this.heard.filter((line) => line.startsWith('PRIVMSG'));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #attend(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (this.options.greeting !== undefined) socket.write(this.options.greeting);
    let nick = '';
    let rest = '';
    const say = (...lines: readonly string[]) => {
      for (const line of lines) if (socket.writable) socket.write(`${line}\r\n`);
    };
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.nicks.delete(nick);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.heard.push(line);
        const [command = '', first = ''] = line.split(' ');
        if (command === 'NICK') nick = first.replace(':', '');
        if (command === 'USER') this.#enter(nick, say);
        if (command === 'USERHOST') say(`:hub 302 ${nick} :${nick}=+~${nick}@127.0.0.1 `);
        if (command === 'PRIVMSG') this.#pass(socket, nick, first, line.slice(line.indexOf(' :') + 2), say);
        if (command === 'QUIT') socket.end('ERROR :Closing connection\r\n');
      }
    });
  }

  #enter(nick: string, say: (...lines: readonly string[]) => void): void {
    if (this.options.welcome) return say(...this.options.welcome.map((line) => line.replaceAll('%', nick)));
    if (this.nicks.has(nick)) return say(`:hub 433 * ${nick} :Nickname already in use`);
    this.nicks.add(nick);
    say('PING :cookie', `:hub 001 ${nick} :Welcome to the chat ${nick}!~${nick}@127.0.0.1`);
  }

  #pass(
    socket: Socket,
    nick: string,
    to: string,
    text: string,
    say: (...lines: readonly string[]) => void,
  ): void {
    if (this.options.hangsUp) return void socket.end('ERROR :Server is going down\r\n');
    const bot = this.bots.get(to);
    if (!bot) return say(`:hub 401 ${nick} ${to} :No such nick or channel name`);
    say(...bot(text).map((line) => line.replaceAll('%', nick)));
  }
}
