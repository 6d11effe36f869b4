import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit, messageOf} from '../errors.js';
import {isTransient} from './failure.js';
import type {Link} from './link.js';
import {untilAborted} from './until-aborted.js';

export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'reconnecting' | 'closed';

export interface ConnectionOptions {
  open: (signal: AbortSignal) => Promise<Link>;
  /** `why` is one sentence, where there is something to say. */
  onState?: ((state: ConnectionState, why?: string) => void) | undefined;
  /** ms; how long a lost connection is tried again before a command gives up. Default 30 000. */
  reconnectForMs?: number | undefined;
  /** ms before the second try; it doubles, up to 8 s. Default 1 000. */
  backoffMs?: number | undefined;
}

/** One connection that comes back: whoever needs it gets it, however often it was lost before. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #end = new AbortController();
  #link: Link | undefined;
  #opening: Promise<Link> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The first connection: one try, so that an operator at the screen learns at once what is wrong. */
  async open(signal?: AbortSignal): Promise<Link> {
    this.#tell('connecting');
    return this.#keep(await this.#options.open(this.#bounded(signal)));
  }

  /** The connection; a lost one is opened again first. @throws Abort (exit 4) when that does not succeed in time. */
  async link(signal?: AbortSignal): Promise<Link> {
    if (this.#end.signal.aborted) throw this.#end.signal.reason;
    if (this.#link && !this.#link.lost) return this.#link;
    // Shared by all commands that wait, so no single one may end it.
    this.#opening ??= this.#reopen().finally(() => (this.#opening = undefined));
    return signal ? untilAborted(this.#opening, signal) : this.#opening;
  }

  close(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort(new Abort('The connection was closed.', {exit: Exit.unreachable}));
    this.#link?.close();
    this.#tell('closed');
  }

  async #reopen(): Promise<Link> {
    const {reconnectForMs = 30_000, backoffMs = 1_000} = this.#options;
    const deadline = performance.now() + reconnectForMs;
    const signal = this.#end.signal;
    this.#tell('reconnecting');
    for (let wait = backoffMs; ; wait = Math.min(wait * 2, 8_000)) {
      const late = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())));
      try {
        return this.#keep(await this.#options.open(AbortSignal.any([signal, late])));
      } catch (error) {
        signal.throwIfAborted();
        if (!isTransient(error) && !late.aborted) throw error;
        if (performance.now() + wait >= deadline)
          throw late.aborted && !(error instanceof Abort) ? tooLong(reconnectForMs, error) : error;
        this.#tell('lost', messageOf(error));
        await sleep(wait, undefined, {signal}).catch(() => signal.throwIfAborted());
        this.#tell('reconnecting');
      }
    }
  }

  #keep(link: Link): Link {
    if (this.#end.signal.aborted) {
      link.close();
      throw this.#end.signal.reason;
    }
    this.#link = link;
    this.#tell('connected');
    link.onLost((cause) => {
      if (this.#end.signal.aborted || this.#link !== link) return;
      this.#tell('lost', cause instanceof Error ? cause.message : undefined);
    });
    return link;
  }

  #bounded(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal;
  }

  #tell(state: ConnectionState, why?: string): void {
    this.#options.onState?.(state, why);
  }
}

function tooLong(ms: number, cause: unknown): Abort {
  return new Abort(`The connection could not be opened again within ${ms / 1000} s.`, {
    next: ['Check the network, then run the same command again; it continues from what the hosts say.'],
    exit: Exit.unreachable,
    cause,
  });
}
