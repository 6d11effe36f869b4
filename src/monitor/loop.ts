import {Beat} from './beat.js';
import {eventOf, remark, type Moment} from './event.js';
import type {EventName, Level, MonitorEvent} from './events.js';
import {Wishes} from './follow.js';
import type {Happening} from './happening.js';
import {limitEndsMs} from './judge.js';
import {learnedStartMs} from './learn.js';
import {decide, type Decide} from './machine.js';
import {freshMemory, isActive, type Memory} from './memory.js';
import {Operator} from './operator.js';
import type {Ports} from './ports.js';
import {Questions} from './questions.js';
import {Recorder} from './recorder.js';
import {attempt, Records} from './records.js';
import {restore, takeoversIn, withTakeovers} from './restore.js';
import {retell, unreadyOf, type Retold} from './retell.js';
import {liveSample} from './sample.js';
import type {MonitorSettings} from './settings.js';
import {StandStill} from './stand-still.js';

/** ms between two looks of the loop: calm, half of what lies between two probes. */
const calmTickMs = 2500;
const busyTickMs = 250;
/** While answers are on their way: they may be the verdict. */
const askingTickMs = 100;
/** ms between two questions to systemd while busy; each costs 10 ms of CPU that a starting gateway needs. */
const busyLookMs = 500;
/** How often the unit, the reports and our own gateway are looked at while nothing is going on. */
const calmLookMs = 30_000;
/** The same while the bot depends on it: a gateway that crashed is missed by people. */
const activeLookMs = 10_000;
const latencyCount = 30;

/**
 * The monitor around the decision: looks, hears, decides, remembers, makes the host follow, tells. One tick at a
 * time; killed anywhere in it, a new monitor on the same ports goes on.
 */
export class Monitor {
  #memory: Memory;
  readonly #records: Records;
  readonly #recorder: Recorder;
  readonly #questions = new Questions();
  readonly #operator = new Operator();
  readonly #wishes = new Wishes();
  readonly #beat = new Beat();
  readonly #still = new StandStill();
  #retold: Retold = {};
  #boot = '';
  #sentence = '';
  #disk: string | null = null;
  #latencies: (number | null)[] = [];
  #looksDueMs = 0;

  constructor(
    private readonly ports: Ports,
    private settings: MonitorSettings,
    /** Others than the real ones are what tests break on purpose. */
    private readonly core: {decide: Decide; restore: typeof restore} = {decide, restore},
  ) {
    this.#memory = freshMemory(ports.nowMs());
    this.#records = new Records(ports);
    this.#recorder = new Recorder(ports);
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
    this.#memory = this.core.restore(
      {saved: saved?.memory, rebooted, role, unit, wallMs: ports.wallMs()},
      this.settings,
      nowMs,
    );
    this.#memory.sequence = Math.max(this.#memory.sequence, lastSeq);
    // The limit of takeovers outlives a state file that was lost: the log knows them too.
    if (!saved)
      this.#memory = withTakeovers(
        this.#memory,
        takeoversIn(await ports.log.tail(), this.#boot),
        this.settings,
        nowMs,
      );
    this.#records.takeOver(saved?.outbox ?? [], lastSeq);
    this.#retold = saved?.retold ?? {};
    this.#operator.goOn(saved?.heard ?? {});
    this.#beat.dueMs = Math.max(nowMs, (this.#memory.probe?.atMs ?? -Infinity) + this.#interval());
    if (role?.seq === this.#memory.role.seq && role.want === this.#memory.role.want)
      this.#wishes.known(nowMs);
    if (loaded.kind === 'broken')
      this.#remark(
        'state-broken',
        'alert',
        `The state file was put aside as ${loaded.keptAs}: ${loaded.reason}. The role was taken from systemd.`,
      );
    const {pause} = this.#memory;
    if (rebooted && pause) await attempt(() => ports.keepPause(pause.id));
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
    const lostMs = this.#still.lost(ports);
    if (lostMs !== undefined) this.#hear({on: 'gap', ms: lostMs});
    for (const request of await this.#operator.requests(ports, this.#memory)) this.#hear(request);

    const startedMs = ports.nowMs();
    this.#ask();
    const seen = await this.#look(startedMs);
    const stoodMs = this.#still.since(startedMs, ports);
    if (stoodMs !== undefined) this.#hear({on: 'gap', ms: stoodMs});
    else for (const happening of seen) this.#hear(happening);
    this.#hear({on: 'tick'});
    // What this round has seen is asked about at once, not in the next one.
    this.#ask();

    await this.#settle();
    const nowMs = ports.nowMs();
    const dueMs = Math.min(this.#beat.dueMs, this.#questions.dueMs(this.#memory, this.settings, nowMs));
    const sleepMs = Math.max(10, Math.min(dueMs - nowMs, this.#tickMs()));
    this.#still.rest(ports, sleepMs);
    return sleepMs;
  }

  #busy(): boolean {
    return this.#memory.state === 'promoting' || this.#memory.state === 'demoting';
  }

  #tickMs(): number {
    if (this.#questions.running && this.#memory.suspicion) return askingTickMs;
    return this.#busy() ? busyTickMs : calmTickMs;
  }

  #interval(): number {
    const {intervalMs, suspectIntervalMs} = this.settings.probe;
    return this.#memory.state === 'suspect' ? suspectIntervalMs : intervalMs;
  }

  /** Starts what is asked and prepared beside the probes, and hears what came of it. */
  #ask(): void {
    const {ports, settings} = this;
    for (const answers of this.#questions.take()) this.#hear(answers);
    const nowMs = ports.nowMs();
    this.#questions.ask(this.#memory, settings, nowMs, (known, quietly) => ports.interrogate(known, quietly));
    if (this.#questions.prepareDue(this.#memory, nowMs)) void attempt(() => ports.prepare());
  }

  /** Everything that is due, at the same time; the order of the answers is that of the list. */
  async #look(startedMs: number): Promise<Happening[]> {
    const {ports, settings} = this;
    const {state} = this.#memory;
    const busy = this.#busy();
    const looksDue = startedMs >= this.#looksDueMs;
    const probeDue = startedMs >= this.#beat.dueMs;
    const looks: (Promise<Happening[]> | false)[] = [
      looksDue && this.#lookAtUnit(),
      (looksDue || busy) &&
        isActive(state) &&
        ports.gateway(settings).then((gateway) => [{on: 'gateway', gateway}]),
      isActive(state) && this.#lookAtChannel(),
      looksDue && this.#lookAtReports(),
      probeDue && ports.probe(settings).then((probe) => [{on: 'probe', startedMs, probe}]),
    ];
    const seen = (await Promise.all(looks.filter((look) => look !== false))).flat();
    if (looksDue)
      this.#looksDueMs = startedMs + (busy ? busyLookMs : isActive(state) ? activeLookMs : calmLookMs);
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
    const {settings} = this;
    const before = this.#memory;
    const nowMs = this.ports.nowMs();
    const decision = this.core.decide(before, happening, settings, nowMs);
    this.#memory = decision.memory;
    const heard = {before, seen: happening, decision, settings, nowMs};
    this.#recorder.heard({...heard, wallMs: this.ports.wallMs(), boot: this.#boot});
    if (before.state !== this.#memory.state) this.#looksDueMs = 0;
    if (before.pause && !this.#memory.pause) this.#operator.ended(before.pause);
    if (happening.on === 'probe') this.#beat.next(happening.startedMs, this.#interval());
    const event = eventOf(before, decision, this.settings, this.#moment());
    if (event) this.#keep(event);
  }

  #remark(event: EventName, level: Level, say: string): void {
    this.#memory = {...this.#memory, sequence: this.#memory.sequence + 1};
    this.#recorder.remarked(this.ports.nowMs());
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
      heard: this.#operator.heard,
      limitEndsMs: limitEndsMs({m: this.#memory, s: this.settings, nowMs: this.ports.nowMs()}),
    };
    const problems = [
      await this.#records.save(this.#memory, around),
      await this.#wishes.follow(this.ports, this.#memory),
      await this.#records.log(),
    ];
    await this.#operator.settled(this.ports);
    this.#recorder.write(this.ports.nowMs(), problems[0] === null && problems[2] === null);
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
          probeDueMs: this.#beat.dueMs,
          disk: this.#disk,
          unready: unreadyOf(this.#retold['prepare']),
          settings: this.settings,
          startMs: learnedStartMs(this.settings, this.#memory),
          say: this.#sentence,
        }),
      ),
    );
    const {state, probe} = this.#memory;
    this.ports.alive(
      `${state}, primary ${probe ? `${probe.class} ${Math.round(probe.tookMs)} ms` : 'not probed yet'}`,
    );
  }
}
