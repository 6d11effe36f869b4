import type {MonitorEvent} from './events.js';
import type {Memory} from './memory.js';
import type {HeardRequests} from './operator.js';
import type {Ports} from './ports.js';
import type {Retold} from './retell.js';
import type {Saved} from './state-file.js';

const saveEveryMs = 60_000;
/** Events kept in memory while the disk takes none. */
const mostWaiting = 500;

/** What changes with every look and is not worth a write of its own. */
const momentary = {unit: 0, handled: 0, inquiry: 0, reach: 0, gateway: 0, channel: 0, lastOkMs: 0};

/** What is saved beside the memory. `limitEndsMs`: as in judge.ts. */
interface Around {
  boot: string;
  say: string;
  retold: Retold;
  heard: HeardRequests;
  limitEndsMs: number | null;
}

/**
 * The state file and the event log of a running monitor. Events are part of the state until they are in the log,
 * so one that a crash cut off is written by the next monitor, and none is written twice.
 */
export class Records {
  #outbox: MonitorEvent[] = [];
  #savedKey = '';
  #savedMs = -Infinity;
  #failed = false;

  constructor(private readonly ports: Ports) {}

  /** Events of the monitor before, without those that are in the log. */
  takeOver(outbox: readonly MonitorEvent[], lastSeq: number): void {
    this.#outbox = outbox.filter((event) => event.seq > lastSeq);
  }

  keep(event: MonitorEvent): void {
    this.#outbox = [...this.#outbox, event].slice(-mostWaiting);
  }

  /** Saves what a restart needs, when it changed or is a minute old. Returns the system's word for a failure. */
  async save(memory: Memory, around: Around): Promise<string | null> {
    const nowMs = this.ports.nowMs();
    const {state, good, probe} = memory;
    const key = JSON.stringify({
      ...memory,
      ...momentary,
      good: state === 'watching' ? 0 : good,
      probe: probe?.class,
      // Its average moves with every probe.
      slowness: {...memory.slowness, usualMs: 0},
      heard: around.heard,
    });
    if (key === this.#savedKey && !this.#failed && nowMs - this.#savedMs < saveEveryMs) return null;
    const problem = await attempt(() => this.ports.save(this.#content(memory, around, nowMs)));
    this.#failed = problem !== null;
    if (problem === null) {
      this.#savedKey = key;
      this.#savedMs = nowMs;
    }
    return problem;
  }

  /** Appends what waits. Returns the system's word for a failure; nothing is dropped then. */
  async log(): Promise<string | null> {
    const waiting = this.#outbox;
    if (waiting.length === 0) return null;
    const problem = await attempt(() => this.ports.log.append(waiting));
    // Not all of it: a reload of the settings may have added a line meanwhile.
    if (problem === null) this.#outbox = this.#outbox.filter((event) => !waiting.includes(event));
    return problem;
  }

  #content(memory: Memory, {limitEndsMs, ...around}: Around, nowMs: number): Saved {
    const wallMs = this.ports.wallMs();
    return {
      version: 2,
      header: 'Written by the health monitor of failover-wizard. Do not edit.',
      time: new Date(wallMs).toISOString(),
      since: new Date(wallMs - (nowMs - memory.sinceMs)).toISOString(),
      ...around,
      noTakeoverUntil: limitEndsMs === null ? null : new Date(wallMs - nowMs + limitEndsMs).toISOString(),
      outbox: this.#outbox,
      memory,
    };
  }
}

/** null, or the system's word for what went wrong. */
export async function attempt(action: () => Promise<void>): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}
