import {Ask} from './ask.js';
import type {Manager} from './manager.js';
import type {JobResult, Unit} from './unit.js';

/** Something that shall become of a unit, and everybody who waits for it. */
class Job {
  readonly end = new Ask<JobResult>();
  /** What it waits for now. */
  waits: Job[] = [];

  constructor(readonly kind: 'start' | 'stop') {}

  /** Whether it waits, through others, for that one. */
  needs(other: Job): boolean {
    return this.waits.some((one) => one === other || one.needs(other));
  }
}

/** What is under way for the units of a manager; one job at a time for each unit. */
export class Jobs {
  readonly #of = new Map<Unit, Job>();

  constructor(private readonly manager: Manager) {}

  kindOf(unit: Unit): 'start' | 'stop' | undefined {
    return this.#of.get(unit)?.kind;
  }

  /** With everything that it wants and needs. */
  start(unit: Unit, again = false): Promise<JobResult> {
    const all = this.#needed(unit);
    const jobs = all.map((one) => [one, this.#of.get(one)] as const);
    for (const [one, job] of jobs) {
      if (job?.kind === 'start') continue;
      if (one !== unit && one.isUp && !job) continue;
      if (job) job.end.tell('canceled');
      const made = new Job('start');
      this.#of.set(one, made);
      void this.#doStart(one, made, again && one === unit);
    }
    return this.#of.get(unit)!.end.said;
  }

  /** With everything that cannot be without it. */
  async stop(unit: Unit): Promise<JobResult> {
    const all = this.#dependents(unit);
    for (const one of all) {
      const job = this.#of.get(one);
      if (job?.kind === 'stop') continue;
      job?.end.tell('canceled');
      const made = new Job('stop');
      this.#of.set(one, made);
      void this.#doStop(one, made);
    }
    return this.#of.get(unit)!.end.said;
  }

  async restart(unit: Unit): Promise<JobResult> {
    const others = this.#dependents(unit).filter((one) => one !== unit && one.isUp);
    await this.stop(unit);
    const result = this.start(unit);
    if ((await result) === 'done') for (const one of others) if (one.isDown) void this.start(one);
    return result;
  }

  async #doStart(unit: Unit, job: Job, again: boolean): Promise<void> {
    // Until everything that is started with it has its job too.
    await Promise.resolve();
    await this.#await(job, this.#afterOf(unit));
    const {text} = unit.source;
    const missing = ['Requires', 'BindsTo']
      .flatMap((key) => text.names('Unit', key))
      .find((name) => text.names('Unit', 'After').includes(name) && !this.manager.unit(name).isUp);
    if (!job.end.isSaid && missing !== undefined && unit.isDown) {
      this.manager.says(unit, `Dependency failed for ${unit.title}.`);
      this.#close(unit, job, 'dependency');
      return;
    }
    if (job.end.isSaid || this.manager.isCut) return this.#close(unit, job, 'canceled');
    // Whatever ends now is awaited by the unit itself.
    const result = await this.manager.begin(unit, again).catch(() => 'failed' as const);
    this.#close(unit, job, result);
  }

  async #doStop(unit: Unit, job: Job): Promise<void> {
    await Promise.resolve();
    // What comes after it goes before it.
    const before = [...this.#of.keys()].filter((one) => one !== unit && this.#afterOf(one).includes(unit));
    await this.#await(
      job,
      before.filter((one) => this.kindOf(one) === 'stop'),
    );
    if (job.end.isSaid || this.manager.isCut) return this.#close(unit, job, 'canceled');
    await unit.end().catch(() => {});
    this.#close(unit, job, 'done');
  }

  async #await(job: Job, units: readonly Unit[]): Promise<void> {
    const others = units.flatMap((one) => this.#of.get(one) ?? []);
    // Who waits for this one already is not waited for.
    job.waits = others.filter((other) => other !== job && !other.needs(job));
    await Promise.race([
      Promise.all(job.waits.map(({end}) => end.said)),
      job.end.said,
      this.manager.cutOff.said,
    ]);
    job.waits = [];
  }

  #close(unit: Unit, job: Job, result: JobResult): void {
    if (this.#of.get(unit) === job) this.#of.delete(unit);
    job.end.tell(result);
    this.manager.collect();
  }

  #afterOf(unit: Unit): Unit[] {
    const named = unit.source.text.names('Unit', 'After').flatMap((name) => this.manager.known(name) ?? []);
    const naming = this.manager
      .all()
      .filter(({source}) => source.text.names('Unit', 'Before').includes(unit.id));
    return [...named, ...naming];
  }

  #needed(unit: Unit): Unit[] {
    const found = new Set([unit]);
    for (const one of found) {
      const {text, id} = one.source;
      const names = [
        ...['Wants', 'Requires', 'BindsTo'].flatMap((key) => text.names('Unit', key)),
        ...this.manager.files.wantsOf(id),
      ];
      for (const name of names) {
        const other = this.manager.unit(name);
        if (other.source.load === 'loaded') found.add(other);
      }
    }
    return [...found];
  }

  #dependents(unit: Unit): Unit[] {
    const found = new Set([unit]);
    for (const one of found) {
      for (const other of this.manager.all()) {
        if (other.isDown && this.kindOf(other) !== 'start') continue;
        const needs = ['Requires', 'BindsTo', 'PartOf'].flatMap((key) =>
          other.source.text.names('Unit', key),
        );
        if (needs.includes(one.id)) found.add(other);
      }
    }
    return [...found];
  }
}
