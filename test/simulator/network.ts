import type {Dice} from './dice.js';

/** One direction of one way. Faults overlap, so each holds its own count. */
export class Link {
  /** Faults that drop everything here. */
  cut = 0;
  /** Probability of every fault that drops some of it. */
  losses: number[] = [];
  /** ms each fault adds. */
  delays: number[] = [];

  get loss(): number {
    return 1 - this.losses.reduce((kept, loss) => kept * (1 - loss), 1);
  }

  get delayMs(): number {
    return this.delays.reduce((sum, ms) => sum + ms, 0.3);
  }
}

export type Path = 'private' | 'public';

/** ms; the first repetition of a lost SYN comes after the 1 s of RFC 6298, of other packets much sooner. */
const repeatSynMs = 1000;
const repeatMs = 200;

/** What becomes of a connection: when it stands, or that it never does. */
export type Connected = {ok: true; tookMs: number} | {ok: false; tookMs: number};

/**
 * The ways between the hosts, each direction apart: a standby that sends and is not answered is another failure
 * than one that cannot send.
 */
export class Network {
  readonly there: Record<Path, Link> = {private: new Link(), public: new Link()};
  readonly back: Record<Path, Link> = {private: new Link(), public: new Link()};
  /** The standby's way out, as its witnesses see it. */
  readonly standbyOut = new Link();
  readonly git = new Link();
  /** The standby's private interface is gone, and with it the route: the system says so at once. */
  noPrivateInterface = 0;
  /** The standby has no network at all. */
  standbyUnplugged = 0;

  constructor(private readonly dice: Dice) {}

  /** Whether packets go both ways at all; loss and delay left aside. */
  open(path: Path): boolean {
    return (
      this.standbyUnplugged === 0 &&
      (path === 'public' || this.noPrivateInterface === 0) &&
      this.there[path].cut === 0 &&
      this.back[path].cut === 0
    );
  }

  /** Some packets are lost or late on this way. */
  troubled(path: Path): boolean {
    const links = [this.there[path], this.back[path]];
    return links.some(({losses, delays}) => losses.length > 0 || delays.length > 0);
  }

  get standbyOnline(): boolean {
    return this.standbyUnplugged === 0 && this.standbyOut.cut === 0;
  }

  rttMs(path: Path): number {
    return this.there[path].delayMs + this.back[path].delayMs;
  }

  /** A TCP connection from the standby, of which the other end's kernel takes care. */
  connect(path: Path, timeoutMs: number): Connected {
    if (!this.open(path)) return {ok: false, tookMs: timeoutMs};
    const rtt = this.rttMs(path);
    let waitedMs = 0;
    for (let wait = repeatSynMs; ; wait *= 2) {
      if (waitedMs + rtt > timeoutMs) return {ok: false, tookMs: timeoutMs};
      if (!this.#lost(path)) return {ok: true, tookMs: waitedMs + rtt};
      waitedMs += wait;
    }
  }

  /** ms of so many questions and answers over a connection that stands; lost packets are sent again. */
  exchangeMs(path: Path, rounds: number): number {
    let tookMs = 0;
    for (let round = 0; round < rounds; round++) {
      tookMs += this.rttMs(path);
      for (let wait = repeatMs; this.#lost(path) && wait < 60_000; wait *= 2) tookMs += wait;
    }
    return tookMs;
  }

  #lost(path: Path): boolean {
    const {there, back} = this;
    const loss = 1 - (1 - there[path].loss) * (1 - back[path].loss);
    return loss > 0 && this.dice.chance(loss);
  }
}
