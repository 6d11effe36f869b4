import {longestPauseMs} from './control.js';
import {eventOf, remark, type Moment} from './event.js';
import type {EventName, Level, MonitorEvent} from './events.js';
import type {Happening} from './happening.js';
import {limitEndsMs} from './judge.js';
import {decide} from './machine.js';
import {freshMemory, isActive, type Memory} from './memory.js';
import type {Ports} from './ports.js';
import {attempt, Records} from './records.js';
import {restore} from './restore.js';
import {retell, type Retold} from './retell.js';
import {liveSample} from './sample.js';
import type {MonitorSettings} from './settings.js';

/** ms between two looks of the loop; the schedule of probes is finer than neither. */
const calmTickMs = 1000;
const busyTickMs = 500;
/** How often the unit, the reports and our own gateway are looked at while nothing is going on. */
const calmLookMs = 10_000;
/** Longer than every bounded look of one tick together: whoever needs more stood still. */
const stoodStillMs = 8000;
/** A wish that root did not act on is written again: a path unit can miss a change while it acts on another. */
const wishAgainMs = 15_000;
const latencyCount = 30;

/**
 * The monitor around the decision: looks, hears, decides, remembers, makes the host follow, tells. One tick at a
 * time; killed anywhere in it, a new monitor on the same ports goes on.
 */
export class Monitor {
  #memory: Memory;
  readonly #records: Records;
  #retold: Retold = {};
  #boot = '';
  #sentence = '';
  #disk: string | null = null;
  /** A pause that ended by the monotonic clock does not begin again because the wall clock was set back. */
  #overPause = '';
  #latencies: (number | null)[] = [];
  #probeDueMs = 0;
  #looksDueMs = 0;
  #wishedMs = -Infinity;
  /** When the last tick ended, how long it meant to sleep, and the clocks then. */
  #last: {endMs: number; upMs: number; sleepMs: number} | undefined;

  constructor(
    private readonly ports: Ports,
    private settings: MonitorSettings,
  ) {
    this.#memory = freshMemory(ports.nowMs());
    this.#records = new Records(ports);
  }

  /** For `status`, tests and the live sample; never changed from outside. */
  get memory(): Readonly<Memory> {
    return this.#memory;
  }

  /** Finds out where a monitor before this one stopped. */
  async start(): Promise<void> {
    const {ports} = this;
    const [loaded, role, unit, lastSeq] = await Promise.all([
      ports.load(),
      ports.role(),
      ports.unit(),
      ports.log.lastSeq(),
    ]);
    this.#boot = await ports.boot();
    const saved = loaded.kind === 'saved' ? loaded.saved : undefined;
    const nowMs = ports.nowMs();
    const rebooted = saved !== undefined && saved.boot !== this.#boot;
    this.#memory = restore({saved: saved?.memory, rebooted, role, unit}, this.settings, nowMs);
    this.#memory.sequence = Math.max(this.#memory.sequence, lastSeq);
    this.#records.takeOver(saved?.outbox ?? [], lastSeq);
    this.#retold = saved?.retold ?? {};
    this.#probeDueMs = Math.max(nowMs, (this.#memory.probe?.atMs ?? -Infinity) + this.#interval());
    // What was wished already is not wished again without need.
    if (role?.seq === this.#memory.role.seq && role.want === this.#memory.role.want) this.#wishedMs = nowMs;
    if (loaded.kind === 'broken')
      this.#remark(
        'state-broken',
        'alert',
        `The state file was put aside as ${loaded.keptAs}: ${loaded.reason}. The role was taken from systemd.`,
      );
    this.#hear({on: 'start', rebooted});
    await this.#settle();
  }

  /** Takes over other settings; `problem` is said instead when they could not be used. */
  use(settings: MonitorSettings | undefined, problem?: string): void {
    if (settings) {
      this.settings = settings;
      this.#remark('settings', 'info', 'The settings were read again.');
    } else
      this.#remark(
        'settings',
        'alert',
        `The settings were not taken over, the old ones stay in force: ${problem ?? ''}`,
      );
  }

  /** One round. Returns the ms to sleep before the next. */
  async tick(): Promise<number> {
    const {ports} = this;
    this.#hearGap();
    await this.#hearOperator();

    const startedMs = ports.nowMs();
    const seen = await this.#look(startedMs);
    const tookMs = ports.nowMs() - startedMs;
    if (tookMs > stoodStillMs) this.#hear({on: 'gap', ms: tookMs});
    else for (const happening of seen) this.#hear(happening);
    this.#hear({on: 'tick'});

    await this.#settle();
    const endMs = ports.nowMs();
    const sleepMs = Math.max(10, Math.min(this.#probeDueMs - endMs, this.#busy() ? busyTickMs : calmTickMs));
    this.#last = {endMs, upMs: ports.upMs(), sleepMs};
    return sleepMs;
  }

  #busy(): boolean {
    return this.#memory.state === 'promoting' || this.#memory.state === 'demoting';
  }

  #interval(): number {
    const {intervalMs, suspectIntervalMs} = this.settings.probe;
    return this.#memory.state === 'watching' ? intervalMs : suspectIntervalMs;
  }

  #hearGap(): void {
    if (!this.#last) return;
    const {endMs, upMs, sleepMs} = this.#last;
    const sleptMs = this.ports.nowMs() - endMs;
    const suspendedMs = this.ports.upMs() - upMs - sleptMs;
    const lostMs = Math.max(sleptMs - sleepMs, suspendedMs);
    if (lostMs > stoodStillMs) this.#hear({on: 'gap', ms: lostMs});
  }

  async #hearOperator(): Promise<void> {
    const {ports} = this;
    const [pause, failback, tested] = await Promise.all([
      ports.pause(),
      ports.takeFailback(),
      ports.takeTested(),
    ]);
    const known = this.#memory.pause;
    const leftMs = Math.min((pause?.untilMs ?? 0) - ports.wallMs(), longestPauseMs);
    if (pause && pause.id !== known?.id && leftMs > 0 && pause.id !== this.#overPause)
      this.#hear({on: 'pause', untilMs: ports.nowMs() + leftMs, why: pause.why, id: pause.id});
    if (!pause && known) this.#hear({on: 'resume'});
    if (failback) this.#hear({on: 'failback'});
    if (tested) this.#hear({on: 'tested'});
  }

  /** Everything that is due, at the same time; the order of the answers is that of the list. */
  async #look(startedMs: number): Promise<Happening[]> {
    const {ports, settings} = this;
    const {state, resume} = this.#memory;
    const looksDue = this.#busy() || startedMs >= this.#looksDueMs;
    const probeDue = startedMs >= this.#probeDueMs;
    const doubtful = state === 'suspect' || state === 'blocked' || resume;
    const looks: (Promise<Happening[]> | false)[] = [
      looksDue && this.#lookAtUnit(),
      looksDue && isActive(state) && ports.gateway(settings).then((gateway) => [{on: 'gateway', gateway}]),
      isActive(state) && this.#lookAtChannel(),
      looksDue && this.#lookAtReports(),
      probeDue &&
        doubtful &&
        ports.witness(settings).then((witness) => [{on: 'witness', startedMs, witness}]),
      probeDue && ports.probe(settings).then((probe) => [{on: 'probe', startedMs, probe}]),
    ];
    const seen = (await Promise.all(looks.filter((look) => look !== false))).flat();
    if (looksDue) this.#looksDueMs = startedMs + calmLookMs;
    for (const happening of seen) if (happening.on === 'probe') this.#noteLatency(happening);
    return seen;
  }

  async #lookAtUnit(): Promise<Happening[]> {
    // In this order: an answer of root that is older than the view of the unit cannot mislead.
    const handled = (await this.ports.handled()) ?? null;
    const unit = await this.ports.unit();
    return [{on: 'unit', unit, handled}];
  }

  async #lookAtChannel(): Promise<Happening[]> {
    const channel = await this.ports.channel();
    const known = this.#memory.channel;
    const same =
      known?.connected === channel?.connected &&
      known?.detail === channel?.detail &&
      known?.seq === channel?.seq;
    return channel && !same ? [{on: 'channel', channel}] : [];
  }

  async #lookAtReports(): Promise<Happening[]> {
    const {retold, tellings} = retell(this.#retold, await this.ports.reports());
    this.#retold = retold;
    for (const {event, level, say} of tellings) this.#remark(event, level, say);
    return [];
  }

  #noteLatency({probe}: {probe: {class: string; tookMs: number}}): void {
    this.#latencies = [...this.#latencies, probe.class === 'ok' ? probe.tookMs : null].slice(-latencyCount);
  }

  #hear(happening: Happening): void {
    const before = this.#memory;
    const decision = decide(before, happening, this.settings, this.ports.nowMs());
    this.#memory = decision.memory;
    if (before.pause && !this.#memory.pause) this.#overPause = before.pause.id;
    if (happening.on === 'probe') this.#scheduleProbe(happening.startedMs);
    const event = eventOf(before, decision, this.settings, this.#moment());
    if (event) this.#keep(event);
  }

  /** On the beat of the schedule, however long the probe took; a beat that was slept through is not made up for. */
  #scheduleProbe(startedMs: number): void {
    const interval = this.#interval();
    const onBeat = this.#probeDueMs + interval;
    this.#probeDueMs = onBeat > startedMs && onBeat <= startedMs + interval ? onBeat : startedMs + interval;
  }

  #remark(event: EventName, level: Level, say: string): void {
    this.#memory = {...this.#memory, sequence: this.#memory.sequence + 1};
    this.#keep(remark(event, level, say, this.#memory, this.settings, this.#moment()));
  }

  #keep(event: MonitorEvent): void {
    this.#sentence = event.say;
    this.#records.keep(event);
    this.ports.tell(event);
  }

  #moment(): Moment {
    return {nowMs: this.ports.nowMs(), time: new Date(this.ports.wallMs()).toISOString(), boot: this.#boot};
  }

  /**
   * Remember, then do, then tell: a crash in between is made up for by the next monitor.
   */
  async #settle(): Promise<void> {
    const around = {
      boot: this.#boot,
      say: this.#sentence,
      retold: this.#retold,
      limitEndsMs: limitEndsMs({m: this.#memory, s: this.settings, nowMs: this.ports.nowMs()}),
    };
    const problems = [
      await this.#records.save(this.#memory, around),
      await this.#follow(),
      await this.#records.log(),
    ];
    const trouble = problems.find((problem) => problem !== null) ?? null;
    if (trouble !== this.#disk) {
      this.#disk = trouble;
      this.#remark(
        'disk',
        trouble ? 'alert' : 'info',
        trouble
          ? `The state cannot be written (${trouble}); the monitor goes on from memory. Make room on the disk.`
          : 'The state can be written again.',
      );
    }
    await attempt(() =>
      this.ports.live(
        liveSample(this.#memory, this.#moment(), {
          latencies: this.#latencies,
          probeDueMs: this.#probeDueMs,
          disk: this.#disk,
          say: this.#sentence,
        }),
      ),
    );
    const {state, probe} = this.#memory;
    this.ports.alive(
      `${state}, primary ${probe ? `${probe.class} ${Math.round(probe.tookMs)} ms` : 'not probed yet'}`,
    );
  }

  /** Makes the role file say what the memory says, and says it again while nobody acts on it. */
  async #follow(): Promise<string | null> {
    const {role, handled} = this.#memory;
    if (role.want === 'none') return null;
    const nowMs = this.ports.nowMs();
    const written = await this.ports.role();
    const same = written?.want === role.want && written.seq === role.seq;
    const answered = handled?.seq === role.seq;
    if (same && (answered || nowMs - this.#wishedMs < wishAgainMs)) return null;
    this.#wishedMs = nowMs;
    return attempt(() => this.ports.setRole(role));
  }
}
