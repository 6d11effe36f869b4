import {rmSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {programs, type Call, type Output} from './machine.js';
import {withMask} from './mask.js';
import type {Systemd} from './systemd.js';

/** Characters of one question; a whole script may be in it. */
const longest = 8 * 1024 * 1024;

export interface Bus {
  /** Whoever waits for an answer gets none. */
  close(): Promise<void>;
}

/**
 * Where the commands of a host reach its systemd: a Unix socket, a line with the question, lines with the answer.
 * @param path of at most 107 bytes
 * @throws Error when nothing can be listened on there
 */
export async function serveBus(systemd: Systemd, path: string): Promise<Bus> {
  const server = new CommandServer(systemd, path);
  await server.listen();
  return server;
}

class CommandServer {
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  constructor(
    private readonly systemd: Systemd,
    private readonly path: string,
  ) {}

  async listen(): Promise<void> {
    rmSync(this.path, {force: true});
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // Nobody else of this machine may give orders here.
      withMask(0o077, () => server.listen(this.path, () => resolve()));
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    const server = this.#server;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(this.path, {force: true});
  }

  #serve(socket: Socket): void {
    const gone = new AbortController();
    this.#open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open.delete(socket);
      gone.abort();
    });
    socket.setEncoding('utf8');
    let asked = '';
    const read = (text: string) => {
      asked += text;
      if (asked.length > longest) socket.destroy();
      const end = asked.indexOf('\n');
      if (end < 0) return;
      socket.off('data', read);
      socket.resume();
      void this.#answer(asked.slice(0, end), socket, gone.signal);
    };
    socket.on('data', read);
  }

  async #answer(question: string, socket: Socket, signal: AbortSignal): Promise<void> {
    const tell = (answer: {out?: string; err?: string; code?: number}) => {
      if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
    };
    const out: Output = {stdout: (text) => tell({out: text}), stderr: (text) => tell({err: text})};
    try {
      const call = callOf(question);
      if (!call) throw new Error('the question cannot be read');
      tell({code: await this.systemd.call(call, out, signal)});
    } catch (error) {
      tell({err: `${(error as Error).message}\n`, code: 1});
    }
    socket.end();
  }
}

function callOf(question: string): Call | undefined {
  const asked = JSON.parse(question) as Partial<Call>;
  const program = programs.find((one) => one === asked.program);
  const {argv, user, env, pid} = asked;
  if (!program || !Array.isArray(argv) || typeof user !== 'string' || typeof env !== 'object')
    return undefined;
  return {program, argv, user, env, pid: Number(pid)};
}
