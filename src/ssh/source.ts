import {Abort, Exit} from '../errors.js';
import type {Host} from './host.js';
import {untilAborted} from './until-aborted.js';

/**
 * A host, or how to get it: one that cannot be reached now may be there later.
 * @throws Abort (exit 4) when it cannot be reached
 */
export interface HostSource<H extends Host = Host> {
  (): Promise<H>;
  /**
   * Gives up the connection, or the attempt to make one: the next call makes a new one. Whoever still uses the old one
   * may finish. Never throws.
   */
  drop(): void;
}

/** A connection that was made, and how all that belongs to it ends. */
export interface Dialled<H extends Host = Host> {
  host: H;
  close: () => Promise<void>;
}

export interface KeptOptions {
  /** ms that a connection which was dropped is left to those who still use it. Default 60 000. */
  graceMs?: number;
}

/** Connections that were dropped and not yet closed; a host allows only so many. */
const mostOld = 3;

/** A connection, or the attempt to make one. */
interface Try<H extends Host> {
  dialled: Promise<Dialled<H>>;
  /** Set as soon as it stands. */
  standing?: Dialled<H>;
  /** Ends the attempt. */
  ending: AbortController;
}

/** What there is already: a connection, the error that there was instead, or an attempt that goes on. */
export type First<H extends Host> =
  {dialled: Dialled<H>} | {error: unknown} | {dialling: Promise<Dialled<H>>; ending: AbortController};

/**
 * Keeps one connection for everybody who asks, and makes it with `dial` when there is none; whoever asks meanwhile gets
 * the same one. `first` is what there is already; an error in it is told once. The signal
 * that `dial` is given ends the attempt, and is never aborted once there is a connection.
 */
export function keptSource<H extends Host>(
  dial: (signal: AbortSignal) => Promise<Dialled<H>>,
  first?: First<H>,
  {graceMs = 60_000}: KeptOptions = {},
): HostSource<H> & {close: () => Promise<void>} {
  const kept = new Kept(dial, graceMs);
  if (first) kept.begin(first);
  return Object.assign(() => kept.host(), {drop: () => kept.drop(), close: () => kept.close()});
}

class Kept<H extends Host> {
  readonly #dial: (signal: AbortSignal) => Promise<Dialled<H>>;
  readonly #graceMs: number;
  #now: Try<H> | undefined;
  /** Oldest first. */
  readonly #old = new Map<Dialled<H>, NodeJS.Timeout>();
  #closed = false;

  constructor(dial: (signal: AbortSignal) => Promise<Dialled<H>>, graceMs: number) {
    this.#dial = dial;
    this.#graceMs = graceMs;
  }

  begin(first: First<H>): void {
    const ending = new AbortController();
    if ('dialled' in first)
      this.#now = {dialled: Promise.resolve(first.dialled), standing: first.dialled, ending};
    else if ('dialling' in first) this.#now = this.#attempt(first.dialling, first.ending);
    else this.#now = {dialled: Promise.reject(first.error), ending};
    // Told to whoever asks first, and to nobody when nobody does.
    this.#now.dialled.catch(() => undefined);
  }

  async host(): Promise<H> {
    if (this.#closed) throw new Abort('The connection was closed.', {exit: Exit.unreachable});
    const mine = (this.#now ??= this.#try());
    try {
      return (await mine.dialled).host;
    } catch (error) {
      if (this.#now === mine) this.#now = undefined;
      throw error;
    }
  }

  drop(): void {
    const left = this.#leave();
    if (!left) return;
    const timer = setTimeout(() => void this.#end(left), this.#graceMs);
    // Whoever ends this process calls `close`, or wants it to end.
    timer.unref();
    this.#old.set(left, timer);
    const [oldest] = this.#old.keys();
    if (this.#old.size > mostOld && oldest) void this.#end(oldest);
  }

  /** Waits for no attempt. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = this.#leave();
    const all = [...this.#old.keys(), ...(left ? [left] : [])];
    await Promise.all(all.map((one) => this.#end(one)));
  }

  /** @returns what stood until now */
  #leave(): Dialled<H> | undefined {
    const left = this.#now;
    this.#now = undefined;
    if (left && !left.standing)
      left.ending.abort(new Abort('The attempt to connect was given up.', {exit: Exit.unreachable}));
    return left?.standing;
  }

  async #end(one: Dialled<H>): Promise<void> {
    clearTimeout(this.#old.get(one));
    this.#old.delete(one);
    await one.close().catch(() => undefined);
  }

  #try(): Try<H> {
    const ending = new AbortController();
    return this.#attempt(this.#dial(ending.signal), ending);
  }

  #attempt(dialling: Promise<Dialled<H>>, ending: AbortController): Try<H> {
    const {signal} = ending;
    const attempt = async (): Promise<Dialled<H>> => {
      const done = await dialling;
      if (signal.aborted) void this.#end(done);
      else made.standing = done;
      return done;
    };
    // However an attempt takes its signal, nobody waits for one that was given up.
    const made: Try<H> = {dialled: untilAborted(attempt(), signal), ending};
    return made;
  }
}
