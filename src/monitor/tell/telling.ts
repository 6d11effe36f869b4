import type {MonitorEvent} from '../events.js';
import {isInCharge} from '../memory.js';
import type {Live} from '../ports.js';
import {Deliveries, type DeliveryPorts, type TestResult} from './deliveries.js';
import type {Teller} from './message.js';
import type {Stamp} from './moment.js';
import {noNews, takeDigests, takeEvent, type News} from './news.js';
import {emptyQueue, enqueue, prune, waitingFor, type Queue} from './queue.js';
import type {Kept} from './queue-file.js';
import {isListener, type Target} from './targets.js';

/** What telling touches. Everything here is bounded in time; nothing of it is ever waited for by the loop. */
export interface TellingPorts extends DeliveryPorts {
  load(): Promise<{kept?: Kept; broken?: string}>;
  /** @throws when the disk is full or read-only. */
  save(kept: Pick<Kept, 'news' | 'queue' | 'last'>): Promise<void>;
  /** The newest events of the log, oldest first. */
  logged(): Promise<MonitorEvent[]>;
  /** @throws BadSettings */
  targets(): Promise<Target[]>;
  /** The word of whoever asks for a test message, once for each request. */
  takeTest(): Promise<string | undefined>;
}

/** For live.json: whether telling works. */
export interface TellingView {
  targets: {
    name: string;
    kind: Target['kind'];
    /** ISO time of the last delivery. */
    delivered: string | null;
    /** Why the newest attempt failed. */
    error: string | null;
    waiting: number;
  }[];
  /** What is wrong with telling itself: its settings, its file, its program. */
  problem: string | null;
  test: TestResult | null;
}

/** The beat of the loop: it drives everything here, so that a loop that stands still pings nobody. */
export type Beat = Pick<Live, 'time' | 'ms' | 'boot' | 'state' | 'disk' | 'unready'>;

/** Nobody has to be fit for a takeover that is behind them. */
const hasTakenOver = (state: string) => isInCharge(state) || state === 'demoting';

/** The loop beats ten times a second when a verdict is near. */
const lookEveryMs = 900;
const targetsEveryMs = 30_000;
const saveAgainMs = 10_000;
const mostEarly = 500;

/**
 * Tells whoever is to be told. The loop calls `offer` and `beat` and goes on at once; both never throw. What becomes
 * of messages is decided by pure functions (news.ts, queue.ts, ways.ts) and done by a child process.
 */
export class Telling {
  #phase: 'closed' | 'opening' | 'open' = 'closed';
  /** Events from before the queue of the monitor before was read. */
  #early: MonitorEvent[] = [];
  #news: News = noNews(0);
  #queue: Queue = emptyQueue;
  #targets: Target[] = [];
  #now: Stamp = {boot: '', ms: 0, wallMs: 0};
  #dirty = false;
  #saving = false;
  #saveMs = 0;
  #looking = false;
  #lookMs = 0;
  #targetsMs = 0;
  /** The targets have been read, and could be the last time. */
  #known = false;
  #problems: {settings: string | null; disk: string | null; self: string | null} = {
    settings: null,
    disk: null,
    self: null,
  };
  readonly #deliveries: Deliveries;

  constructor(
    private readonly ports: TellingPorts,
    private readonly teller: Teller,
  ) {
    this.#deliveries = new Deliveries(ports, teller);
  }

  offer(event: MonitorEvent): void {
    this.#safely(() => {
      if (this.#phase === 'open') this.#take(event);
      else this.#early = [...this.#early, event].slice(-mostEarly);
    });
  }

  beat({time, ms, boot, state, disk, unready = null}: Beat): void {
    this.#safely(() => {
      this.#now = {boot, ms, wallMs: Date.parse(time)};
      if (this.#phase === 'closed') void this.#open();
      if (this.#phase !== 'open') return;
      if (!this.#looking && ms >= this.#lookMs) void this.#look();
      this.#tidy();
      this.#deliveries.beat({
        targets: this.#targets,
        queue: this.#queue,
        now: this.#now,
        // A standby that cannot take over is one that somebody should look for.
        well: state !== 'blocked' && disk === null && (unready === null || hasTakenOver(state)),
        change: (edit) => this.#change(edit),
      });
      if (this.#dirty && !this.#saving && this.#now.ms >= this.#saveMs) void this.#save();
    });
  }

  view(): TellingView | null {
    const {settings, disk, self} = this.#problems;
    const problem = settings ?? disk ?? self ?? this.#deliveries.problem;
    const {test} = this.#deliveries;
    if (this.#targets.length === 0 && problem === null && test === null) return null;
    return {
      targets: this.#targets.map(({name, kind}) => {
        const {delivered, error} = this.#deliveries.wayOf(name);
        return {name, kind, delivered, error, waiting: waitingFor(this.#queue, name)};
      }),
      problem,
      test,
    };
  }

  /** A fault in here is told in live.json and stops no decision. */
  #safely(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#problems.self = `telling failed: ${(error as Error).message}`;
    }
  }

  /** Goes on where the monitor before stopped; what that one logged and told nobody is told now. */
  async #open(): Promise<void> {
    this.#phase = 'opening';
    const [{kept, broken}, logged] = await Promise.all([
      this.ports.load().catch((error: Error) => unreadable(error)),
      this.ports.logged().catch(() => []),
      this.#readTargets(),
    ]);
    this.#problems.disk = broken ?? null;
    this.#phase = 'open';
    this.#safely(() => this.#goOn(kept, logged));
  }

  #goOn(kept: Kept | undefined, logged: readonly MonitorEvent[]): void {
    const early = this.#early;
    this.#early = [];
    if (kept) {
      this.#queue = kept.queue;
      this.#news = kept.news;
      this.#deliveries.recall(kept.last);
    }
    // The numbers began anew (state and log were lost): the old one would silence everything.
    const anew = early.length > 0 && Math.max(...early.map(({seq}) => seq)) <= this.#news.seq;
    if (anew) this.#news = {...this.#news, seq: 0};
    const missed = kept && !anew ? logged : [];
    for (const event of [...missed, ...early].toSorted((a, b) => a.seq - b.seq)) this.#take(event);
  }

  #take(event: MonitorEvent): void {
    if (event.seq <= this.#news.seq) return;
    const listeners = this.#targets.filter((target) => isListener(target));
    const {news, parcels} = takeEvent(this.#news, event, listeners, this.teller);
    this.#news = news;
    const at = {boot: event.boot, ms: event.ms, wallMs: Date.parse(event.time)};
    this.#change((queue) => enqueue(queue, parcels, at));
  }

  #change(edit: (queue: Queue) => Queue): void {
    this.#queue = edit(this.#queue);
    this.#dirty = true;
  }

  /** What others wrote for us: a request for a test, other targets. */
  async #look(): Promise<void> {
    this.#looking = true;
    this.#lookMs = this.#now.ms + lookEveryMs;
    const asked = await this.ports.takeTest().catch(() => undefined);
    if (asked !== undefined || this.#now.ms >= this.#targetsMs) await this.#readTargets();
    if (asked !== undefined) this.#deliveries.ask(asked);
    this.#looking = false;
  }

  async #readTargets(): Promise<void> {
    try {
      this.#targets = await this.ports.targets();
      this.#known = true;
      this.#problems.settings = null;
    } catch (error) {
      this.#problems.settings = (error as Error).message;
      this.#known = false;
    }
    this.#targetsMs = this.#now.ms + targetsEveryMs;
  }

  #tidy(): void {
    const {news, parcels} = takeDigests(this.#news, this.teller, this.#now);
    const names = this.#targets.filter((target) => isListener(target)).map(({name}) => name);
    const waiting = enqueue(this.#queue, parcels, this.#now);
    // Targets that could not be read are not targets that are gone.
    const queue = this.#known ? prune(waiting, names, this.#now) : waiting;
    if (news === this.#news && queue === this.#queue) return;
    this.#news = news;
    this.#change(() => queue);
  }

  /** While nobody is told there is nothing to keep. */
  async #save(): Promise<void> {
    this.#dirty = false;
    if (this.#targets.length === 0 && this.#queue.entries.length === 0) return;
    this.#saving = true;
    const last = this.#targets.map(({name}) => {
      const {delivered, error} = this.#deliveries.wayOf(name);
      return [name, {delivered, error}] as const;
    });
    try {
      await this.ports.save({news: this.#news, queue: this.#queue, last: Object.fromEntries(last)});
      this.#problems.disk = null;
    } catch (error) {
      const {code, message} = error as NodeJS.ErrnoException;
      this.#problems.disk = `the queue of messages is in memory only (${code ?? message})`;
      this.#dirty = true;
      this.#saveMs = this.#now.ms + saveAgainMs;
    }
    this.#saving = false;
  }
}

const unreadable = (error: Error): {kept?: Kept; broken: string} => ({
  broken: `the queue of messages cannot be read (${error.message})`,
});
