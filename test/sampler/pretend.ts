import type {Host, Script} from '../../src/ssh/host.js';
import type {HostSource} from '../../src/ssh/source.js';
import type {StreamClock} from '../../src/sampler/stream.js';

/** Time that passes only when a test says so; the clock on the wall can be moved by itself. */
export class PretendTime implements StreamClock {
  #monotonicMs = 1000;
  #wallMs = 1_800_000_000_000;
  readonly #sleepers = new Set<{untilMs: number; wake: () => void}>();

  now = () => this.#wallMs;
  monotonicMs = () => this.#monotonicMs;

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const sleeper = {untilMs: this.#monotonicMs + ms, wake: () => resolve()};
      this.#sleepers.add(sleeper);
      const end = () => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      sleeper.wake = end;
      signal.addEventListener('abort', end, {once: true});
    });
  }

  /** Lets everybody who waits go on, as time passes in steps of 100 ms. */
  async pass(ms: number): Promise<void> {
    await settled();
    for (let left = ms; left > 0; left -= 100) {
      const step = Math.min(100, left);
      this.#monotonicMs += step;
      this.#wallMs += step;
      // oxlint-disable-next-line no-await-in-loop
      await this.#due();
    }
  }

  /** The machine was asleep: the wall's clock went on, and this one did not (as on Linux), or did too. */
  async asleep(ms: number, steady: 'stood' | 'went on'): Promise<void> {
    this.#wallMs += ms;
    if (steady === 'went on') this.#monotonicMs += ms;
    await this.pass(1100);
  }

  get waiting(): number {
    return this.#sleepers.size;
  }

  async #due(): Promise<void> {
    for (const sleeper of this.#sleepers) if (sleeper.untilMs <= this.#monotonicMs) sleeper.wake();
    await settled();
  }
}

/** Every promise that can go on has gone on. */
export async function settled(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A host that says what a test makes it say. */
export class PretendHost {
  /** Scripts that were followed. */
  readonly followed: Script[] = [];
  /** Times that the connection was given up. */
  drops = 0;
  dials = 0;
  /** What an attempt to connect comes to. */
  dial: () => Promise<unknown> = async () => undefined;
  #say: (what: string | {error?: unknown}) => void = () => undefined;

  readonly source: HostSource = Object.assign(
    async () => {
      this.dials += 1;
      await this.dial();
      return this.#host;
    },
    {drop: () => void (this.drops += 1)},
  );

  async say(...lines: string[]): Promise<void> {
    await settled();
    for (const line of lines) this.#say(line);
    return settled();
  }

  /** What runs there ends, with an error or without. */
  async end(error?: unknown): Promise<void> {
    await settled();
    this.#say({error});
    return settled();
  }

  readonly #host = {
    name: 'standby',
    follow: (what: Script, signal: AbortSignal) => this.#follow(what, signal),
  } as unknown as Host;

  async *#follow(what: Script, signal: AbortSignal): AsyncGenerator<string> {
    this.followed.push(what);
    const said: (string | {error?: unknown})[] = [];
    let wake = (): void => undefined;
    this.#say = (one) => {
      said.push(one);
      wake();
    };
    signal.addEventListener('abort', () => wake(), {once: true});
    for (;;) {
      if (signal.aborted) return;
      const next = said.shift();
      if (typeof next === 'string') yield next;
      else if (next?.error !== undefined) throw next.error;
      else if (next) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}
