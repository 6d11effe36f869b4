import {connect as connectTcp, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {IrcLines, ircLine, nickOf, parseIrc, sameNick, type IrcMessage} from '../../drill/probe/irc-lines.js';
import {mayTalk, type IrcSettings} from './accounts.js';
import {timing} from './timing.js';

/** characters of one message; a longer text goes out as several. */
const longestMessage = 380;
/** Nicks that are tried: its own, and that many underscores behind it. */
const mostUnderscores = 5;
const lookEveryMs = 1_000;

/** How the account stands, in OpenClaw's words. Times are epoch ms. */
export interface IrcView {
  running: boolean;
  connected: boolean;
  lifecycle: 'starting' | 'ready' | 'recovering' | 'stopped';
  lastError: string | null;
  lastConnectedAt: number | null;
  lastInboundAt: number | null;
  lastOutboundAt: number | null;
  reconnectAttempts: number;
}

export interface Question {
  /** The bot's nick, as the server has it now. */
  bot: string;
  /** Nick of who asks. */
  from: string;
  text: string;
}

interface Around {
  log: (text: string) => void;
  /** Answers, sooner or later; undefined: it does not. */
  answer: (question: Question) => Promise<string | undefined>;
}

/** One account at its chat server: it logs in, stays, comes back when the server was away, and says goodbye. */
export class IrcAccount {
  readonly view: IrcView = {
    running: false,
    connected: false,
    lifecycle: 'stopped',
    lastError: null,
    lastConnectedAt: null,
    lastInboundAt: null,
    lastOutboundAt: null,
    reconnectAttempts: 0,
  };
  #socket: Socket | undefined;
  #nick: string;
  #again: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: IrcSettings,
    private readonly around: Around,
  ) {
    this.#nick = settings.nick;
  }

  start(): void {
    if (this.view.running) return;
    Object.assign(this.view, {running: true, lifecycle: 'starting', lastError: null, reconnectAttempts: 0});
    this.#connect();
  }

  /** Says goodbye; resolves when the connection is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#again);
    Object.assign(this.view, {running: false, connected: false, lifecycle: 'stopped', lastError: null});
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), timing.leave);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      if (socket.connecting) socket.destroy();
      else socket.end(ircLine('QUIT', 'gateway stopped'));
    });
  }

  #connect(): void {
    const {host, port, tls, nick, username, realname, password} = this.settings;
    const socket = tls ? connectTls({host, port, servername: host}) : connectTcp({host, port});
    this.#socket = socket;
    this.#nick = nick;
    let problem = '';
    let heardMs = performance.now();
    let came = false;
    const lines = new IrcLines();
    const cut = (why: string) => {
      problem ||= why;
      socket.destroy();
    };
    const looking = setInterval(() => {
      const quietMs = performance.now() - heardMs;
      if (!this.view.connected && performance.now() - startedMs > timing.login)
        cut('the server does not let it in');
      else if (quietMs > timing.quiet.gone) cut('the server does not answer');
      else if (quietMs > timing.quiet.asked) this.#say(socket, 'PING', 'there');
    }, lookEveryMs);
    const startedMs = performance.now();
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (password !== undefined) this.#say(socket, 'PASS', password);
      this.#say(socket, 'NICK', nick);
      this.#say(socket, 'USER', username, '0', '*', realname);
    });
    socket.on('data', (chunk: Buffer) => {
      heardMs = performance.now();
      for (const line of lines.push(chunk)) {
        const message = socket.destroyed ? undefined : parseIrc(line);
        if (!message) continue;
        if (message.command === 'ERROR') problem ||= message.params.at(-1) ?? '';
        else if (this.view.connected) this.#hear(socket, message);
        else came = this.#enter(socket, message, cut) || came;
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      cut(error.message || (error.code ?? 'no connection')),
    );
    socket.on('close', () => {
      clearInterval(looking);
      if (socket === this.#socket) this.#lost(problem || 'the server closed the connection', came);
    });
  }

  /** The login; true when it is in. */
  #enter(socket: Socket, {command, params}: IrcMessage, cut: (why: string) => void): boolean {
    if (command === 'PING') this.#say(socket, 'PONG', params.at(-1) ?? '');
    if (command === '433' || command === '436') {
      if (this.#nick.length >= this.settings.nick.length + mostUnderscores)
        cut(`the nick ${this.#nick} is in use`);
      this.#nick = `${this.#nick}_`;
      this.#say(socket, 'NICK', this.#nick);
    }
    if (['432', '464', '465'].includes(command)) cut(params.at(-1) ?? 'the server refuses');
    if (command !== '001') return false;
    this.#nick = params[0] ?? this.#nick;
    Object.assign(this.view, {
      connected: true,
      lifecycle: 'ready',
      lastError: null,
      lastConnectedAt: Date.now(),
      reconnectAttempts: 0,
    });
    const {host, port, nickservPassword, channels} = this.settings;
    this.around.log(`connected to ${host}:${port} as ${this.#nick}`);
    if (nickservPassword !== undefined)
      this.#say(socket, 'PRIVMSG', 'NickServ', `IDENTIFY ${nickservPassword}`);
    for (const channel of channels) this.#say(socket, 'JOIN', channel);
    return true;
  }

  #hear(socket: Socket, {from, command, params}: IrcMessage): void {
    const [to = '', text = ''] = params;
    if (command === 'PING') this.#say(socket, 'PONG', params.at(-1) ?? '');
    if (command === 'NICK' && sameNick(nickOf(from), this.#nick)) this.#nick = to;
    if (command !== 'PRIVMSG' || sameNick(nickOf(from), this.#nick)) return;
    const isPrivate = sameNick(to, this.#nick);
    if (!isPrivate && !text.toLowerCase().includes(this.#nick.toLowerCase())) return;
    if (!mayTalk(from, isPrivate ? 'private' : 'channel', this.settings)) {
      this.around.log(`not answered: allowFrom has no entry for ${from}`);
      return;
    }
    this.view.lastInboundAt = Date.now();
    const back = isPrivate ? nickOf(from) : to;
    void this.#reply(socket, back, {bot: this.#nick, from: nickOf(from), text});
  }

  async #reply(socket: Socket, to: string, question: Question): Promise<void> {
    const answer = await this.around.answer(question);
    if (answer === undefined || socket.destroyed) return;
    for (let at = 0; at < answer.length; at += longestMessage)
      this.#say(socket, 'PRIVMSG', to, answer.slice(at, at + longestMessage));
    this.view.lastOutboundAt = Date.now();
  }

  #lost(why: string, came: boolean): void {
    if (!this.view.running) return;
    const tries = came ? 0 : this.view.reconnectAttempts;
    const pauseMs = timing.reconnect[tries] ?? timing.reconnect.at(-1)!;
    const lastError = why.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
    const lifecycle = this.view.lastConnectedAt === null ? 'starting' : 'recovering';
    Object.assign(this.view, {connected: false, lifecycle, lastError, reconnectAttempts: tries + 1});
    this.around.log(`not connected: ${lastError}; again in ${pauseMs / 1000} s`);
    this.#again = setTimeout(() => this.#connect(), pauseMs);
  }

  #say(socket: Socket, command: string, ...params: string[]): void {
    if (socket.writable) socket.write(ircLine(command, ...params));
  }
}
