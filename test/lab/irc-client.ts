// Talks to the bots of the lab as the one person they listen to: alice, from this machine.

import {randomInt} from 'node:crypto';
import {createConnection, type Socket} from 'node:net';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';

export interface Answer {
  nonce: string;
  text: string;
  /** From the first time the question was sent. */
  ms: number;
}

export interface Presence {
  nick: string;
  online: boolean;
  at: Date;
}

export interface AskOptions {
  timeoutMs?: number;
  /** Ask again with the same nonce every so often, for a bot that is not there yet. */
  repeatMs?: number;
}

type Line = {from: string; command: string; params: string[]};

export class IrcClient {
  private readonly listeners = new Set<(line: Line) => void>();

  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    const lines = createInterface({input: socket});
    lines.on('error', () => socket.destroy());
    lines.on('line', (text) => {
      const line = parse(text);
      if (line.command === 'PING') this.send(`PONG :${line.params[0] ?? ''}`);
      for (const listener of this.listeners) listener(line);
    });
  }

  static async connect(
    options: {nick?: string; host?: string; port?: number; localAddress?: string} = {},
  ): Promise<IrcClient> {
    const {nick = 'alice', host = '10.77.0.2', port = 6667, localAddress = '10.77.0.1'} = options;
    const socket = createConnection({host, port, localAddress});
    socket.on('error', () => socket.destroy());
    const client = new IrcClient(socket);
    const welcome = client.next((line) => ['001', '432', '433'].includes(line.command), 10_000);
    client.send(`NICK ${nick}`);
    client.send(`USER ${nick} 0 * :${nick}`);
    const line = await welcome;
    if (line?.command === '001') return client;
    socket.destroy();
    throw new Error(
      `IRC server ${host}:${port} did not let ${nick} in: ${line === undefined ? 'no answer' : line.params.join(' ')}`,
    );
  }

  close(): void {
    this.socket.end('QUIT\r\n');
  }

  /** Sends a message with a fresh nonce to a nick and waits for the reply that carries it. */
  async ask(nick: string, options: AskOptions = {}): Promise<Answer | undefined> {
    const {timeoutMs = 30_000, repeatMs} = options;
    const nonce = `n-${randomInt(36 ** 5, 36 ** 6).toString(36)}`;
    const started = performance.now();
    const reply = this.next(
      (line) => line.command === 'PRIVMSG' && nickOf(line) === nick && (line.params[1] ?? '').includes(nonce),
      timeoutMs,
    );
    const say = () => this.send(`PRIVMSG ${nick} :please echo ${nonce}`);
    say();
    const again = repeatMs === undefined ? undefined : setInterval(say, repeatMs);
    const line = await reply.finally(() => clearInterval(again));
    return line && {nonce, text: line.params[1] ?? '', ms: Math.round(performance.now() - started)};
  }

  async online(...nicks: string[]): Promise<Set<string>> {
    const reply = this.next((line) => line.command === '303', 5_000);
    this.send(`ISON ${nicks.join(' ')}`);
    const line = await reply;
    if (line === undefined) throw new Error('IRC server does not answer ISON');
    return new Set((line.params[1] ?? '').split(' ').filter((nick) => nick !== ''));
  }

  /** Milliseconds until the nick was seen, or had gone; undefined when the time was over first. */
  async waitFor(nick: string, wanted: 'online' | 'offline', timeoutMs: number): Promise<number | undefined> {
    const started = performance.now();
    do {
      const seen = (await this.online(nick)).has(nick);
      if (seen === (wanted === 'online')) return Math.round(performance.now() - started);
      await sleep(100);
    } while (performance.now() - started < timeoutMs);
    return undefined;
  }

  /** Every change of the nicks' presence, from the first look on, until the signal ends it. */
  async *watch(nicks: string[], signal: AbortSignal): AsyncGenerator<Presence> {
    const known = new Map<string, boolean>();
    while (!signal.aborted) {
      const seen = await this.online(...nicks);
      for (const nick of nicks) {
        const online = seen.has(nick);
        if (known.get(nick) === online) continue;
        known.set(nick, online);
        yield {nick, online, at: new Date()};
      }
      await sleep(100);
    }
  }

  private send(line: string): void {
    if (this.socket.writable) this.socket.write(`${line}\r\n`);
  }

  private next(wanted: (line: Line) => boolean, timeoutMs: number): Promise<Line | undefined> {
    return new Promise((resolve) => {
      const end = (line?: Line) => {
        clearTimeout(timer);
        this.listeners.delete(listener);
        this.socket.off('close', gone);
        resolve(line);
      };
      const listener = (line: Line) => {
        if (wanted(line)) end(line);
      };
      const gone = () => end();
      const timer = setTimeout(gone, timeoutMs);
      this.listeners.add(listener);
      this.socket.once('close', gone);
    });
  }
}

function parse(text: string): Line {
  const match = /^(?::(\S+) )?(\S+) ?(.*)$/.exec(text.trimEnd());
  const [, from = '', command = '', rest = ''] = match ?? [];
  const cut = rest.startsWith(':') ? 0 : rest.indexOf(' :');
  if (cut === -1) return {from, command, params: rest.split(' ')};
  const before = rest.slice(0, cut).split(' ').filter(Boolean);
  return {from, command, params: [...before, rest.slice(rest.indexOf(':', cut) + 1)]};
}

const nickOf = (line: Line): string => line.from.split('!')[0] ?? '';
