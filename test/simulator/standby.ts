import type {PauseRequest} from '../../src/monitor/control.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Handled, Role} from '../../src/monitor/evidence.js';
import type {Clock} from './clock.js';
import {minutes, seconds} from './dice.js';
import {StandbyGateway} from './standby-gateway.js';
import {Workspace} from './workspace.js';

/** The standby's host: its clocks, its disk, and /run. */
export class Standby {
  // Clocks.
  bootedMs = -seconds(50);
  suspendedMs = 0;
  wallOffsetMs = 1_800_000_000_000;
  boot = 'standby-boot-1';
  #boots = 1;
  up = true;
  /** Faults under which nothing on this host moves on. */
  frozen = 0;
  #onThaw: (() => void)[] = [];

  // The disk, and /run, and the operator's files in it.
  saved: string | undefined;
  /** The state file cannot be trusted: why. */
  broken: string | undefined;
  /** A monitor has just found no state that it can trust. */
  forgot = false;
  events: MonitorEvent[] = [];
  record = '';
  role: Role | undefined;
  handled: Handled | undefined;
  pause: PauseRequest | undefined;
  failback = false;
  tested = false;
  promote: string | undefined;
  /** Requests that were taken away: the next is another. */
  dropped = {failback: 0, tested: 0, promote: 0};
  /** When the monitor last took an operator's wish to take over. */
  promoteTakenMs = -Infinity;

  // What faults hold, each counted.
  diskFull = 0;
  diskSlow = 0;
  runFull = 0;
  systemctlSilent = 0;

  #life = 0;
  readonly workspace: Workspace;
  readonly gateway: StandbyGateway;

  constructor(
    private readonly clock: Clock,
    gitReachable: () => boolean,
    warm: boolean,
  ) {
    this.workspace = new Workspace(clock, {
      gatewayRuns: () => this.gateway.awake,
      awake: () => this.up && this.frozen === 0,
      gitReachable,
      wallMs: () => this.wallMs(),
    });
    const host = {
      nowMs: () => clock.nowMs,
      after: (ms: number, what: () => void) => this.after(ms, what),
      role: () => this.role,
      handled: (handled: Handled) => {
        this.handled = handled;
      },
    };
    this.gateway = new StandbyGateway(host, this.workspace, warm);
    this.#live();
  }

  monotonicMs = () => this.clock.nowMs - this.bootedMs - this.suspendedMs;
  upMs = () => this.clock.nowMs - this.bootedMs;
  wallMs = () => this.clock.nowMs + this.wallOffsetMs;

  /** Something this host does later: not while it is frozen, and never after a reboot. */
  after(ms: number, what: () => void): void {
    const life = this.#life;
    const act = () => {
      if (life !== this.#life) return;
      if (this.frozen > 0) this.#onThaw.push(act);
      else what();
    };
    this.clock.after(ms, act);
  }

  thaw(): void {
    this.frozen -= 1;
    if (this.frozen > 0) return;
    for (const act of this.#onThaw.splice(0)) act();
  }

  /** Everything in memory and /run is gone; the disk stays. */
  goDown(unclean: boolean): void {
    this.#life += 1;
    this.up = false;
    this.#onThaw = [];
    this.gateway.goDown(unclean);
    Object.assign(this, {role: undefined, handled: undefined});
    Object.assign(this, {pause: undefined, failback: false, tested: false, promote: undefined});
  }

  comeUp(): void {
    this.up = true;
    this.boot = `standby-boot-${++this.#boots}`;
    this.bootedMs = this.clock.nowMs - seconds(5);
    this.suspendedMs = 0;
    this.#live();
  }

  setRole(role: Role): void {
    this.role = {...role};
    this.gateway.wake();
  }

  /** Once a minute the gateway commits something while it works, and every five the timer of a warm standby looks. */
  #live(minute = 1): void {
    this.after(minutes(1), () => {
      if (this.gateway.connected) this.workspace.commit();
      if (minute % 5 === 0) this.gateway.lookAgain();
      this.#live(minute + 1);
    });
  }
}
