import type {Client, ClientChannel} from 'ssh2';
import {Lines, Tail} from './lines.js';
import {stripControl} from './strip.js';

export interface Order {
  command: string;
  mark: string;
  /** Written in order, then stdin ends. */
  input: readonly (string | Uint8Array)[];
  /** Bytes of stdout that are kept; stderr keeps 8 MiB. */
  keep: number;
  /** ms; 0: no limit. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** Ends the remote process from outside, by another channel. Never throws. */
  kill: (pid: number, signal: 'TERM' | 'KILL') => void;
  /** Given the channel once the command runs, to slow it down and speed it up. */
  onChannel?: (channel: ClientChannel) => void;
}

export interface Outcome {
  /** Whether the mark was seen: the program itself was reached. */
  started: boolean;
  /** What was printed before it: login scripts, sudo. */
  before: string;
  /** Exit code, -1 where there is none. */
  code: number;
  signal?: string;
  timedOut: boolean;
  aborted: boolean;
  /** The channel closed without saying how the command ended. */
  unfinished: boolean;
  stdout: Tail;
  stderr: Tail;
  tookMs: number;
}

/** ms between asking a command to end, forcing it, and giving it up. */
const grace = 2_000;
/** ms without a byte after a command has ended, before its channel is closed. */
const quiet = 5_000;
const keepStderr = 8 * 2 ** 20;
/** Bytes that login scripts and sudo may print before the command begins. */
const mostNoise = 65_536;

/** The outcome of a command whose signal was aborted before it began. */
export function neverBegan(): Outcome {
  const nothing = {started: false, before: '', code: -1, timedOut: false, unfinished: false, tookMs: 0};
  return {...nothing, aborted: true, signal: 'SIGTERM', stdout: new Tail(0), stderr: new Tail(0)};
}

/** The server refused to open one more channel (MaxSessions). */
export class NoChannel extends Error {}

/**
 * Runs one command on one channel. Resolves however it ends; also when the connection breaks (`unfinished`).
 * @throws NoChannel when the server opens no more channels; Error when it refuses commands altogether.
 */
export function execute(client: Client, order: Order): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Listeners have to be there before this callback returns: a short command's whole life (its output, its
    // exit, its close) may stand in the same packet as the answer, and is told within the same tick.
    client.exec(order.command, (error, channel) => {
      if (!error) new Attendance(channel, order, resolve).begin();
      else
        reject(
          /channel open failure/i.test(error.message) ? new NoChannel(error.message, {cause: error}) : error,
        );
    });
  });
}

/** One command on its channel, from its first byte until the channel closes or is given up. */
class Attendance {
  readonly #began = performance.now();
  readonly #stdout: Tail;
  readonly #stderr = new Tail(keepStderr);
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #out: Stream;
  readonly #err: Stream;
  #idle: NodeJS.Timeout | undefined;
  #exit: {code: number; signal: string | undefined} | undefined;
  #ending: 'timeout' | 'abort' | undefined;
  #settled = false;

  constructor(
    readonly channel: ClientChannel,
    readonly order: Order,
    readonly resolve: (outcome: Outcome) => void,
  ) {
    this.#stdout = new Tail(order.keep);
    this.#out = new Stream(order.mark, this.#stdout, this.#tell('stdout'));
    this.#err = new Stream(order.mark, this.#stderr, this.#tell('stderr'));
  }

  begin(): void {
    const {channel, order} = this;
    this.#listen();
    this.#limit();
    order.onChannel?.(channel);
    for (const part of order.input) if (part.length > 0) channel.write(part);
    channel.end();
  }

  #tell(stream: 'stdout' | 'stderr'): ((line: string) => void) | undefined {
    const {onLine} = this.order;
    return onLine && ((line) => onLine(stripControl(line), stream));
  }

  #listen(): void {
    const {channel} = this;
    channel.on('data', (chunk: Buffer) => {
      this.#alive();
      this.#out.push(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.#alive();
      this.#err.push(chunk);
    });
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#exit = {code: code ?? -1, signal};
      this.#alive();
    });
    // The client's own `close` comes before those of its channels, so whoever asks then knows that it is lost.
    channel.on('close', () => this.#settle());
    channel.on('error', () => undefined);
  }

  #limit(): void {
    const {timeoutMs, signal} = this.order;
    if (timeoutMs > 0) this.#after(timeoutMs, () => this.#stop('timeout'));
    if (signal?.aborted) this.#stop('abort');
    else signal?.addEventListener('abort', this.#onAbort, {once: true});
  }

  readonly #onAbort = (): void => this.#stop('abort');

  #after(ms: number, act: () => void): void {
    this.#timers.add(setTimeout(act, ms));
  }

  /** A child that keeps the output open after its parent has ended is left alone when it says nothing more. */
  #alive(): void {
    if (!this.#exit) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.channel.close(), quiet);
  }

  #stop(why: 'timeout' | 'abort'): void {
    if (this.#ending) return;
    this.#ending = why;
    this.#signal('TERM');
    this.#after(grace, () => this.#signal('KILL'));
    this.#after(grace * 1.5, () => {
      this.channel.close();
      this.#settle();
    });
  }

  #signal(name: 'TERM' | 'KILL'): void {
    const pid = Number(this.#err.rest);
    // Without a process id nothing has begun yet; sshd may know whom to tell.
    if (pid > 1) this.order.kill(pid, name);
    else this.channel.signal(name);
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#idle);
    this.order.signal?.removeEventListener('abort', this.#onAbort);
    this.#out.end();
    this.#err.end();
    const signal = this.#exit?.signal ?? (this.#ending ? 'SIGTERM' : undefined);
    this.resolve({
      started: this.#err.begun,
      before: `${this.#out.before}${this.#err.before}`,
      code: this.#ending ? -1 : (this.#exit?.code ?? -1),
      ...(signal === undefined ? {} : {signal}),
      timedOut: this.#ending === 'timeout',
      aborted: this.#ending === 'abort',
      unfinished: !this.#exit && !this.#ending,
      stdout: this.#stdout,
      stderr: this.#stderr,
      tookMs: performance.now() - this.#began,
    });
  }
}

/** One output stream of a command: what comes after the line with the mark, and a little of what came before. */
class Stream {
  readonly #mark: Buffer;
  readonly #tail: Tail;
  readonly #lines: Lines | undefined;
  #held: Buffer = Buffer.alloc(0);
  /** Whether the mark was seen. */
  begun = false;
  /** The text before the mark, at most its last 64 KiB. */
  before = '';
  /** What stands behind the mark on its line. */
  rest = '';

  constructor(mark: string, tail: Tail, onLine: ((line: string) => void) | undefined) {
    this.#mark = Buffer.from(mark);
    this.#tail = tail;
    this.#lines = onLine && new Lines(onLine);
  }

  push(chunk: Buffer): void {
    if (this.begun) this.#take(chunk);
    else this.#seek(chunk);
  }

  end(): void {
    this.#lines?.end();
  }

  #take(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#lines?.push(chunk);
  }

  #seek(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    const at = this.#held.indexOf(this.#mark);
    const end = at < 0 ? -1 : this.#held.indexOf(0x0a, at);
    if (end < 0) {
      this.#held = Buffer.from(this.#held.subarray(-mostNoise));
      this.before = this.#held.toString('utf8');
      return;
    }
    this.begun = true;
    this.before = this.#held.subarray(0, at).toString('utf8');
    this.rest = this.#held
      .subarray(at + this.#mark.length, end)
      .toString('latin1')
      .trim();
    if (this.#held.length > end + 1) this.#take(this.#held.subarray(end + 1));
    this.#held = Buffer.alloc(0);
  }
}
