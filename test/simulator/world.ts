import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Memory} from '../../src/monitor/memory.js';
import type {Live, Ports} from '../../src/monitor/ports.js';
import {Monitor} from '../../src/monitor/loop.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {Answers} from './answers.js';
import {Clock} from './clock.js';
import {Dice, minutes, seconds} from './dice.js';
import {Network} from './network.js';
import {Primary} from './primary.js';
import {MonitorProcess, watchdogMs, type Kill} from './process.js';
import {Standby} from './standby.js';
import {realReaders, type Readers} from './wire.js';

/** The program under test. Another one stands here only to show that its mistakes are found. */
export interface Core {
  monitor(ports: Ports, settings: MonitorSettings): Monitor;
  /** What reads the words of other hosts before the monitor hears of them; the real ones but for these. */
  readers?: Partial<Readers>;
  /** Breaks something around the monitor. */
  spoil?: (world: World) => void;
}

export const realCore: Core = {monitor: (ports, settings) => new Monitor(ports, settings)};

/** Something to be told in the story of a run. */
export interface Line {
  atMs: number;
  who: 'fault' | 'over' | 'monitor' | 'host';
  say: string;
}

const restartSecMs = seconds(1);

/** Two hosts, the ways between them, and the monitor on one of them. */
export class World {
  readonly clock = new Clock();
  readonly dice: Dice;
  readonly network: Network;
  readonly primary: Primary;
  readonly standby: Standby;
  readonly answers: Answers;

  process: MonitorProcess | undefined;
  kill: Kill | undefined;
  /** Faults under which systemd does not start the monitor. */
  monitorHeldBack = 0;
  live: Live | undefined;
  fedMs = 0;
  /** ms for which a monitor that nobody kept from it had not said that it lives when systemd ended it. */
  hungMs: number | undefined;
  /** Everything any monitor said, in the journal; the true time beside it. */
  readonly told: {atMs: number; event: MonitorEvent}[] = [];
  readonly lines: Line[] = [];
  /** Restarts of the monitor: what it went on as, right after its start. */
  readonly restarts: Restart[] = [];
  /** When the world last did something after which counting begins anew: a reboot, a restart, time lost. */
  disturbedMs = 0;
  /** Until when an operator's pause is in force, true time. */
  pausedUntilMs = 0;
  /** Last words of a monitor that ended by itself. */
  thrown: unknown;

  constructor(
    public settings: MonitorSettings,
    seed: number,
    readonly core: Core = realCore,
  ) {
    const own = (n: number) => new Dice(seed * 7919 + n);
    this.dice = own(1);
    this.network = new Network(own(2));
    this.primary = new Primary(this.clock, own(3));
    this.standby = new Standby(
      this.clock,
      () => this.network.standbyOnline && this.network.git.cut === 0,
      settings.standby === 'warm',
    );
    this.answers = new Answers(this.primary, this.network, own(4), {...realReaders, ...core.readers});
    core.spoil?.(this);
    this.startMonitor();
    this.#watchdog();
  }

  get memory(): Readonly<Memory> | undefined {
    return this.process?.monitor?.memory;
  }

  say(who: Line['who'], say: string): void {
    this.lines.push({atMs: this.clock.nowMs, who, say});
  }

  tell(event: MonitorEvent): void {
    this.told.push({atMs: this.clock.nowMs, event});
    this.say(
      'monitor',
      `${event.from === event.to ? event.to : `${event.from} → ${event.to}`}: ${event.say}`,
    );
  }

  startMonitor(): void {
    if (this.process || !this.standby.up || this.monitorHeldBack > 0) return;
    this.disturbedMs = this.clock.nowMs;
    this.fedMs = this.clock.nowMs;
    this.clock.woke();
    const {role, saved, broken, gateway} = this.standby;
    this.restarts.push({
      atMs: this.clock.nowMs,
      before: {
        role: role && {...role},
        saved: broken === undefined ? saved : undefined,
        ran: gateway.awake,
      },
      after: undefined,
    });
    this.process = new MonitorProcess(this, this.settings);
  }

  monitorStarted(process: MonitorProcess): void {
    const {state, role} = process.monitor!.memory;
    const restart = this.restarts.at(-1)!;
    restart.after = {state, want: role.want};
  }

  killMonitor(): void {
    const {process} = this;
    if (!process) return;
    process.alive = false;
    this.process = undefined;
    this.kill = undefined;
    this.disturbedMs = this.clock.nowMs;
    this.standby.after(restartSecMs, () => this.startMonitor());
  }

  monitorEnded({thrown}: MonitorProcess): void {
    this.thrown = thrown;
    this.killMonitor();
  }

  /** `unclean`: it loses power, and its gateway with it. */
  rebootStandby(downMs: number, unclean = false): void {
    if (!this.standby.up) return;
    if (this.process) this.process.alive = false;
    this.process = undefined;
    this.kill = undefined;
    this.standby.goDown(unclean);
    this.pausedUntilMs = 0;
    this.clock.after(downMs, () => {
      this.standby.comeUp();
      this.say('host', 'The standby is up again.');
      this.startMonitor();
      this.#watchdog();
    });
  }

  /** The standby stands still; `suspended`: its monotonic clock with it. Returns what ends that. */
  freezeStandby(suspended: boolean): () => void {
    const {standby, clock} = this;
    const fromMs = clock.nowMs;
    const {boot} = standby;
    standby.frozen += 1;
    return () => {
      if (suspended && standby.boot === boot) {
        standby.suspendedMs += clock.nowMs - fromMs;
        // A pause that the monitor counts waits as well.
        if (this.memory?.pause && standby.pause) this.pausedUntilMs += clock.nowMs - fromMs;
      }
      this.fedMs = clock.nowMs;
      this.disturbedMs = clock.nowMs;
      standby.thaw();
      clock.woke();
    };
  }

  /** An operator pauses for so long. Returns what ends the pause before its time. */
  pause(forMs: number): () => void {
    const {standby, clock} = this;
    if (!standby.up) return () => {};
    const pause = {untilMs: standby.wallMs() + forMs, why: 'maintenance', id: `pause at ${clock.nowMs}`};
    standby.pause = pause;
    this.pausedUntilMs = clock.nowMs + forMs + seconds(3);
    return () => {
      if (standby.pause !== pause) return;
      standby.pause = undefined;
      this.pausedUntilMs = clock.nowMs + seconds(3);
    };
  }

  /** A pause has its end by the wall clock. One that nobody has heard of yet is not in force, and its operator told so. */
  wallSet(): void {
    if (this.memory?.pause?.id !== this.standby.pause?.id) this.pausedUntilMs = 0;
  }

  async run(untilMs: number, look: () => boolean): Promise<void> {
    await this.clock.runUntil(untilMs, look);
  }

  /** systemd ends a monitor that does not say in time that it lives. */
  #watchdog(): void {
    this.standby.after(seconds(5), () => {
      if (this.process && this.clock.nowMs - this.fedMs > watchdogMs) {
        this.say('host', 'systemd ends the monitor: its watchdog was not fed.');
        if (!this.process.excused) this.hungMs ??= this.clock.nowMs - this.fedMs;
        this.killMonitor();
      }
      this.#watchdog();
    });
  }
}

export interface Restart {
  atMs: number;
  before: {role: Standby['role']; saved: string | undefined; ran: boolean};
  after: {state: Memory['state']; want: Memory['role']['want']} | undefined;
}

/** Longer than this no story is. */
export const longestMs = minutes(240);
