import {dropRecord, saveRecord, type DrillRecord} from './record.js';

/** The record of a drill on this machine, written again and again, one writing after the other. */
export class DrillMemory {
  #there = false;
  #saved: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly record: () => DrillRecord,
  ) {}

  /** There is one already: that of whoever was cut off. */
  takeOver(): void {
    this.#there = true;
  }

  /** How far it is, for whoever has to end it should this program be cut off. @throws Abort when it cannot be written */
  remember(): Promise<void> {
    this.#there = true;
    const saved = this.#saved.then(() => saveRecord(this.path, this.record()));
    this.#saved = saved.catch(() => undefined);
    return saved;
  }

  /** The same, where there is a record and where it can be: what the hosts say themselves is not lost with it. */
  note(): void {
    if (this.#there) void this.remember().catch(() => undefined);
  }

  /** There was no drill, or it has come to its end. */
  async forget(): Promise<void> {
    this.#there = false;
    await this.#saved;
    await dropRecord(this.path);
  }
}
