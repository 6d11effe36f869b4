// Plays one row on the stage: rest, fault, what must follow, healing, audit. Everything is timed from the fault.

import {setTimeout as sleep} from 'node:timers/promises';
import type {EventName, MonitorEvent} from '../../../src/monitor/events.js';
import {layout, units} from '../../../src/templates/layout.js';
import {sh} from '../host-state.js';
import {monotonicMs} from '../inside.js';
import {audit, type Sample} from './audit.js';
import {tolerance} from './bounds.js';
import {inSeconds, nameOf, type Row} from './row.js';
import type {Stage} from './stage.js';

const lookEveryMs = 100;
const sampleEveryMs = 250;
const probeIntervalMs = 5_000;

export interface Wanted {
  /** ms after `after`, or after the fault. */
  within: number;
  /** Only events from then on, monotonic ms. Default: the fault. */
  after?: number;
  like?: (event: MonitorEvent) => boolean;
}

export class Play {
  /** When the pair was at rest, wall clock. */
  beganAtMs = 0;
  /** When the fault was injected, monotonic ms; of several, the newest that `also` brought. */
  faultMs = Infinity;
  readonly measures: string[] = [];
  private readonly samples: Sample[] = [];

  constructor(
    readonly stage: Stage,
    readonly row: Row,
  ) {}

  /** Everything that the monitor has written since the row began. */
  async events(): Promise<MonitorEvent[]> {
    const text = (await this.stage.standby.inside.read(layout.events)) ?? '';
    // The last line may be in the middle of being written.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as MonitorEvent);
  }

  async find(name: EventName, {after = this.faultMs, like = () => true}: Partial<Wanted> = {}) {
    return (await this.events()).find((one) => one.event === name && one.ms >= after && like(one));
  }

  /** Waits for an event. @throws when it does not come in time */
  async event(name: EventName, wanted: Wanted): Promise<MonitorEvent> {
    const {after = this.faultMs} = wanted;
    const within = wanted.within + tolerance;
    for (;;) {
      const found = await this.find(name, wanted);
      if (found && found.ms - after <= within) return found;
      if (found)
        throw new Error(
          `"${name}" came ${inSeconds(found.ms - after)} after, not within ${inSeconds(within)}`,
        );
      // What was written in the last moment is seen a little later.
      if (monotonicMs() > after + within + 1500) throw new Error(`no "${name}" within ${inSeconds(within)}`);
      await sleep(lookEveryMs);
    }
  }

  /** Polls until the answer is there. @throws with what was awaited after `limitMs` from now */
  async until(what: string, limitMs: number, look: () => Promise<boolean>): Promise<void> {
    const end = monotonicMs() + limitMs;
    while (!(await look())) {
      if (monotonicMs() > end) throw new Error(`not within ${inSeconds(limitMs)}: ${what}`);
      await sleep(lookEveryMs);
    }
  }

  /** Waits until so many ms after the fault. */
  async sleepTo(ms: number): Promise<void> {
    await sleep(Math.max(0, this.faultMs + ms - monotonicMs()));
  }

  since = (event: {ms: number}): number => event.ms - this.faultMs;

  measure(what: string, ms: number): void {
    this.note(`${what} ${inSeconds(ms)}`);
  }

  note(measure: string): void {
    this.measures.push(measure);
  }

  /** @throws with the whole story when something did not happen, happened too late, or broke a rule */
  async run(): Promise<void> {
    const {stage, row} = this;
    await stage.prepare(row);
    // The fault comes at any moment between two probes.
    await sleep(Math.random() * probeIntervalMs);
    const stop = new AbortController();
    const sampling = this.sample(stop.signal);
    const wrong: string[] = [];
    let healing: Promise<void> | undefined;
    try {
      this.beganAtMs = Date.now();
      this.faultMs = monotonicMs();
      await stage.inject(row.fault);
      if (row.for !== undefined) healing = this.sleepTo(row.for).then(() => stage.heal(row.fault));
      for (const step of row.steps) {
        try {
          await step.do(this);
        } catch (error) {
          throw new Error(`${step.text}: ${(error as Error).message}`, {cause: error});
        }
      }
      await healing;
    } catch (error) {
      wrong.push((error as Error).message);
    }
    stop.abort();
    await sampling;
    wrong.push(...audit({events: await this.events(), samples: this.samples}, row.without));
    const story = wrong.length > 0 ? await this.story() : '';
    await healing?.catch(() => {});
    await stage.heal().catch((error: Error) => wrong.push(`healing: ${error.message}`));
    if (this.measures.length > 0) console.log(`measured: ${nameOf(row)}: ${this.measures.join(', ')}`);
    if (wrong.length > 0) throw new Error(`${nameOf(row)}\n  ${wrong.join('\n  ')}\n${story}`);
  }

  private async sample(signal: AbortSignal): Promise<void> {
    const {stage} = this;
    while (!signal.aborted) {
      const [now, processes] = await Promise.all([
        stage.told(),
        stage.standby.inside.processes(units.gateway),
      ]);
      this.samples.push({ms: monotonicMs(), state: now?.state, runs: processes.length > 0});
      await sleep(sampleEveryMs, undefined, {signal}).catch(() => {});
    }
  }

  /** The events with their times from the fault, and the end of the journal. */
  private async story(): Promise<string> {
    const line = (one: MonitorEvent) =>
      `${inSeconds(one.ms - this.faultMs).padStart(9)}  ${one.seq} ${one.event} ${one.from}→${one.to} ${one.class ?? ''}: ${one.say}`;
    const events = await this.events();
    const journal = await sh(
      this.stage.standby.host,
      `journalctl -n 25 --no-pager -o short-precise -u openclaw.service -u '${units.monitor}' -u 'openclaw-failover-*' -u 'openclaw-standby-*'`,
    ).catch((error: Error) => error.message);
    const now = await this.stage.standby.inside.read(layout.live);
    return [
      'events (seconds after the fault):',
      ...events.map(line),
      'journal:',
      journal,
      `now: ${now}`,
    ].join('\n');
  }
}
