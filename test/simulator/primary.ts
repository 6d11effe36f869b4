import type {PrimaryReport, PrimaryUnit} from '../../src/monitor/evidence.js';
import type {Clock} from './clock.js';
import {seconds, type Dice} from './dice.js';

/** The gateway's process on the primary. */
interface Process {
  sinceMs: number;
  /** From then on it takes connections, says `starting`, and then is well. */
  listensMs: number;
  wellMs: number;
  draining: boolean;
  /** Bound to loopback only, and never again to anything else (OpenClaw does not rebind). */
  loopback: boolean;
}

export type GatewayAnswer =
  'ok' | 'starting' | 'draining' | 'http-bad' | 'wrong-service' | 'too-long' | 'hung' | 'refused';

/** The primary with its kernel, its systemd and its gateway. Durations as they were measured on real hosts. */
export class Primary {
  power: 'on' | 'off' = 'on';
  /** The kernel answers, SSH too, from then on. */
  upMs = 0;
  bootId = bootIdOf(1);
  #boots = 1;

  unit: PrimaryUnit = 'active';
  result = 'success';
  exitCode = 0;
  restarts = 0;
  process: Process | undefined = {
    sinceMs: -1e6,
    listensMs: -1e6,
    wellMs: -1e6,
    draining: false,
    loopback: false,
  };
  /** Counts what was planned for a process, so that it does not befall the next one. */
  #run = 0;

  // What faults hold, each counted.
  /** The whole machine stands still: nothing of it answers. */
  paused = 0;
  /** All its processes stand still; its kernel goes on. */
  frozen = 0;
  /** The gateway's process stands still. */
  stopped = 0;
  starved = 0;
  httpBad = 0;
  wrongService = 0;
  tooLong = 0;
  rejected = 0;
  privateAddressLate = 0;
  addressMoved = 0;
  sshKeyRefused = 0;
  largePacketsLost = 0;
  /** Its shell prints something of its own beside the report. */
  talkative = 0;
  /** s that every answer takes. */
  slowS: number[] = [];
  /** How a start ends; the newest fault counts. */
  startsEnd: ('exit-1' | 'exit-78')[] = [];
  /** s that a start takes: until it listens, and until it is well after that. */
  slowStarts: {listensS: number; wellS: number}[] = [];
  /** s after which it crashes. */
  crashesAfterS: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly dice: Dice,
  ) {}

  /** Its kernel can be spoken to. */
  get alive(): boolean {
    return this.power === 'on' && this.clock.nowMs >= this.upMs && this.paused === 0;
  }

  /** Its SSH server can. */
  get speaks(): boolean {
    return this.alive && this.frozen === 0 && this.starved === 0;
  }

  /** What one who can reach the address gets; 'loopback': asked on the host itself. */
  answer(from: 'private' | 'loopback'): GatewayAnswer {
    const {process, clock} = this;
    if (from === 'private' && this.rejected > 0) return 'refused';
    if (this.wrongService > 0) return 'wrong-service';
    if (!process || clock.nowMs < process.listensMs) return 'refused';
    if (from === 'private' && process.loopback) return 'refused';
    if (this.stopped > 0 || this.frozen > 0 || this.starved > 0) return 'hung';
    if (this.tooLong > 0) return 'too-long';
    if (this.httpBad > 0) return 'http-bad';
    if (process.draining) return 'draining';
    return clock.nowMs < process.wellMs ? 'starting' : 'ok';
  }

  report(): PrimaryReport {
    const {unit, result, exitCode, restarts, bootId, clock} = this;
    const own = this.answer('loopback');
    const loopback = {
      'http-bad': 'bad',
      'wrong-service': 'bad',
      'too-long': 'bad',
      ok: 'ok',
      starting: 'starting',
      draining: 'draining',
      hung: 'hung',
      refused: 'refused',
    } as const;
    const listens = own === 'refused' ? 'nowhere' : this.process?.loopback ? 'loopback' : 'private';
    const uptimeS = Math.max(
      0,
      Math.round((clock.nowMs - this.upMs) / 1000) + (this.#boots > 1 ? 0 : 86_400),
    );
    return {unit, result, exitCode, restarts, bootId, uptimeS, loopback: loopback[own], listens};
  }

  /** systemd starts the gateway. */
  start(): void {
    if (this.power === 'off' || this.process) return;
    const run = ++this.#run;
    const {nowMs} = this.clock;
    this.unit = 'active';
    this.result = 'success';
    const end = this.startsEnd.at(-1);
    const slow = this.slowStarts.at(-1);
    const about = slow && this.dice.between(0.9, 1.1);
    const listensMs = end
      ? Infinity
      : nowMs + seconds(slow ? slow.listensS * about! : this.dice.between(6, 10));
    this.process = {
      sinceMs: nowMs,
      listensMs,
      wellMs: listensMs + seconds(slow ? slow.wellS * about! : this.dice.between(1, 4)),
      draining: false,
      loopback: this.privateAddressLate > 0,
    };
    const crashS = this.crashesAfterS.at(-1);
    if (end) this.#later(seconds(1), run, () => this.exit(end === 'exit-78' ? 78 : 1));
    else if (crashS !== undefined) this.#later(seconds(crashS), run, () => this.exit(1));
  }

  /** The process ends by itself or by a signal; systemd does what its unit says: Restart=always, not for exit 78. */
  exit(code: number, result = 'exit-code'): void {
    if (!this.process) return;
    this.process = undefined;
    const run = ++this.#run;
    this.result = result;
    this.exitCode = code;
    if (code === 78) {
      this.unit = 'failed';
      return;
    }
    if (this.restarts >= startLimit) {
      this.result = 'start-limit-hit';
      this.unit = 'failed';
      return;
    }
    this.unit = 'activating';
    this.restarts += this.startsEnd.length > 0 ? 1 : 0;
    this.#later(restartSecMs, run, () => this.start());
  }

  /** The unit ends as failed at once, and stays so. */
  fail(result: string, code: number): void {
    this.process = undefined;
    this.#run += 1;
    Object.assign(this, {unit: 'failed', result, exitCode: code});
  }

  /** Somebody stops it: it drains while a turn is in flight. */
  stop(drainMs: number, then: () => void = () => {}): void {
    if (this.power === 'off') return;
    const {process} = this;
    this.unit = 'deactivating';
    if (process) process.draining = true;
    const run = ++this.#run;
    this.#later(process ? drainMs : 0, run, () => {
      this.process = undefined;
      Object.assign(this, {unit: 'inactive', result: 'success', exitCode: 0});
      then();
    });
  }

  /** Somebody starts it again after whatever happened. */
  startAfresh(): void {
    if (this.process && this.unit === 'active' && !this.process.loopback && !this.process.draining) return;
    this.process = undefined;
    this.restarts = 0;
    this.start();
  }

  powerOff(): void {
    this.power = 'off';
    this.process = undefined;
    this.#run += 1;
    this.unit = 'inactive';
  }

  powerOn(): void {
    if (this.power === 'on') return;
    this.power = 'on';
    this.upMs = this.clock.nowMs + seconds(this.dice.between(8, 25));
    this.bootId = bootIdOf(++this.#boots);
    this.restarts = 0;
    const run = ++this.#run;
    this.#later(this.upMs - this.clock.nowMs + seconds(this.dice.between(1, 4)), run, () => this.start());
  }

  #later(ms: number, run: number, what: () => void): void {
    this.clock.after(ms, () => this.#run === run && what());
  }
}

const bootIdOf = (boot: number) => `00000000-0000-4000-8000-${String(boot).padStart(12, '0')}`;
const startLimit = 5;
const restartSecMs = 5000;
