import {isIPv6, type BlockList} from 'node:net';
import type {WitnessResult, WorkReport} from './evidence.js';
import {readOwnNetworks} from './routes.js';
import type {MonitorSettings} from './settings.js';
import {askDefaultGateway, askTargets, reach, reachOpen, said, type Reached, type Target} from './witness.js';
import {WitnessBook, type Keeper} from './witness-book.js';

/** What it does to the world; replaced in tests. */
export interface WayOutDeps {
  nowMs(): number;
  /** @param beyond the router, where only a connection is an answer */
  reach(target: Target, timeoutMs: number, beyond: boolean): Promise<Reached>;
  gateway(timeoutMs: number): Promise<WitnessResult>;
  networks(): Promise<BlockList>;
}

const real: WayOutDeps = {
  nowMs: () => performance.now(),
  reach: (target, timeoutMs, beyond) => (beyond ? reachOpen : reach)(target, timeoutMs),
  gateway: askDefaultGateway,
  networks: readOwnNetworks,
};

/** What asking everybody showed while the primary was well. */
export interface Outlook {
  /** `router-only`: nobody beyond the router answers or ever has, so it is all there is to go by. */
  result: 'online' | 'router-only' | 'cut-off';
  detail: string;
}

type Known = Pick<MonitorSettings, 'witnesses' | 'primary' | 'interrogation' | 'probe'>;

/** ms between two rehearsals while all is well; after a first failure; after it was told. */
const everyMs = 30 * 60_000;
const doubtEveryMs = 60_000;
const lostEveryMs = 10 * 60_000;
/** ms that names may take before nobody could be asked. */
const namesMs = 1_000;

/**
 * Whether this host is online. A router answers also when what lies behind it is dead, so the witnesses of the settings
 * are asked, and those on a network of this host's own count for no more than the router. The router decides only
 * as long as no witness beyond it has ever answered: behind a firewall that lets nothing out, it is all there is.
 */
export class WayOut {
  readonly #book: WitnessBook;
  #dueMs = -Infinity;
  #rehearsing = false;
  #failures = 0;
  #report: WorkReport | undefined;

  constructor(
    keeper: Keeper,
    private readonly deps: WayOutDeps = real,
  ) {
    this.#book = new WitnessBook(keeper, deps.nowMs);
  }

  /** On suspicion. Never throws; bounded by the timeout of a probe, and a second when no address is known yet. */
  async ask(settings: Known): Promise<WitnessResult> {
    const {timeoutMs} = settings.probe;
    const {targets, far, proven} = await this.#sides(settings, namesMs);
    const asked = proven ? far : targets;
    const first = asked.filter(({name, port}) => name === asked[0]?.name && port === asked[0].port);
    const others = asked.filter((target) => !first.includes(target));
    const [answer, gateway] = await Promise.all([
      askTargets({first, others}, timeoutMs, (target, ms) =>
        this.deps.reach(target, ms, far.includes(target)),
      ),
      !proven && this.deps.gateway(timeoutMs),
    ]);
    if (answer.target) this.#book.hasAnswered(answer.target);
    const {alive, by} = answer;
    if (alive || !gateway) return {alive, by};
    return targets.length === 0 || gateway.alive ? gateway : {alive, by: `${by}; ${gateway.by}`};
  }

  /** The primary was just seen well. Returns at once; now and then everybody is asked beside it. */
  whileWell(settings: Known): void {
    if (this.#rehearsing || this.deps.nowMs() < this.#dueMs) return;
    this.#rehearsing = true;
    this.rehearse(settings)
      .then((outlook) => this.#note(outlook))
      .catch(() => {})
      .finally(() => (this.#rehearsing = false));
  }

  /** Asks every witness, after what their names stand for now. */
  async rehearse(settings: Known): Promise<Outlook> {
    const {timeoutMs} = settings.probe;
    await this.#book.lookUp(settings.witnesses, 5 * namesMs);
    const {targets, far} = await this.#sides(settings, 0);
    const heard = await Promise.all(
      targets.map(async (target) => ({
        target,
        ...(await this.deps.reach(target, timeoutMs, far.includes(target))),
      })),
    );
    const living = heard.filter(({alive}) => alive);
    for (const {target} of living) this.#book.hasAnswered(target);
    const answers = living.find(({target}) => far.includes(target)) ?? living[0];
    const unnamed = this.#book.unknown(settings.witnesses);
    const beyond = answers && far.includes(answers.target);
    // Somebody who named only neighbours goes by them, and by nothing else.
    if (answers && (beyond || (far.length === 0 && unnamed.length === 0)))
      return {result: 'online', detail: said(answers.target, answers.how)};
    const gateway = await this.deps.gateway(timeoutMs);
    if (settings.witnesses.length === 0)
      return {result: gateway.alive ? 'online' : 'cut-off', detail: gateway.by};
    const reasons = [
      ...unnamed.map(({address}) => `${address}: its name is not resolved`),
      ...heard.filter(({alive}) => !alive).map(({target, how}) => said(target, how)),
    ].join('; ');
    const {proven} = await this.#sides(settings, 0);
    const near = !proven && (answers !== undefined || gateway.alive);
    return {result: near ? 'router-only' : 'cut-off', detail: reasons || gateway.by};
  }

  /** The newest outlook, for whoever retells the reports of jobs. One failure says nothing, two do. */
  reports(): WorkReport[] {
    return this.#report ? [this.#report] : [];
  }

  #note({result, detail}: Outlook): void {
    this.#failures = result === 'online' ? 0 : this.#failures + 1;
    const pauseMs = [everyMs, doubtEveryMs][this.#failures] ?? lostEveryMs;
    this.#dueMs = this.deps.nowMs() + pauseMs;
    if (this.#failures !== 1)
      this.#report = {job: 'way-out', at: new Date().toISOString(), result, detail: detail.slice(0, 200)};
  }

  /** Whom to ask, those who have answered before first; who is beyond the router, and whether one of them ever was heard. */
  async #sides(settings: Known, waitMs: number) {
    const {witnesses, primary, interrogation} = settings;
    const itself = new Set([primary, ...(interrogation?.addresses ?? [])].map(({address}) => address));
    const networks = await this.deps.networks();
    const found = await this.#book.targets(witnesses, waitMs);
    // The primary cannot vouch for the way to others.
    const targets = found.filter(({address}) => !itself.has(address));
    const far = targets.filter(({address}) => !networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
    return {targets, far, proven: far.some((target) => this.#book.answered(target))};
  }
}
