import type {
  Asked,
  Interrogation,
  ProbeClass,
  ProbeResult,
  WitnessResult,
} from '../../src/monitor/evidence.js';
import type {Ended} from '../../src/monitor/run-bounded.js';
import type {InterrogationSettings, MonitorSettings} from '../../src/monitor/settings.js';
import {better, type Answer as Came} from '../../src/monitor/ssh-ask.js';
import type {Dice} from './dice.js';
import type {Network, Path} from './network.js';
import type {Primary} from './primary.js';
import {
  keyRefused,
  noBanner,
  noConnection,
  otherKey,
  outcomes,
  printed,
  stuck,
  type Readers,
} from './wire.js';

/** An answer, and the ms it takes to come. */
export interface Answer<T> {
  afterMs: number;
  answer: T;
}

/**
 * What the standby hears when it asks. Nothing here is set by a fault: each answer follows from what the hosts are
 * and what the ways between them let through, so that two answers of one moment never contradict each other
 * unless the real ones would.
 */
export class Answers {
  constructor(
    private readonly primary: Primary,
    private readonly network: Network,
    private readonly dice: Dice,
    private readonly readers: Readers,
  ) {}

  /** ms; as in probe.ts: the connection, and the whole request. */
  probe(connectTimeoutMs: number, timeoutMs: number): Answer<ProbeResult> {
    const {primary, network} = this;
    const tell = (shown: ProbeClass, afterMs: number, detail: string) => ({
      afterMs,
      answer: {class: shown, tookMs: Math.round(afterMs * 10) / 10, detail},
    });
    if (network.standbyUnplugged > 0 || network.noPrivateInterface > 0)
      return tell('own-network-bad', 0.2, 'ENETUNREACH');
    const connected = network.connect('private', connectTimeoutMs);
    if (!connected.ok || !primary.alive || primary.addressMoved > 0)
      return tell('unreachable', connectTimeoutMs, 'no connection in time');
    const answer = primary.answer('private');
    if (answer === 'refused') return tell('refused', connected.tookMs, 'ECONNREFUSED');
    const workMs = 1000 * (primary.slowS.at(-1) ?? 0) + this.dice.between(1, 8);
    const tookMs = connected.tookMs + network.exchangeMs('private', 1) + workMs;
    if (answer === 'hung' || tookMs > timeoutMs) return tell('hung', timeoutMs, 'no complete answer in time');
    const came = outcomes[answer];
    const {class: shown, detail} = this.readers.judgeStartup(came) ?? this.readers.judgeHealth(came);
    return tell(shown, tookMs, detail);
  }

  #witness(timeoutMs: number): Answer<WitnessResult> {
    return this.network.standbyOnline
      ? {afterMs: 1, answer: {alive: true, by: 'default gateway 10.0.0.1: refuses'}}
      : {afterMs: timeoutMs, answer: {alive: false, by: 'no witness answers'}};
  }

  /** Everybody at the same time, so it takes as long as the slowest. */
  interrogation({interrogation, probe}: MonitorSettings): Answer<Interrogation> {
    const witness = this.#witness(probe.timeoutMs);
    if (!interrogation) {
      const asked: Asked = {kind: 'unavailable', detail: 'it is not set up'};
      return {afterMs: witness.afterMs, answer: {asked, publicPath: null, witness: witness.answer}};
    }
    const asked = this.#ask(interrogation);
    const hasPublic = interrogation.addresses.some(({path}) => path === 'public');
    const greeting = hasPublic ? this.#greeting(interrogation.connectTimeoutMs) : undefined;
    return {
      afterMs: Math.max(asked.afterMs, greeting?.afterMs ?? 0, witness.afterMs),
      answer: {asked: asked.answer, publicPath: greeting?.answer ?? null, witness: witness.answer},
    };
  }

  /** Its kernel takes a connection. */
  #connects(path: Path, timeoutMs: number): boolean {
    return this.network.connect(path, timeoutMs).ok && this.primary.alive;
  }

  /** As reachSsh in witness.ts: an SSH server on the public path has to say so. */
  #greeting(timeoutMs: number): Answer<{alive: boolean; detail: string}> {
    const {tookMs, ok} = this.network.connect('public', timeoutMs);
    const detail = (how: string) => `203.0.113.10 port 22: ${how}`;
    const afterMs = tookMs + (ok ? this.network.exchangeMs('public', 1) : 0);
    if (!ok || !this.primary.alive)
      return {afterMs: timeoutMs, answer: {alive: false, detail: detail('no answer in time')}};
    return this.primary.speaks && afterMs <= timeoutMs
      ? {afterMs, answer: {alive: true, detail: detail('answers')}}
      : {
          afterMs: timeoutMs,
          answer: {alive: false, detail: detail('takes the connection and says nothing')},
        };
  }

  /** One way after the other; the first report ends it, and so does what every way would meet. */
  #ask({addresses, connectTimeoutMs, timeoutMs}: InterrogationSettings): Answer<Asked> {
    let best: {came: Came; path: Path; afterMs: number} | undefined;
    for (const {path} of addresses) {
      const {ended, afterMs} = this.#ssh(path, connectTimeoutMs, timeoutMs);
      const came = this.readers.answerOf(ended);
      if (!best || better(came, best.came)) best = {came, path, afterMs};
      if (came.kind === 'report' || (came.kind === 'refused' && came.final)) break;
    }
    if (!best) throw new RangeError('There is no address to ask.');
    const {came, path, afterMs} = best;
    if (came.kind === 'report')
      return {
        afterMs,
        answer: {kind: 'report', report: came.report, path, tookMs: Math.round(afterMs)},
      };
    const {kind, detail} = came;
    return {afterMs, answer: kind === 'refused' || kind === 'slow' ? {kind, path, detail} : {kind, detail}};
  }

  /** How an ssh on this way ends. */
  #ssh(path: Path, connectTimeoutMs: number, timeoutMs: number): {ended: Ended; afterMs: number} {
    const {primary, network} = this;
    if (!this.#connects(path, connectTimeoutMs)) return {ended: noConnection, afterMs: timeoutMs};
    if (path === 'private' && primary.addressMoved > 0) return {ended: otherKey, afterMs: timeoutMs};
    if (!primary.speaks) return {ended: noBanner, afterMs: timeoutMs};
    // Key exchange, login, command: the packets of the first two are large.
    const afterMs = network.exchangeMs(path, 6) + this.dice.between(120, 280);
    if (afterMs > timeoutMs || primary.largePacketsLost > 0) return {ended: stuck, afterMs: timeoutMs};
    if (primary.sshKeyRefused > 0) return {ended: keyRefused, afterMs};
    return {ended: printed(primary.report(), primary.talkative > 0), afterMs};
  }
}
