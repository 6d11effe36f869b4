import type {Interrogation} from './evidence.js';
import type {Happening} from './happening.js';
import type {Memory} from './memory.js';
import {inquiryEveryMs} from './suspicion.js';
import type {MonitorSettings} from './settings.js';

/** ms between two rounds while the primary is well: whether it could be asked, and says that its bot is there. */
const calmEveryMs = 15 * 60_000;
/** A round that fails while all is well is asked again soon, before anybody is alarmed. */
const doubtEveryMs = 60_000;
/** After that seldom enough for a fail2ban on the primary, to which each refused key is a failed login. */
const lostEveryMs = 10 * 60_000;
/** ms between two preparations for a takeover. */
const prepareEveryMs = 300_000;

/** One round of questions at a time, beside the probes: a round that takes long delays no probe. */
export class Questions {
  #running = false;
  #startedMs = -Infinity;
  /** When the primary refused the key last. */
  #refusedMs = -Infinity;
  #answered: Happening[] = [];
  #preparedMs = -Infinity;

  /** Whether answers are on their way. */
  get running(): boolean {
    return this.#running;
  }

  /** When the next round is due, monotonic ms; Infinity while one is running, or none is wanted. */
  dueMs(memory: Memory, settings: MonitorSettings, nowMs: number): number {
    const everyMs = this.#everyMs(memory, settings, nowMs);
    const wanted = !this.#running && everyMs !== Number.POSITIVE_INFINITY;
    return wanted ? this.#startedMs + everyMs : Number.POSITIVE_INFINITY;
  }

  /** Starts a round when one is due. */
  ask(
    memory: Memory,
    settings: MonitorSettings,
    nowMs: number,
    interrogate: (settings: MonitorSettings, quietly: boolean) => Promise<Interrogation>,
  ): void {
    if (nowMs < this.dueMs(memory, settings, nowMs)) return;
    this.#running = true;
    this.#startedMs = nowMs;
    const quietly = memory.reach.works === false && nowMs - this.#refusedMs < lostEveryMs;
    interrogate(settings, quietly).then(
      (answers) => this.#answer(nowMs, answers),
      (error: Error) => this.#answer(nowMs, nothing(error.message)),
    );
  }

  /** The answers that have come since the last call. */
  take(): Happening[] {
    return this.#answered.splice(0);
  }

  /** Whether it is time to get ready for a takeover: a doubt that more than one lost packet has raised. */
  prepareDue({state, suspicion, resume}: Memory, nowMs: number): boolean {
    const clear = resume || (suspicion !== null && (suspicion.count >= 2 || suspicion.class === 'refused'));
    const due =
      (state === 'suspect' || state === 'blocked') && clear && nowMs - this.#preparedMs >= prepareEveryMs;
    if (due) this.#preparedMs = nowMs;
    return due;
  }

  #everyMs(
    {state, suspicion, resume, reach, readiness}: Memory,
    settings: MonitorSettings,
    nowMs: number,
  ): number {
    const doubtful = state === 'suspect' || state === 'blocked' || resume;
    if (suspicion && doubtful) {
      // A refused port is a clear word; one bad probe of another kind may be a lost packet.
      if (suspicion.count < 2 && suspicion.class !== 'refused' && !resume) return Number.POSITIVE_INFINITY;
      // The first round belongs to this suspicion, however short ago the last one was.
      return this.#startedMs < suspicion.firstMs ? 0 : inquiryEveryMs(suspicion, nowMs);
    }
    if (state !== 'watching' || settings.interrogation === null) return Number.POSITIVE_INFINITY;
    if (reach.works === false) return lostEveryMs;
    const doubt = reach.works !== true || reach.failures > 0 || (readiness.badMs !== null && !readiness.told);
    return doubt ? doubtEveryMs : calmEveryMs;
  }

  #answer(startedMs: number, answers: Interrogation): void {
    this.#running = false;
    if (answers.asked.kind === 'refused') this.#refusedMs = startedMs;
    this.#answered.push({on: 'answers', startedMs, answers});
  }
}

const nothing = (detail: string): Interrogation => ({
  asked: {kind: 'unavailable', detail},
  publicPath: null,
  witness: {alive: false, by: detail},
});
