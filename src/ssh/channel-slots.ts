import {setTimeout as sleep} from 'node:timers/promises';
import {NoChannel} from './exec.js';

/** sshd allows ten sessions per connection unless told otherwise; two stay free to end commands with. */
const usual = 8;
const spare = 2;
/** ms */
const longestPause = 400;

/** Lets a number of commands run at once on one connection; the others wait in line, in order. */
export class ChannelSlots {
  #limit = usual;
  #running = 0;
  readonly #line: (() => void)[] = [];

  /**
   * Runs `start` when there is room. A server that allows fewer channels than usual is believed: the limit
   * goes down, and the command waits for another one to end.
   * @throws what `start` throws; the signal's reason when it is aborted in line.
   */
  async use<T>(signal: AbortSignal | undefined, start: () => Promise<T>): Promise<T> {
    for (let pause = 50; ;) {
      await this.#enter(signal);
      try {
        return await start();
      } catch (error) {
        if (!(error instanceof NoChannel)) throw error;
        if (this.#running > 1) this.#limit = Math.max(1, this.#running - spare);
        else if (pause > longestPause) throw error;
        else {
          // Nothing else runs: the server may still be clearing away channels that were just closed.
          await sleep(pause, undefined, signal ? {signal} : {}).catch(() => signal?.throwIfAborted());
          pause *= 2;
        }
      } finally {
        this.#running -= 1;
        this.#admit();
      }
    }
  }

  #admit(): void {
    while (this.#running < this.#limit && this.#line.length > 0) {
      this.#running += 1;
      this.#line.shift()!();
    }
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = this.#line.indexOf(enter);
        if (place >= 0) this.#line.splice(place, 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, {once: true});
      this.#line.push(enter);
      this.#admit();
    });
  }
}
