import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit, messageOf} from '../errors.js';
import {askMonitor} from '../plan/ask-monitor.js';
import {mustScript} from '../plan/must.js';
import {clean} from '../screens/clip.js';
import {timeOfDay} from '../screens/format.js';
import type {Host, HostName} from '../ssh/host.js';
import {askClocks, type HostClocks} from './clocks.js';
import {armDeadMan} from './dead-man.js';
import type {DrillPort, DrillView} from './events.js';
import {promisesOf} from './expect.js';
import {faults, isMomentary, timed, timesOf} from './faults.js';
import {Mending} from './mend.js';
import type {DrillParts, DrillPlan, WorkspaceBefore} from './parts.js';
import {dropRecord, saveRecord, type DrillRecord} from './record.js';
import type {DrillReport, StageId} from './report.js';
import {seenOf, type Seen} from './seen.js';
import {stagesFor} from './stages.js';
import {courseOf, type Course, type OwnMark} from './timeline.js';
import {reportOf} from './to-report.js';
import {workspaceNow} from './workspace.js';

/** ms; a gateway with a turn in flight drains for up to 315 s. */
const stopLimitMs = 340_000;
/** ms between two looks at what is waited for; news wakes them sooner. */
const lookMs = 200;
/** ms before the fault from which on what the monitor tells may belong to it. */
const beforeMs = 2_000;
/** ms by which the wall clock of this machine may drift from its steady one before its figures are not to be trusted. */
const jumpMs = 500;

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
  revertAtMs: number | null = null;
  /** How the workspaces stood when the fault was made. */
  workspace: WorkspaceBefore = {rpoMs: null, behind: null, dirty: null};
  clocks: HostClocks;
  startedMs: number;
  #stoppingMs: number | null = null;
  /** When the primary was seen ready again by itself. */
  #readyAtMs: number | null = null;
  #doing = '';
  #sinceMs = 0;
  #tested = false;
  readonly #steady: {wallMs: number; steadyMs: number};

  constructor(
    readonly plan: DrillPlan,
    readonly parts: DrillParts,
    readonly port: DrillPort,
  ) {
    this.clocks = plan.clocks;
    this.startedMs = Date.parse(plan.mark.startedAt);
    this.#steady = {wallMs: parts.now(), steadyMs: performance.now()};
  }

  /** From the beginning. @throws Abort (130) when it was left at once; the primary undoes the fault by itself then */
  async run(): Promise<DrillReport> {
    await this.#arm();
    try {
      await this.#break();
      await this.#watch();
    } catch (error) {
      this.#leaveIfForced();
      this.problems.push(`${messageOf(error)}`);
    }
    return this.#mend();
  }

  /** One that was cut off, from where it stands. */
  async finish(record: DrillRecord): Promise<DrillReport> {
    this.#goOnWith(record);
    try {
      await this.#watch();
    } catch (error) {
      this.#leaveIfForced();
      this.problems.push(messageOf(error));
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
    this.faultAtMs = record.faultAtMs;
    this.revertAtMs = record.revertAtMs;
    this.#stoppingMs = record.stoppingMs;
    if (record.faultAtMs !== null) this.#markFault(record.faultAtMs, record.stoppingMs);
  }

  /** Everything that was reached so far. */
  course(): Course {
    const {events} = this.parts.store;
    const fromMs = (this.faultAtMs ?? this.parts.now()) - (this.#stoppingMs ?? 0) - beforeMs;
    return courseOf({events, offsetMs: this.clocks.standby.offsetMs, fromMs, marks: this.marks});
  }

  mark(id: StageId, atMs: number, note = ''): void {
    this.marks.push({id, atMs, note: clean(note)});
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

  show(): void {
    const {plan, parts} = this;
    const ahead = stagesFor(plan.fault, plan.expected.outcome, {
      message: parts.ask !== undefined,
      told: plan.told,
    });
    const usual: Partial<Record<StageId, number>> = {};
    for (const id of ahead) {
      const ms = parts.usual(plan.fault, id);
      if (ms !== null) usual[id] = ms;
    }
    const view: DrillView = {
      id: plan.mark.id,
      pair: parts.pair.name,
      fault: plan.fault,
      faultAtMs: this.faultAtMs,
      timeline: this.course().timeline,
      ahead,
      usual,
      promised: promisesOf(plan.expected),
      revertAtMs: this.revertAtMs,
      doing: this.#doing,
      sinceMs: this.#sinceMs,
      stopping: this.port.stop.aborted,
    };
    this.port.emit({type: 'view', view});
  }

  /** Both hosts, reached anew where that is needed. */
  host(name: HostName): Promise<Host> {
    return this.parts.sources[name]();
  }

  record(): DrillRecord {
    const {mark, expected, targets, revertS} = this.plan;
    return {
      ...mark,
      version: 1,
      pair: this.parts.pair.name,
      pid: process.pid,
      faultAtMs: this.faultAtMs,
      stoppingMs: this.#stoppingMs,
      revertAtMs: this.revertAtMs ?? this.parts.now() + revertS * 1000,
      rtoMs: targets.rtoMs,
      rpoMs: targets.rpoMs,
      expected: expected.outcome,
    };
  }

  async #arm(): Promise<void> {
    const {drillRunning} = this.parts.files;
    this.doing('arming the timer on the primary that undoes it by itself');
    const primary = await this.host('primary');
    // First of all: who begins again after a cut has to know.
    await saveRecord(drillRunning, this.record());
    try {
      await this.arm(primary);
    } catch (error) {
      // Nothing is broken, and nothing is left to be undone.
      await dropRecord(drillRunning);
      throw error;
    }
  }

  async arm(primary: Host): Promise<void> {
    const {plan, parts} = this;
    const origin = {pairName: parts.pair.name, version: parts.version};
    const undo = faults[plan.fault].undo(plan.input);
    await armDeadMan(primary, {origin, mark: plan.mark, undo, afterS: plan.revertS});
    this.revertAtMs = parts.now() + plan.revertS * 1000;
    await saveRecord(parts.files.drillRunning, this.record());
    this.show();
  }

  async #break(): Promise<void> {
    const {plan, parts, port} = this;
    if (port.stop.aborted) return;
    const fault = faults[plan.fault];
    const primary = await this.host('primary');
    this.doing(
      plan.fault === 'stop' ? 'the gateway of the primary finishes what it does, and stops' : fault.title,
    );
    this.workspace = workspaceNow(parts.store.snapshot().sample);
    const askedMs = parts.now();
    const script = {label: `drill: ${fault.title}`, text: timed(fault.inject(plan.input))};
    const ran = await mustScript(primary, script, {
      doing: fault.title,
      timeoutMs: stopLimitMs,
      // A gateway that drains for minutes is not waited for by somebody who wants to leave.
      signal: AbortSignal.any([port.stop, port.force]),
    }).catch((error: unknown) => {
      if (port.stop.aborted) return undefined;
      // A host that goes down may take the answer with it.
      if (plan.fault === 'reboot' && error instanceof Abort && error.exit === Exit.unreachable)
        return undefined;
      throw error;
    });
    if (port.stop.aborted) return;
    const times = timesOf(ran?.stdout ?? '');
    const local = (ms: number) => Math.round(ms - this.clocks.primary.offsetMs);
    const fromMs = times ? local(times.fromMs) : askedMs;
    // A stop takes effect when the gateway lets go of its port; everything else when it was done.
    const atMs = times ? local(times.atMs) : parts.now();
    this.#stoppingMs = plan.fault === 'stop' ? Math.max(0, atMs - fromMs) : null;
    this.faultAtMs = atMs;
    this.#markFault(atMs, this.#stoppingMs);
    await saveRecord(parts.files.drillRunning, this.record());
    // A long stop has used up some of the time in which it would undo itself.
    if (plan.fault === 'stop' && (this.#stoppingMs ?? 0) > 30_000) await this.arm(primary);
  }

  #markFault(atMs: number, stoppingMs: number | null): void {
    if (stoppingMs !== null) this.marks.push({id: 'stopping', atMs: atMs - stoppingMs, note: ''});
    this.marks.push({id: 'fault', atMs, note: ''});
    this.show();
  }

  /** Until what was to be seen was seen, it went wrong, or the operator has had enough. */
  async #watch(): Promise<void> {
    if (this.port.stop.aborted || this.faultAtMs === null) return this.#noteStop();
    const ending = new AbortController();
    const own = isMomentary(this.plan.fault) ? this.#watchPrimary(ending.signal) : undefined;
    try {
      const seen = await this.until(() => this.#look(), Number.POSITIVE_INFINITY, this.port.stop);
      if (seen === undefined) return this.#noteStop();
      if (seen.step === 'wrong') this.problems.push(seen.why);
      if (seen.step === 'done' && seen.how === 'held')
        this.mark('held', this.parts.now(), this.course().timeline.asked?.note ?? '');
      if (seen.step === 'done' && seen.how === 'there') await this.#proveLife();
    } finally {
      ending.abort();
      await own;
    }
  }

  #noteStop(): void {
    if (this.port.stop.aborted) this.stopped ??= 'The operator ended it.';
  }

  #look(): Exclude<Seen, {step: 'wait'}> | undefined {
    const course = this.course();
    this.#noteTold(course);
    if (course.timeline.verdict && !this.#tested) {
      // A real outage in the next minutes must be answered as if this one had not been.
      this.#tested = true;
      void this.host('standby')
        .then((standby) => askMonitor(standby, {name: 'tested'}))
        .catch(() =>
          this.notes.push(
            'The takeover could not be called a test: it counts towards the limit of takeovers.',
          ),
        );
    }
    const seen = seenOf({
      course,
      expected: this.plan.expected,
      faultAtMs: this.faultAtMs!,
      nowMs: this.parts.now(),
      readyAtMs: this.#readyAtMs,
    });
    if (seen.step !== 'wait') return seen;
    this.doing(seen.doing);
    this.show();
    return undefined;
  }

  /** The first delivery after the decision, to whoever it went. */
  #noteTold({timeline}: Course): void {
    const {verdict} = timeline;
    if (!verdict || this.marks.some(({id}) => id === 'told')) return;
    const at = (this.parts.store.live?.telling?.targets ?? [])
      .filter(({kind, deliveredAt}) => kind !== 'ping' && deliveredAt !== null)
      .map(({name, deliveredAt}) => ({name, atMs: Date.parse(deliveredAt!) - this.clocks.standby.offsetMs}))
      .filter(({atMs}) => atMs >= verdict.atMs - 500)
      .toSorted((a, b) => a.atMs - b.atMs)[0];
    if (at)
      this.marks.push({id: 'told', atMs: Math.round(Math.max(at.atMs, verdict.atMs)), note: clean(at.name)});
  }

  async #proveLife(): Promise<void> {
    const {parts, plan, port} = this;
    const {type, account} = parts.pair.channel;
    const {connected} = this.course().timeline;
    const since = (ms: number) => Math.round(ms - this.faultAtMs!);
    this.proofs.push({
      kind: 'channel',
      ok: true,
      ms: connected ? since(connected.atMs) : null,
      detail: `${type} ${account} is connected`,
    });
    if (parts.ask === undefined) return;
    this.doing(`a real message is sent to ${type} ${account}`);
    const asked = await parts.ask({
      signal: AbortSignal.any([port.stop, port.force]),
      onLine: (line) => port.emit({type: 'say', text: clean(line)}),
    });
    if (port.stop.aborted) return this.#noteStop();
    if (asked.ok) this.mark('answered', asked.answeredAtMs);
    const detail = clean(asked.detail) || (asked.ok ? 'it was answered' : 'it was not answered');
    this.proofs.push({
      kind: 'message',
      ok: asked.ok,
      ms: asked.ok ? since(asked.answeredAtMs) : null,
      detail,
    });
    // Told at about the same time as the bot is there.
    if (plan.told)
      await this.until(
        () => (this.#noteTold(this.course()), this.marks.find(({id}) => id === 'told')),
        5_000,
        port.stop,
      );
  }

  /** Whether the primary came back by itself, and when. Its connection may be gone meanwhile. */
  async #watchPrimary(signal: AbortSignal): Promise<void> {
    const mending = new Mending(this);
    let down = false;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const health = await mending.health().catch(() => undefined);
      if (signal.aborted) return;
      if (health !== 'ready') down = true;
      else if (down) {
        this.#readyAtMs = this.parts.now();
        this.mark('primary-ready', this.#readyAtMs, 'by itself');
        return;
      }
      // oxlint-disable-next-line no-await-in-loop
      await sleep(500, undefined, {signal}).catch(() => undefined);
    }
  }

  /** The fault is taken back, both hosts come to rest, and it is told how they were left. */
  async #mend(): Promise<DrillReport> {
    const mending = new Mending(this);
    const left = await mending.run();
    this.#leaveIfForced();
    await this.#noteClocks();
    const report = reportOf(this, left, new Date(this.parts.now()));
    await dropRecord(this.parts.files.drillRunning);
    return report;
  }

  /** The clocks once more: one that was set meanwhile makes figures that nobody should believe. */
  async #noteClocks(): Promise<void> {
    const {wallMs, steadyMs} = this.#steady;
    const driftMs = this.parts.now() - wallMs - (performance.now() - steadyMs);
    if (Math.abs(driftMs) > jumpMs)
      this.notes.push(
        'The clock of this machine was set, or it slept, during the drill: its figures are not to be trusted.',
      );
    const again = await Promise.all([this.host('primary'), this.host('standby')])
      .then(([primary, standby]) => askClocks({primary, standby}))
      .catch(() => undefined);
    for (const name of ['primary', 'standby'] as const) {
      const moved = again ? again[name].offsetMs - this.clocks[name].offsetMs : 0;
      if (Math.abs(moved) > jumpMs)
        this.notes.push(`The clock of the ${name} was set by ${Math.round(moved)} ms during the drill.`);
    }
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
      await this.#news(signal);
    }
  }

  /** Something was told, or a moment has passed. */
  async #news(signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    const leave = this.parts.store.subscribe(wake);
    signal?.addEventListener('abort', wake, {once: true});
    this.port.force.addEventListener('abort', wake, {once: true});
    await sleep(lookMs, undefined, {signal: woken.signal}).catch(() => undefined);
    leave();
    signal?.removeEventListener('abort', wake);
    this.port.force.removeEventListener('abort', wake);
  }

  #leaveIfForced(): void {
    if (!this.port.force.aborted) return;
    const {revertAtMs, parts} = this;
    const when =
      revertAtMs === null
        ? 'Nothing was broken yet.'
        : `The primary undoes the fault by itself at ${timeOfDay(revertAtMs)}.`;
    throw new Abort(`The drill was left in the middle. ${when}`, {
      next: [`To take it back now: failover-wizard drill --revert --pair ${parts.pair.name}`],
      exit: Exit.interrupted,
    });
  }
}
