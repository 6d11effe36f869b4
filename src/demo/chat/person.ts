import {connect, type Socket} from 'node:net';
import {
  IrcLines,
  ircLine,
  nickOf,
  parseIrc,
  sameNick,
  withoutColour,
  type IrcMessage,
} from '../../drill/probe/irc-lines.js';

/** ms that the chat server may take to let somebody in. */
const enterLimitMs = 10_000;

export interface PersonPlace {
  host: string;
  port: number;
  nick: string;
}

/** What became of a question. `ms`: from the question to the answer. */
export type Asked =
  | {kind: 'answer'; text: string; ms: number}
  /** Nobody of that nick is there. */
  | {kind: 'absent'}
  /** Nothing was said within the time. */
  | {kind: 'silent'}
  /** The chat server has closed the connection. */
  | {kind: 'closed'};

/** Somebody at the chat, who can ask a bot and sees its answer. */
export interface Person {
  readonly nick: string;
  /**
   * One private message, and the first that its nick answers.
   * @param word only an answer that holds it counts, e.g. where an older one may still come
   */
  ask(nick: string, text: string, limits: {timeoutMs: number; word?: string}): Promise<Asked>;
  /** Which of these nicks are there. @throws Error when the server does not say */
  online(...nicks: string[]): Promise<string[]>;
  close(): Promise<void>;
}

/** @throws Error when the server cannot be reached or does not let this nick in */
export async function connectPerson({host, port, nick}: PersonPlace): Promise<Person> {
  const talk = new Talk(connect({host, port}));
  const enters = talk.next(({command}) => /^(?:001|43[1236])$/.test(command), enterLimitMs);
  talk.say('NICK', nick);
  talk.say('USER', nick, '0', '*', nick);
  const said = await enters;
  if (said?.command !== '001') {
    await talk.close();
    const why = said ? (said.params.at(-1) ?? 'refused') : (talk.problem ?? 'it does not answer');
    throw new Error(`The chat at ${host}:${port} does not let ${nick} in: ${why}.`);
  }
  return {
    nick,
    ask: (to, text, limits) => ask(talk, to, text, limits),
    async online(...nicks) {
      const answers = talk.next(({command}) => command === '303', enterLimitMs);
      talk.say('ISON', ...nicks);
      const answer = await answers;
      if (!answer) throw new Error('The chat does not say who is there.');
      return (answer.params.at(-1) ?? '').split(' ').filter(Boolean);
    },
    close: () => talk.close(),
  };
}

async function ask(
  talk: Talk,
  to: string,
  text: string,
  {timeoutMs, word}: {timeoutMs: number; word?: string},
): Promise<Asked> {
  const askedMs = performance.now();
  const answers = talk.next(({from, command, params}) => {
    if (command === '401') return sameNick(params[1] ?? '', to);
    const said = command === 'PRIVMSG' && sameNick(nickOf(from), to) && !(params[0] ?? '').startsWith('#');
    return said && (word === undefined || (params[1] ?? '').toLowerCase().includes(word.toLowerCase()));
  }, timeoutMs);
  talk.say('PRIVMSG', to, text);
  const answer = await answers;
  if (!answer) return {kind: talk.closed ? 'closed' : 'silent'};
  if (answer.command === '401') return {kind: 'absent'};
  const ms = Math.round(performance.now() - askedMs);
  return {kind: 'answer', text: withoutColour(answer.params[1] ?? '').replace(/\p{Cc}/gu, ''), ms};
}

/** A connection to the chat: lines out, lines in. */
class Talk {
  closed = false;
  problem: string | undefined;
  readonly #listeners = new Set<(message: IrcMessage | undefined) => void>();

  constructor(private readonly socket: Socket) {
    const lines = new IrcLines();
    socket.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) {
        const message = parseIrc(line);
        if (message?.command === 'PING') this.say('PONG', message.params.at(-1) ?? '');
        else if (message) for (const listener of this.#listeners) listener(message);
      }
    });
    socket.on('error', (error) => {
      this.problem = error.message;
      socket.destroy();
    });
    socket.on('close', () => {
      this.closed = true;
      for (const listener of this.#listeners) listener(undefined);
    });
  }

  say(command: string, ...params: string[]): void {
    if (this.socket.writable) this.socket.write(ircLine(command, ...params));
  }

  /** The next message that is meant; undefined: the time was over, or the connection. */
  next(meant: (message: IrcMessage) => boolean, limitMs: number): Promise<IrcMessage | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = (message?: IrcMessage) => {
        clearTimeout(timer);
        this.#listeners.delete(hear);
        resolve(message);
      };
      const hear = (message: IrcMessage | undefined) => {
        if (!message || meant(message)) end(message);
      };
      const timer = setTimeout(end, limitMs);
      this.#listeners.add(hear);
    });
  }

  close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), 1_000);
      this.socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.socket.connecting) this.socket.destroy();
      else this.socket.end(ircLine('QUIT', 'Bye'));
    });
  }
}
