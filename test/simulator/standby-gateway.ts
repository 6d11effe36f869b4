import type {ChannelView, GatewayView, Handled, Role, UnitView} from '../../src/monitor/evidence.js';
import {minutes} from './dice.js';
import type {Workspace} from './workspace.js';

/** How the standby's gateway behaves when it is started; ms. As measured: ready after 10 s, connected soon after. */
export interface Manners {
  readyMs: number;
  connectedMs: number;
  stopMs: number;
  /** It crashes so long after its start. */
  crashMs: number | undefined;
  startsFail: boolean;
  /** It does not end by itself: systemd kills it after `stopMs`. */
  ignoresTerm: boolean;
  /** There is no memory for a gateway that only sleeps. */
  noMemory: boolean;
}

const goodManners: Manners = {
  readyMs: 10_000,
  connectedMs: 11_500,
  stopMs: 1500,
  crashMs: undefined,
  startsFail: false,
  ignoresTerm: false,
  noMemory: false,
};

/** ms from the wish to a channel that is turned on, on a gateway that slept warm. */
const wakeMs = 1000;

/** ms after which systemd kills what does not end. */
const drainMs = 330_000;

interface Running {
  sinceMs: number;
  /** The wish it was started for; undefined: by hand. */
  seq: number | undefined;
  stopping: boolean;
  /** Warm: it runs with its channel off. */
  asleep: boolean;
  /** When its channel was turned on: at its start, or when it was woken. */
  wokenMs: number;
  /** OpenClaw starts no channel after three unclean ends within five minutes. */
  muted: boolean;
  /** It answers nothing, and ends by no signal but SIGKILL. */
  hung: boolean;
}

export interface Start {
  atMs: number;
  /** The wish it was for; undefined: by hand. */
  seq: number | undefined;
  /** The newest wish then. */
  wish: Role | undefined;
  /** It starts no channel, and the monitor could have known. */
  knownMuted: boolean;
}

/** The host under it, as far as it is needed here. */
interface Host {
  nowMs: () => number;
  after: (ms: number, what: () => void) => void;
  /** The wish in /run, and where root says what came of it. */
  role: () => Role | undefined;
  handled: (handled: Handled) => void;
}

/** The gateway's process on the standby, its unit, and root's script that starts and stops it as the monitor wishes. */
export class StandbyGateway {
  running: Running | undefined;
  failed = false;
  /** What faults lend it; the newest counts. */
  manners: Partial<Manners>[] = [];
  rolePathBroken = 0;
  /** Starts, of which the auditors want to know the wish. */
  starts: Start[] = [];
  /** When it last ended without anybody's wish, and each time it ended, or began, badly. */
  lostMs = Number.NEGATIVE_INFINITY;
  badEnds: number[] = [];
  /** When its process was killed or crashed; of a sleeping one, and of a host without power, the monitor is not told. */
  #unclean: {atMs: number; known: boolean}[] = [];
  #handling = false;
  /** The wish for which whatever ran was killed. */
  #killedFor: number | undefined;

  constructor(
    private readonly host: Host,
    private readonly workspace: Workspace,
    private readonly warm: boolean,
  ) {}

  get how(): Manners {
    return this.manners.length === 0
      ? goodManners
      : (Object.assign({}, goodManners, ...this.manners) as Manners);
  }

  /** It runs, and not only to sleep. */
  get awake(): boolean {
    return this.running !== undefined && !this.running.asleep;
  }

  unit(): UnitView {
    const {running, failed} = this;
    if (running?.stopping) return {state: 'stopping', result: 'success', exitCode: 0};
    if (running) return {state: 'running', result: 'success', exitCode: 0};
    return failed
      ? {state: 'failed', result: 'exit-code', exitCode: 1}
      : {state: 'stopped', result: 'success', exitCode: 0};
  }

  view(): GatewayView {
    const ageMs = this.#ageMs() ?? -1;
    const {readyMs} = this.how;
    if (this.running?.hung) return {live: false, ready: false};
    return {live: ageMs > readyMs - 1000, ready: ageMs >= readyMs};
  }

  channel(): ChannelView | undefined {
    const ageMs = this.#ageMs();
    const {how, running} = this;
    if (!running || ageMs === undefined || ageMs < how.readyMs || running.asleep) return undefined;
    const linkMs = how.connectedMs - (running.wokenMs > running.sinceMs ? goodManners.readyMs : 0);
    const connected = this.host.nowMs() - running.wokenMs >= linkMs && !running.muted && !running.hung;
    const detail = connected ? 'running, ready' : 'running, recovering';
    return {connected, detail, seq: this.host.role()?.seq ?? 0};
  }

  get connected(): boolean {
    return this.channel()?.connected === true;
  }

  /** The process dies without a word. */
  crash(which = this.running): void {
    if (!which || this.running !== which) return;
    this.running = undefined;
    this.lostMs = this.host.nowMs();
    this.#endedBadly(!which.asleep);
  }

  /** Its process is there, and does nothing any more. */
  hang(): void {
    if (!this.awake || this.running!.stopping) return;
    this.running!.hung = true;
    this.lostMs = this.host.nowMs();
  }

  /** The host goes down: all that runs is gone. */
  goDown(unclean: boolean): void {
    if (this.running && unclean) this.#unclean.push({atMs: this.host.nowMs(), known: false});
    this.running = undefined;
    this.failed = false;
    this.#handling = false;
  }

  /** Root's script starts it for a wish. */
  startFor(seq: number): void {
    this.#start(seq, () => {});
  }

  /** An operator's `systemctl start`, past the guard of the unit. */
  startByHand(): void {
    // Warm, the unit itself sees to it that a start without a wish is a sleep.
    if (!this.running) this.#run(undefined, this.warm && this.host.role()?.want !== 'active');
  }

  stopByHand(): void {
    this.lostMs = this.host.nowMs();
    this.#stop(() => {});
  }

  /** The path unit sees a wish, with the gap of the real one: a change while root works is seen afterwards. */
  wake(): void {
    if (this.rolePathBroken > 0 || this.#handling) return;
    this.#handling = true;
    this.host.after(40, () => this.#handle(undefined));
  }

  /** The timer of a warm standby: a sleeping gateway that is gone is started again. */
  lookAgain(): void {
    if (this.warm && !this.running && this.host.role()?.want === 'standby') this.wake();
  }

  #handle(done: number | undefined): void {
    const role = this.host.role();
    if (!role || role.want === 'none' || role.seq === done) {
      this.#handling = false;
      return;
    }
    const finish = (code: number) => {
      this.host.handled({role: role.want as Handled['role'], seq: role.seq, code});
      this.#handle(role.seq);
    };
    if (role.kill && this.#killedFor !== role.seq) this.crash();
    if (role.kill) this.#killedFor = role.seq;
    if (role.want === 'active') this.#becomeActive(role.seq, finish);
    else this.#becomeStandby(role.seq, finish);
  }

  #becomeActive(seq: number, finish: (code: number) => void): void {
    const {running} = this;
    if (!running?.asleep || running.stopping) return this.#start(seq, finish);
    this.host.after(wakeMs, () => {
      const ready = this.running === running && this.view().ready && !this.how.startsFail;
      // It could not be woken: stopped, and started anew.
      if (!ready) return this.#stop(() => this.#start(seq, finish));
      running.asleep = false;
      running.wokenMs = this.host.nowMs();
      running.seq = seq;
      finish(0);
    });
  }

  #becomeStandby(seq: number, finish: (code: number) => void): void {
    if (this.running?.asleep && !this.how.noMemory) return finish(0);
    this.#stop(() => {
      this.workspace.handBack();
      if (!this.warm || this.how.noMemory || this.how.startsFail) return finish(0);
      this.host.after(500, () => {
        if (!this.running) this.#run(seq, true);
        finish(0);
      });
    });
  }

  #start(seq: number, finish: (code: number) => void): void {
    if (this.running?.stopping) return this.host.after(500, () => this.#start(seq, finish));
    this.host.after(500, () => {
      if (this.running) return finish(0);
      if (this.how.startsFail) {
        this.failed = true;
        this.badEnds.push(this.host.nowMs());
        return finish(1);
      }
      this.#run(seq, false);
      finish(0);
    });
  }

  #run(seq: number | undefined, asleep: boolean): void {
    const nowMs = this.host.nowMs();
    this.#unclean = this.#unclean.filter(({atMs}) => nowMs - atMs < minutes(5));
    const muted = this.#unclean.length >= 3;
    const knownMuted = this.#unclean.filter(({known}) => known).length >= 3;
    this.failed = false;
    const mine: Running = {sinceMs: nowMs, wokenMs: nowMs, seq, stopping: false, asleep, muted, hung: false};
    this.running = mine;
    const role = this.host.role();
    this.starts.push({atMs: nowMs, seq, wish: role && {...role}, knownMuted});
    const {crashMs} = this.how;
    if (crashMs !== undefined) this.host.after(crashMs, () => this.crash(mine));
  }

  #stop(finish: () => void): void {
    const mine = this.running;
    if (!mine) return finish();
    mine.stopping = true;
    const {how} = this;
    this.host.after(mine.hung ? drainMs : how.stopMs, () => {
      if (this.running === mine) {
        this.running = undefined;
        if (how.ignoresTerm || mine.hung) this.#endedBadly(true);
      }
      finish();
    });
  }

  #endedBadly(known: boolean): void {
    this.failed = true;
    this.badEnds.push(this.host.nowMs());
    this.#unclean.push({atMs: this.host.nowMs(), known});
  }

  #ageMs(): number | undefined {
    const {running} = this;
    return running && !running.stopping ? this.host.nowMs() - running.sinceMs : undefined;
  }
}
