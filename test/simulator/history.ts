import {boundsOf, condition, noticeMs, unseenMs, type Condition} from './truth.js';
import {isActive} from '../../src/monitor/memory.js';
import {minutes, seconds} from './dice.js';
import {Starts} from './starts.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Saved} from '../../src/monitor/state-file.js';
import type {World} from './world.js';

interface Stretch {
  is: Condition;
  fromMs: number;
}

const outOfReach: ReadonlySet<Condition> = new Set(['silent', 'other-host']);

/** What has been true in a world, as the auditors need it; looked at after everything that happens. */
export class History {
  /** The primary's conditions, oldest first. */
  readonly stretches: Stretch[] = [];
  /** Since when nothing keeps the standby from acting. */
  ableMs = 0;
  /** The same, until the next takeover. */
  byHandLately = false;
  /** When an operator's wish to give back was last heard. */
  failbackMs = Number.NEGATIVE_INFINITY;
  /** The primary has been well since the standby booted. */
  wellSinceBoot = false;
  /** When the monitor last came back from a time without looks that was long enough to break what it counted. */
  awakeMs = 0;
  #lookedMs = 0;
  #boot = '';
  #firstLookMs = 0;
  /** When it was last in another state than promoting, and when the standby was last online. */
  notPromotingMs = 0;
  onlineMs = 0;
  /** Since when no packet was lost and nothing slow between the two. */
  clearMs = 0;
  /** When takeovers were decided, true time; those of a test, and what went on after a reboot, left out. */
  readonly promotions: number[] = [];
  /** When `blocked` was last seen. */
  blockedMs = Number.NEGATIVE_INFINITY;
  /** The newest of them went on with one from before a reboot. */
  resumed = false;
  /** An operator wished the takeover that is in force. */
  byHand = false;
  /** When the bot was last there after a takeover. */
  activeMs = 0;
  #resuming = false;
  #inForce = false;
  /** When an operator last lifted what held it. */
  #freedMs = 0;
  #told = 0;
  /** Number of the event of the newest of `promotions`. */
  #decidedSeq = 0;
  #restarts = 0;
  readonly #starts: Starts;

  constructor(readonly world: World) {
    this.#starts = new Starts(world);
  }

  get nowMs(): number {
    return this.world.clock.nowMs;
  }

  get now(): Stretch {
    return this.stretches.at(-1)!;
  }

  look(): void {
    const {world, nowMs} = this;
    const is = condition(world);
    if (this.stretches.at(-1)?.is !== is) this.stretches.push({is, fromMs: nowMs});
    for (; this.#told < world.told.length; this.#told++) this.#hear(world.told[this.#told]!.event);
    if (this.#restarts < world.restarts.length) this.#noteRestart();
    if (world.standby.forgot) this.#forget();
    if (world.memory?.state === 'blocked') this.blockedMs = nowMs;
    if (this.#unable()) this.ableMs = nowMs;
    this.ableMs = Math.max(this.ableMs, world.disturbedMs, world.standby.gateway.lostMs, this.#freedMs);
    if (world.standby.boot !== this.#boot) {
      this.#boot = world.standby.boot;
      this.wellSinceBoot = false;
      this.#firstLookMs = Number.POSITIVE_INFINITY;
    }
    if (world.memory) this.#firstLookMs = Math.min(this.#firstLookMs, nowMs);
    if (is === 'well' && world.memory) this.wellSinceBoot = true;
    this.#noteAbsence();
    if (world.memory?.state !== 'promoting') this.notPromotingMs = nowMs;
    if (world.network.standbyOnline) this.onlineMs = nowMs;
    if (
      world.network.troubled('private') ||
      world.network.troubled('public') ||
      world.primary.slowS.length > 0
    )
      this.clearMs = nowMs;
    this.#starts.look(this.stretches, this.clearMs, () => this.#lastWellMs());
  }

  /** Without its state the monitor knows of the takeovers that are in the log of this boot, and of no others. */
  #forget(): void {
    const {standby} = this.world;
    standby.forgot = false;
    this.#starts.forget();
    const known = standby.events.filter(
      ({event, from, boot}) => event === 'promoting' && from === 'suspect' && boot === standby.boot,
    );
    this.promotions.splice(0, Math.max(0, this.promotions.length - known.length));
  }

  /** A takeover that was neither saved nor begun when the monitor died is none: the next one decides again. */
  #noteRestart(): void {
    const {restarts, standby} = this.world;
    this.#restarts = restarts.length;
    const {saved: text, role} = restarts.at(-1)!.before;
    if (text === undefined) return;
    const {boot, memory} = JSON.parse(text) as Saved;
    if (boot !== standby.boot || memory.sequence >= this.#decidedSeq) return;
    if ((role?.seq ?? 0) > memory.role.seq) return;
    this.promotions.pop();
    this.#decidedSeq = 0;
  }

  #noteAbsence(): void {
    const {process, standby} = this.world;
    if (!process?.monitor || process.stopped > 0 || standby.frozen > 0) return;
    if (this.nowMs - this.#lookedMs > unseenMs(0, this.world.settings) + seconds(7))
      this.awakeMs = this.nowMs;
    this.#lookedMs = this.nowMs;
  }

  #hear({event, from, to, seq}: MonitorEvent): void {
    if (event === 'resuming') this.#resuming = true;
    if (event === 'promoting' && this.nowMs - this.world.standby.promoteTakenMs < seconds(15))
      this.byHand = true;
    else if (event === 'promoting' && from === 'suspect') {
      // Going on after a reboot of the standby is the same takeover.
      this.resumed = this.#resuming;
      if (!this.resumed) {
        this.promotions.push(this.nowMs);
        this.#decidedSeq = seq;
      }
    }
    if (event !== 'resuming' && from !== to && from === 'suspect') this.#resuming = false;
    if (event === 'promoting') this.byHandLately = this.byHand;
    if (event === 'failback-asked') {
      this.failbackMs = this.nowMs;
      this.#freedMs = this.nowMs;
    }
    if (event === 'demoted' || event === 'failback-asked') this.byHand = false;
    if (event === 'failback-dropped') {
      this.byHand = true;
      this.failbackMs = Number.NEGATIVE_INFINITY;
    }
    // Without a state file it counts from its start.
    if ((event === 'promoted' || (event === 'started' && isActive(to))) && !this.#inForce) {
      this.#inForce = true;
      this.activeMs = this.nowMs;
    }
    if (to === 'watching' || to === 'suspect') this.#inForce = false;
    if (event === 'tested') {
      this.promotions.pop();
      this.#decidedSeq = 0;
      this.#freedMs = this.nowMs;
    }
  }

  /** Whatever of the standby itself may rightly keep it from taking over or giving back. */
  #unable(): boolean {
    const {world} = this;
    const {standby, process, network} = world;
    const {how} = standby.gateway;
    return (
      !process?.monitor ||
      process.stopped > 0 ||
      !standby.up ||
      standby.frozen > 0 ||
      standby.gateway.rolePathBroken > 0 ||
      standby.gateway.running?.stopping === true ||
      standby.gateway.running?.muted === true ||
      standby.gateway.running?.hung === true ||
      standby.runFull > 0 ||
      standby.systemctlSilent > 0 ||
      standby.diskSlow > 0 ||
      how.startsFail ||
      how.crashMs !== undefined ||
      how.readyMs > seconds(20) ||
      how.connectedMs > seconds(20) ||
      how.stopMs > seconds(10) ||
      !network.standbyOnline ||
      this.#booting() ||
      this.#worn() ||
      world.clock.nowMs < world.pausedUntilMs ||
      (!isActive(world.memory!.state) && this.limited())
    );
  }

  /** A host that has just booted waits, unless it was active before. */
  #booting(): boolean {
    const {standby, settings, memory} = this.world;
    const active = memory !== undefined && (isActive(memory.state) || memory.resume);
    // The clock that it waits by stands still while the host is suspended.
    const waitsMs = settings.bootGraceMs + standby.suspendedMs + seconds(8);
    return !active && standby.bootedMs > 0 && this.nowMs - this.#firstLookMs < waitsMs;
  }

  /** Its gateway ended badly so often that one more start would leave its channels off: that has to wait. */
  #worn(): boolean {
    const {badEnds} = this.world.standby.gateway;
    const third = badEnds.at(-3);
    return (
      third !== undefined && this.nowMs - third < this.world.settings.promotion.blockedRetryMs + seconds(20)
    );
  }

  /** The limit of takeovers forbids a further one, or keeps the last one in force. */
  limited(): boolean {
    const {max, windowMs} = this.world.settings.promotion;
    const oldest = this.promotions.at(-max);
    return oldest !== undefined && this.nowMs - Math.max(oldest, this.bootSeenMs) < windowMs + seconds(15);
  }

  /**
   * Whether a takeover now is founded: for the time that some reason takes, the primary has been in no condition
   * that asks for more patience; what was too short to be seen is left aside.
   */
  founded(): boolean {
    const {world, nowMs} = this;
    const {settings} = world;
    // Three lost packets are three bad probes to the plain rule: it takes over then, and that is known of it.
    if (settings.profile === 'classic' && nowMs - this.clearMs < seconds(30)) return true;
    if (nowMs - this.onlineMs > unseenMs(0, settings)) return false;
    const ageMs = nowMs - this.#lastWellMs();
    const atLeastMs = (is: Condition) =>
      is === 'starting' ? this.#starts.atLeastMs : boundsOf(is, settings).atLeastMs;
    const limits = new Set(this.stretches.map(({is}) => atLeastMs(is)));
    return [...limits].some((holdMs) => {
      if (holdMs === Number.POSITIVE_INFINITY) return false;
      let sinceMs = nowMs;
      let endMs = nowMs;
      for (let index = this.stretches.length - 1; index >= 0; index--) {
        const {is, fromMs} = this.stretches[index]!;
        // What comes first is seen after a calm probe, and understood with the first answers.
        const lateMs = this.stretches[index - 1]?.is === 'well' ? seconds(4) : 0;
        const long = endMs - fromMs > unseenMs(ageMs, settings) + lateMs;
        if (long && atLeastMs(is) > holdMs) break;
        sinceMs = fromMs;
        endMs = fromMs;
      }
      // A packet that was lost just before looks like the beginning.
      const looseMs = this.clearMs > sinceMs - seconds(4) ? seconds(4) : seconds(1);
      return nowMs - Math.max(sinceMs, this.awakeMs) >= holdMs - looseMs;
    });
  }

  /** ms for which it has been well now; what was too short to be seen is left aside. */
  wellForMs(): number {
    const {stretches, nowMs} = this;
    for (let index = stretches.length - 1; index >= 0; index--)
      if (stretches[index]!.is !== 'well' && this.#lengthMs(index) > unseenMs(0, this.world.settings))
        return nowMs - (stretches[index + 1]?.fromMs ?? nowMs);
    return nowMs;
  }

  /** When it was last well for long enough to be seen. */
  #lastWellMs(): number {
    const {settings} = this.world;
    for (let index = this.stretches.length - 1; index >= 0; index--)
      if (this.stretches[index]!.is === 'well' && this.#lengthMs(index) > unseenMs(0, settings))
        return this.stretches[index + 1]?.fromMs ?? this.nowMs;
    return 0;
  }

  /** When the monitor first looked around after the newest boot of its host: it takes what was before for as recent. */
  get bootSeenMs(): number {
    return this.world.standby.bootedMs > 0 ? Math.min(this.#firstLookMs, this.nowMs) : 0;
  }

  #lengthMs(index: number): number {
    return (this.stretches[index + 1]?.fromMs ?? this.nowMs) - this.stretches[index]!.fromMs;
  }

  /** For long enough to be seen, it has been well or the standby unable to tell: no half takeover may go on then. */
  livesForSure(): boolean {
    const {is, fromMs} = this.now;
    if (!['well', 'cut-off', 'partition'].includes(is)) return false;
    return this.nowMs - fromMs > unseenMs(0, this.world.settings);
  }

  /** When the standby must have decided to take over at the latest; undefined: it need not. */
  overdueMs(): number | undefined {
    const {settings} = this.world;
    let holdMs = 0;
    let due: number | undefined;
    for (let index = this.stretches.length - 1; index >= 0; index--) {
      const {is, fromMs} = this.stretches[index]!;
      holdMs = Math.max(holdMs, boundsOf(is, settings).withinMs);
      if (holdMs === Number.POSITIVE_INFINITY) break;
      // Where reachable and out of reach change, a probe of the one and an answer of the other look like a partition.
      if (index < this.stretches.length - 1 && (outOfReach.has(is) || outOfReach.has(this.now.is))) break;
      const sinceMs = Math.max(fromMs, this.ableMs, this.clearMs);
      const at = sinceMs + holdMs + noticeMs(holdMs, sinceMs - this.#lastWellMs(), settings);
      due = Math.min(due ?? at, at);
      if (fromMs < this.ableMs) break;
    }
    if (due === undefined) return undefined;
    return this.blockedMs > this.ableMs - minutes(10)
      ? due + settings.promotion.blockedRetryMs + seconds(30)
      : due;
  }
}
