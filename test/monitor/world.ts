import {Monitor} from '../../src/monitor/loop.js';
import {parsePause, type PauseRequest} from '../../src/monitor/control.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Asked, Handled, Interrogation, ProbeClass, Role, UnitView} from '../../src/monitor/evidence.js';
import {wants} from '../../src/monitor/pending.js';
import type {Ports} from '../../src/monitor/ports.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import type {Loaded, Saved} from '../../src/monitor/state-file.js';

/** How the standby's gateway behaves when it is started; ms. */
export interface GatewayManners {
  startMs: number;
  readyMs: number;
  connectedMs: number;
  stopMs: number;
  /** Its start fails this often first. */
  failures: number;
  /** It crashes so long after its start. */
  crashMs?: number;
}

interface Running {
  sinceMs: number;
  seq: number;
  stoppingMs?: number;
  hungMs?: number;
}

/**
 * A standby with its clock, its systemd, its disk and its network, and a primary, all as plain data. Nothing in it
 * waits: `run` moves the clock from one thing that is due to the next.
 */
export class World {
  nowMs = 50_000;
  suspendedMs = 0;
  wallOffsetMs = 1_800_000_000_000;
  primary: ProbeClass = 'ok';
  /** Other hosts that settings may name as the primary, by their address. */
  elsewhere: Record<string, ProbeClass> = {};
  online = true;
  diskFull = false;
  runFull = false;
  rolePathWorks = true;
  systemctlWorks = true;
  gateway: GatewayManners = {startMs: 500, readyMs: 10_000, connectedMs: 11_500, stopMs: 1500, failures: 0};
  pause: PauseRequest | undefined;
  failback = false;
  tested = false;
  promote: string | undefined;
  /** What the primary answers when it is asked; it cannot be asked by default. */
  asked: Asked = {kind: 'unavailable', detail: 'not set up'};
  publicPath: Interrogation['publicPath'] = null;
  /** How long a round of questions takes. */
  askingMs = 0;

  // The disk.
  saved: string | undefined;
  stateBroken = false;
  events: MonitorEvent[] = [];
  record = '';
  /** The record cannot be written, and nothing else is wrong. */
  recordBroken: 'full' | 'hangs' | undefined;
  // /run.
  role: Role | undefined;
  handled: Handled | undefined;
  boot = 'boot-1';

  running: Running | undefined;
  failed = false;
  told: MonitorEvent[] = [];
  monitor!: Monitor;
  #due: {atMs: number; what: () => void}[] = [];
  #handling = false;
  #reboots = 1;
  /** Requests that were taken away: the next is another. */
  #dropped = {failback: 0, tested: 0, promote: 0};
  /** Kills the monitor at its n-th call of a port: before or after the call did anything. */
  killAt: {call: number; after: boolean} | undefined;
  calls = 0;
  /** When the monitor asked for the standby to be made ready. */
  preparedMs: number[] = [];
  #killed: (() => void) | undefined;

  constructor(readonly settings: MonitorSettings) {}

  /** Starts a monitor and keeps it running, restarting it when it is killed, until the clock says so. */
  async run(ms: number, everyTick: () => void = () => {}): Promise<void> {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      const sleepMs = await this.#untilKilled(() => this.#oneTick());
      everyTick();
      // systemd restarts it after a second.
      if (sleepMs === undefined) this.monitor = undefined as never;
      this.advance(Math.min(sleepMs ?? 1000, Math.max(1, endMs - this.nowMs)));
    }
  }

  async #oneTick(): Promise<number> {
    if (!this.monitor) {
      this.monitor = new Monitor(this.#ports(), this.settings);
      await this.monitor.start();
    }
    return this.monitor.tick();
  }

  #untilKilled(work: () => Promise<number>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      this.#killed = () => resolve(undefined);
      work().then(resolve, reject);
    });
  }

  /** The process ends and comes back one second later. */
  killMonitor(): void {
    this.monitor = undefined as never;
    this.advance(1000);
  }

  /** Everything in memory and /run is gone; the disk stays. */
  reboot(downMs = 20_000): void {
    this.monitor = undefined as never;
    this.#due = [];
    this.#handling = false;
    this.running = undefined;
    this.failed = false;
    this.role = undefined;
    this.handled = undefined;
    this.pause = undefined;
    this.boot = `boot-${++this.#reboots}`;
    this.wallOffsetMs += this.nowMs + downMs;
    this.nowMs = 5000;
    this.suspendedMs = 0;
  }

  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.atMs - b.atMs).at(0);
      if (!next || next.atMs > endMs) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.what();
    }
    this.nowMs = endMs;
  }

  after(ms: number, what: () => void): void {
    this.#due.push({atMs: this.nowMs + ms, what});
  }

  answers(): Interrogation {
    const {asked, publicPath, online} = this;
    return {
      asked,
      publicPath,
      witness: {alive: online, by: online ? 'witness answers' : 'no witness answers'},
    };
  }

  unit(): UnitView {
    if (!this.systemctlWorks) return {state: 'unknown', result: 'systemctl does not answer', exitCode: 0};
    if (this.running?.stoppingMs !== undefined) return {state: 'stopping', result: 'success', exitCode: 0};
    if (this.running) return {state: 'running', result: 'success', exitCode: 0};
    return this.failed
      ? {state: 'failed', result: 'exit-code', exitCode: 1}
      : {state: 'stopped', result: 'success', exitCode: 0};
  }

  /** Root's path unit and script, with the gap of the real one: a change while it works is seen afterwards. */
  #wake(): void {
    if (!this.rolePathWorks || this.#handling) return;
    this.#handling = true;
    this.after(40, () => this.#handle(undefined));
  }

  #handle(done: number | undefined): void {
    const {role} = this;
    if (!role || role.want === 'none' || role.seq === done) {
      this.#handling = false;
      return;
    }
    const finish = (code: number) => {
      this.handled = {role: role.want as Handled['role'], seq: role.seq, code};
      this.#handle(role.seq);
    };
    if (role.kill) this.crash();
    if (role.want === 'active') this.#start(role.seq, finish);
    else this.#stop(() => finish(0));
  }

  #start(seq: number, finish: (code: number) => void): void {
    if (this.running?.stoppingMs !== undefined) return this.after(500, () => this.#start(seq, finish));
    this.after(this.gateway.startMs, () => {
      if (this.running) return finish(0);
      if (this.gateway.failures > 0) {
        this.gateway.failures -= 1;
        this.failed = true;
        return finish(1);
      }
      this.failed = false;
      this.running = {sinceMs: this.nowMs, seq};
      const mine = this.running;
      if (this.gateway.crashMs !== undefined) this.after(this.gateway.crashMs, () => this.crash(mine));
      finish(0);
    });
  }

  crash(which = this.running): void {
    if (!which || this.running !== which) return;
    this.running = undefined;
    this.failed = true;
  }

  /** Its process is there, and answers nothing any more. */
  hang(): void {
    if (this.running) this.running.hungMs = this.nowMs;
  }

  stopByHand(): void {
    this.#stop(() => {});
  }

  #stop(finish: () => void): void {
    if (!this.running) return finish();
    const mine = this.running;
    mine.stoppingMs = this.nowMs;
    this.after(this.gateway.stopMs, () => {
      if (this.running === mine) this.running = undefined;
      finish();
    });
  }

  /** Age of the running gateway, ms; undefined when none runs. */
  #ageMs(): number | undefined {
    return this.running && this.running.stoppingMs === undefined
      ? this.nowMs - this.running.sinceMs
      : undefined;
  }

  #ports(): Ports {
    const full = () => Object.assign(new Error('no space'), {code: 'ENOSPC'});
    const plain: Ports = {
      nowMs: () => this.nowMs,
      upMs: () => this.nowMs + this.suspendedMs,
      wallMs: () => this.nowMs + this.wallOffsetMs,
      probe: async ({primary: {address}}) => ({
        class: this.elsewhere[address] ?? this.primary,
        tookMs: 4,
        detail: '',
      }),
      interrogate: async () => {
        if (this.askingMs > 0)
          await new Promise<void>((resolve) => {
            this.after(this.askingMs, resolve);
          });
        return this.answers();
      },
      gateway: async () => {
        const age = this.#ageMs() ?? -1;
        if (this.running?.hungMs !== undefined) return {live: false, ready: false};
        return {live: age > this.gateway.readyMs - 1000, ready: age >= this.gateway.readyMs};
      },
      unit: async () => this.unit(),
      channel: async () => {
        const age = this.#ageMs();
        if (age === undefined || age < this.gateway.readyMs) return undefined;
        const hung = this.nowMs - (this.running?.hungMs ?? Infinity) >= seconds(10);
        if (hung) return {connected: false, detail: 'the gateway does not answer', seq: this.role?.seq ?? 0};
        const connected = age >= this.gateway.connectedMs;
        return {
          connected,
          detail: connected ? 'running, ready' : 'running, recovering',
          seq: this.role?.seq ?? 0,
        };
      },
      reports: async () => [],
      role: async () => this.role,
      setRole: async (role) => {
        if (this.runFull) throw full();
        this.role = {...role};
        this.#wake();
      },
      handled: async () => this.handled,
      prepare: async () => {
        if (this.runFull) throw full();
        this.preparedMs.push(this.nowMs);
      },
      pause: async () => this.pause,
      keepPause: async (id) => {
        this.pause = parsePause(id);
      },
      pending: async () => {
        const {failback, tested, promote} = this;
        return wants
          .filter((want) => ({failback, tested, promote: promote !== undefined})[want])
          .map((want) => ({want, id: `${this.#dropped[want]}`, why: promote ?? ''}));
      },
      drop: async ({want}) => {
        this.#dropped[want] += 1;
        if (want === 'promote') this.promote = undefined;
        else this[want] = false;
      },
      boot: async () => this.boot,
      load: async (): Promise<Loaded> => {
        if (this.stateBroken) {
          this.stateBroken = false;
          this.saved = undefined;
          return {kind: 'broken', reason: 'it is not JSON', keptAs: 'aside'};
        }
        // As it would come back from a file.
        return this.saved ? {kind: 'saved', saved: JSON.parse(this.saved) as Saved} : {kind: 'none'};
      },
      save: async (saved) => {
        if (this.diskFull) throw full();
        this.saved = JSON.stringify(saved);
      },
      log: {
        append: async (events) => {
          if (this.diskFull) throw full();
          this.events.push(...(JSON.parse(JSON.stringify(events)) as MonitorEvent[]));
        },
        lastSeq: async () => this.events.at(-1)?.seq ?? 0,
        tail: async () => this.events.slice(-50),
      },
      record: async (text) => {
        if (this.recordBroken === 'hangs') await new Promise(() => {});
        if (this.diskFull || this.recordBroken) throw full();
        this.record += text;
      },
      live: async () => {},
      tell: (event) => void this.told.push(event),
      alive: () => {},
    };
    return this.#mortal(plain);
  }

  /** The same ports, of a process that can die at each of their asynchronous calls. */
  #mortal(ports: Ports): Ports {
    let dead = false;
    const wrap = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        // What a dead process had begun beside its loop does nothing any more.
        if (dead) return new Promise<R>(() => {});
        const {killAt} = this;
        const mine = ++this.calls;
        if (killAt?.call !== mine) return call(...args);
        if (killAt.after) await call(...args).catch(() => {});
        dead = true;
        this.#killed?.();
        return new Promise<R>(() => {});
      };
    };
    return {
      ...ports,
      probe: wrap(ports.probe),
      interrogate: wrap(ports.interrogate),
      gateway: wrap(ports.gateway),
      unit: wrap(ports.unit),
      channel: wrap(ports.channel),
      reports: wrap(ports.reports),
      role: wrap(ports.role),
      setRole: wrap(ports.setRole),
      handled: wrap(ports.handled),
      prepare: wrap(ports.prepare),
      pause: wrap(ports.pause),
      pending: wrap(ports.pending),
      drop: wrap(ports.drop),
      boot: wrap(ports.boot),
      load: wrap(ports.load),
      save: wrap(ports.save),
      live: wrap(ports.live),
      log: {
        append: wrap(ports.log.append),
        lastSeq: wrap(ports.log.lastSeq),
        tail: wrap(ports.log.tail),
      },
    };
  }
}

export const minutes = (n: number) => n * 60_000;
export const seconds = (n: number) => n * 1000;
