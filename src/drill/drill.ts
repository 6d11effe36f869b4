import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf} from '../errors.js';
import {healthOf, readyAt, type Health} from '../plan/health.js';
import {mustAskMonitor} from '../plan/ask-monitor.js';
import {clean} from '../screens/clip.js';
import type {Host, HostName} from '../ssh/host.js';
import {untilAborted} from '../ssh/until-aborted.js';
import {Breaking, notMade} from './breaking.js';
import {askClocks, clockNotes, type HostClocks} from './clocks.js';
import type {DrillPort, DrillView} from './events.js';
import {leftInTheMiddle} from './left.js';
import {DrillMemory} from './memory.js';
import {Mending} from './mend.js';
import type {DrillParts, DrillPlan, WorkspaceBefore} from './parts.js';
import type {DrillRecord} from './record.js';
import type {DrillReport, StageId} from './report.js';
import {courseOf, type Course, type OwnMark} from './timeline.js';
import {soFarOf, takeUp} from './so-far.js';
import {reportOf} from './to-report.js';
import {Watching} from './watching.js';
import {wayOf, type Way} from './way.js';
import {news} from './news.js';

/** ms for which one look at whether the primary gets ready goes on. */
const readyLookMs = 20_000;
/** ms between two looks at what is waited for; news wakes them sooner. */
const lookMs = 200;
/** ms before the fault from which on what the monitor tells may belong to it. */
const beforeMs = 2_000;

/** ms for the last try of somebody who leaves at once. */
const lastTryMs = 3_000;

const uncounted = (say: string) => say.replaceAll(/\d+(?::\d+)?/g, '#');

/** One drill, from the timer that undoes it by itself to its report. */
export class Drill {
  readonly marks: OwnMark[] = [];
  readonly problems: string[] = [];
  readonly notes: string[] = [];
  readonly proofs: DrillReport['proofs'] = [];
  /** Why it was ended before its end; null: it was not. */
  stopped: string | null = null;
  faultAtMs: number | null = null;
  /** The host was told to make the fault: it may be in force, also where its moment is not known. */
  asked = false;
  revertAtMs: number | null = null;
  /** How the workspaces stood when the fault was made. */
  workspace: WorkspaceBefore = {rpoMs: null, behind: null, dirty: null};
  readonly way: Way;
  readonly clocks: HostClocks;
  readonly startedMs: number;
  #stoppingMs: number | null = null;
  #doing = '';
  #sinceMs = 0;
  /** It was cut off before, and is finished or taken back now. */
  goesOn = false;
  /** Nothing more is waited for: all that is left to do is to put everything back. */
  concluded = false;
  readonly memory: DrillMemory;
  #test: Promise<void> | undefined;
  readonly #steady: {wallMs: number; steadyMs: number};

  constructor(
    readonly plan: DrillPlan,
    readonly parts: DrillParts,
    readonly port: DrillPort,
  ) {
    this.way = wayOf(plan, parts);
    this.clocks = plan.clocks;
    this.startedMs = Date.parse(plan.mark.startedAt);
    this.memory = new DrillMemory(parts.files.drillRunning, () => this.record());
    this.#steady = {wallMs: parts.now(), steadyMs: performance.now()};
  }

  /** From the beginning. @throws Abort (130) when it was left at once; the primary undoes the fault by itself then */
  async run(): Promise<DrillReport> {
    const breaking = new Breaking(this);
    await breaking.arm();
    return this.#through(async () => {
      await breaking.make();
      await new Watching(this).run();
    });
  }

  /** One that was cut off, from where it stands. `armed`: the timer on the primary is. */
  async finish(record: DrillRecord, armed: boolean): Promise<DrillReport> {
    this.#goOnWith(record);
    if (!armed) this.revertAtMs = null;
    return this.#through(async () => {
      if (!this.concluded) await new Watching(this).run();
    });
  }

  /** Whatever becomes of `act`, the fault is taken back. */
  async #through(act: () => Promise<void>): Promise<DrillReport> {
    const stay = this.parts.onLeaving(() => new Mending(this).undoAtOnce());
    try {
      const report = await this.#withMending(act);
      stay();
      return report;
    } catch (error) {
      // Whoever leaves at once has the last try before the connections are closed.
      if (this.port.force.aborted) {
        stay();
        await Promise.race([new Mending(this).undoAtOnce().catch(() => undefined), sleep(lastTryMs)]);
      }
      throw error;
    }
  }

  async #withMending(act: () => Promise<void>): Promise<DrillReport> {
    try {
      await act();
    } catch (error) {
      this.#leaveIfForced();
      // What was not broken says nothing of the pair.
      if (this.faultAtMs === null) this.stopped ??= `${notMade(error)}: ${messageOf(error)}`;
      else this.problems.push(messageOf(error));
    }
    return this.#mend();
  }

  /** One that was cut off: everything is taken back. */
  async revert(record: DrillRecord | undefined, why: string): Promise<DrillReport> {
    if (record) this.#goOnWith(record);
    this.stopped = why;
    return this.#mend();
  }

  #goOnWith(record: DrillRecord): void {
    this.goesOn = true;
    this.memory.takeOver();
    this.asked = true;
    this.faultAtMs = record.faultAtMs;
    this.revertAtMs = record.revertAtMs;
    this.workspace = record.workspace;
    this.#stoppingMs = record.stoppingMs;
    if (record.faultAtMs !== null) this.broken(record.faultAtMs, record.stoppingMs);
    if (record.soFar) takeUp(this, record.soFar);
    // It is this process that runs it now.
    this.memory.note();
  }

  /** Everything that was reached so far. */
  course(): Course {
    const {events} = this.parts.store;
    // Whoever was cut off at the fault itself did not get to write down when it took effect.
    const begunMs = this.faultAtMs ?? (this.goesOn ? this.startedMs : this.parts.now());
    const fromMs = begunMs - (this.#stoppingMs ?? 0) - beforeMs;
    return courseOf({events, offsetMs: this.clocks.standby.offsetMs, fromMs, marks: this.marks});
  }

  mark(id: StageId, atMs: number, note = ''): void {
    this.marks.push({id, atMs, note: clean(note)});
    this.memory.note();
    this.show();
  }

  /** Says what goes on now. */
  doing(say: string): void {
    if (say === this.#doing) return;
    // What counts its own seconds is one and the same from its first to its last.
    if (uncounted(say) !== uncounted(this.#doing)) this.#sinceMs = this.parts.now();
    this.#doing = say;
    this.show();
  }

  show(course: Course = this.course()): void {
    const {plan, parts} = this;
    const view: DrillView = {
      id: plan.mark.id,
      pair: parts.pair.name,
      fault: plan.fault,
      faultAtMs: this.faultAtMs,
      timeline: course.timeline,
      ...this.way,
      revertAtMs: this.revertAtMs,
      doing: this.#doing,
      sinceMs: this.#sinceMs,
      stopping: this.port.stop.aborted,
    };
    this.port.emit({type: 'view', view});
  }

  /** Both hosts, reached anew where that is needed. */
  host(name: HostName): Promise<Host> {
    return untilAborted(this.parts.sources[name](), this.port.force);
  }

  record(): DrillRecord {
    const {mark, targets, checks, forced, revertS} = this.plan;
    return {
      ...mark,
      version: 1,
      pair: this.parts.pair.name,
      pid: process.pid,
      faultAtMs: this.faultAtMs,
      stoppingMs: this.#stoppingMs,
      // Before it is seen to be armed it may be.
      revertAtMs: this.revertAtMs ?? (this.concluded ? null : this.parts.now() + revertS * 1000),
      targets,
      checks: checks.map(({id, sign, say}) => ({id, sign, say: clean(say)})),
      forced,
      workspace: this.workspace,
      soFar: soFarOf(this),
    };
  }

  /** The fault took effect at `atMs`, after a stop that took `stoppingMs`. */
  broken(atMs: number, stoppingMs: number | null): void {
    this.faultAtMs = atMs;
    this.#stoppingMs = stoppingMs;
    if (stoppingMs !== null) this.marks.push({id: 'stopping', atMs: atMs - stoppingMs, note: ''});
    this.marks.push({id: 'fault', atMs, note: ''});
    this.show();
  }

  /** A takeover is called a test, once: a real outage in the next minutes is answered as if it had not been. */
  callTest({timeline, takeover}: Course): void {
    if (!timeline.verdict || takeover?.tested) return;
    this.#test ??= this.host('standby')
      .then((standby) => mustAskMonitor(standby, {name: 'tested'}, 'call the takeover a test'))
      .then(() => undefined)
      .catch(() => {
        this.notes.push('The takeover could not be called a test: it counts towards the limit of takeovers.');
      });
  }

  /** ms since the fault */
  since = (atMs: number): number => Math.round(atMs - (this.faultAtMs ?? atMs));

  /** How the gateway of the primary is on its own host; undefined: nothing is known of it. */
  async health(): Promise<Health | undefined> {
    const facts = this.parts.facts('primary');
    return facts && healthOf(await this.host('primary'), facts);
  }

  /**
   * When it was seen ready, by this machine's clock; undefined: it is not yet. Looked for on its own host, for some
   * seconds: a look from here would be late by the way there.
   */
  async readyAt(signal: AbortSignal = this.port.force): Promise<number | undefined> {
    const facts = this.parts.facts('primary');
    if (!facts) return undefined;
    const seen = await readyAt(await this.host('primary'), facts, readyLookMs, signal);
    if (typeof seen === 'number') return Math.round(seen - this.clocks.primary.offsetMs);
    if (seen === undefined || signal.aborted) return undefined;
    return (await this.health()) === 'ready' ? this.parts.now() : undefined;
  }

  /** The fault is taken back, both hosts come to rest, and it is told how they were left. */
  async #mend(): Promise<DrillReport> {
    this.concluded = true;
    this.memory.note();
    const left = await new Mending(this).run();
    this.#leaveIfForced();
    await Promise.all([this.#noteClocks(), this.#test]);
    const report = reportOf(this, left, new Date(this.parts.now()));
    // Kept before it is forgotten that there was one.
    await this.parts.keep(report);
    await this.memory.forget();
    return report;
  }

  /** The clocks once more: one that was set meanwhile makes figures that nobody should believe. */
  async #noteClocks(): Promise<void> {
    const {wallMs, steadyMs} = this.#steady;
    const driftMs = this.parts.now() - wallMs - (performance.now() - steadyMs);
    const again = await Promise.all([this.host('primary'), this.host('standby')])
      .then(([primary, standby]) => askClocks({primary, standby}))
      .catch(() => undefined);
    this.notes.push(...clockNotes({driftMs, before: this.clocks, again}));
  }

  /**
   * What `look` finds, at news and again and again; undefined when the limit is over or `signal` was aborted.
   * @throws Abort (130) when it is left at once
   */
  async until<T>(look: () => T | undefined, limitMs: number, signal?: AbortSignal): Promise<T | undefined> {
    const end = performance.now() + limitMs;
    for (;;) {
      this.#leaveIfForced();
      if (signal?.aborted) return undefined;
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() > end) return undefined;
      // oxlint-disable-next-line no-await-in-loop
      await news(this.parts.store, lookMs, signal ? [signal, this.port.force] : [this.port.force]);
    }
  }

  #leaveIfForced(): void {
    if (this.port.force.aborted) throw leftInTheMiddle(this, this.parts.pair.name);
  }
}
