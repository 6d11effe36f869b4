import {recorded, remarked, type Heard, type Recording} from './recording.js';

/** Where the record goes. */
export interface RecordPort {
  /** Appends whole lines. @throws the system's error (ENOSPC, EROFS …) */
  record(text: string): Promise<void>;
}

/** ms for which lines are gathered before they are written together. */
const gatherMs = 3_000;
/** Characters that wait at most while the disk takes none. */
const mostWaiting = 64 * 1024;
/** ms without a record after one that could not be written. */
const restMs = 60_000;

/**
 * The flight recorder of a running monitor. It is for whoever asks later and for nothing else: no call of it waits,
 * none throws, and what cannot be written is given up.
 */
export class Recorder {
  #open: Recording | undefined;
  #waiting = '';
  #writing = false;
  #writtenMs = -Infinity;
  #deafUntilMs = -Infinity;

  constructor(private readonly port: RecordPort) {}

  /** Keeps a decision, when it belongs to something that is worth it. */
  heard(heard: Heard): void {
    if (heard.nowMs < this.#deafUntilMs) return;
    try {
      this.#take(recorded(this.#open, heard), heard.nowMs);
    } catch {
      this.#giveUp(heard.nowMs);
    }
  }

  remarked(nowMs: number): void {
    this.#take(remarked(this.#open, nowMs), nowMs);
  }

  /** Begins to write what waits. With a disk in trouble (`fine` false) nothing is begun: the state comes first. */
  write(nowMs: number, fine: boolean): void {
    if (this.#waiting === '' || this.#writing || !fine) return;
    if (this.#open && nowMs - this.#writtenMs < gatherMs) return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#writing = true;
    this.#writtenMs = nowMs;
    this.port
      .record(text)
      .catch(() => this.#giveUp(nowMs))
      .finally(() => {
        this.#writing = false;
      });
  }

  #take({open, lines}: {open: Recording | undefined; lines: string[]}, nowMs: number): void {
    this.#open = open;
    this.#waiting += lines.join('');
    if (this.#waiting.length > mostWaiting) this.#giveUp(nowMs);
  }

  /** A record with a hole in it would tell another story: the next one begins anew. */
  #giveUp(nowMs: number): void {
    this.#open = undefined;
    this.#waiting = '';
    this.#deafUntilMs = nowMs + restMs;
  }
}
