import {longestPauseMs} from './control.js';
import type {Happening} from './happening.js';
import type {Memory} from './memory.js';
import type {Pending, Want} from './pending.js';
import type {Ports} from './ports.js';
import {attempt} from './records.js';

/** The newest request of each kind that was heard; saved, so that the next monitor does not hear it again. */
export type HeardRequests = Partial<Record<Want, string>>;

/** What an operator has asked for since the last round, each request once. */
export class Operator {
  /** A pause that ended by the monotonic clock does not begin again because the wall clock was set back. */
  #over = '';
  #pending: Pending[] = [];
  #heard: HeardRequests = {};

  get heard(): HeardRequests {
    return this.#heard;
  }

  /** What the monitor before had heard. */
  goOn(heard: HeardRequests): void {
    this.#heard = heard;
  }

  async requests(ports: Ports, {pause: known}: Memory): Promise<Happening[]> {
    const [pause, pending] = await Promise.all([ports.pause(), ports.pending()]);
    const heard: Happening[] = [];
    const leftMs = Math.min((pause?.untilMs ?? 0) - ports.wallMs(), longestPauseMs);
    if (pause && pause.id !== known?.id && leftMs > 0 && pause.id !== this.#over)
      heard.push({on: 'pause', untilMs: ports.nowMs() + leftMs, why: pause.why, id: pause.id});
    if (!pause && known) heard.push({on: 'resume'});
    for (const {want, id, why} of pending) {
      if (this.#heard[want] === id) continue;
      heard.push(want === 'promote' ? {on: want, why} : {on: want});
      this.#heard = {...this.#heard, [want]: id};
    }
    this.#pending = pending;
    return heard;
  }

  /** What was heard is saved, as far as that is possible: now it may go. */
  async settled(ports: Ports): Promise<void> {
    for (const one of this.#pending.splice(0)) await attempt(() => ports.drop(one));
  }

  /** Notes a pause that is over. */
  ended(pause: Memory['pause']): void {
    if (pause) this.#over = pause.id;
  }
}
