import {ownMessage, type Teller} from './message.js';
import type {Stamp} from './moment.js';
import {delivered, nextFor, refused, type Queue} from './queue.js';
import {isListener, type Target} from './targets.js';
import {deliveredWay, failedWay, freshWay, type Way} from './ways.js';
import {pingId, type Outcome, type Work} from './work.js';

export interface DeliveryPorts {
  /** Monotonic ms of this boot. */
  nowMs(): number;
  /** Bounded to 20 s. */
  deliver(work: Work): Promise<{outcomes: Outcome[]; problem: string | null}>;
}

/** What came of a test message: the word it was asked for with, and who has it. */
export interface TestResult {
  id: string;
  results: {target: string; error: string | null}[];
}

/** What is to be delivered, and where its changes go. */
export interface Around {
  targets: readonly Target[];
  queue: Queue;
  now: Stamp;
  /** The monitor is well enough that a dead-man ping may say so. */
  well: boolean;
  /** The queue after a delivery. */
  change(edit: (queue: Queue) => Queue): void;
}

/** A child that could not do anything is not started again at each beat. */
const childAgainMs = 30_000;

/** One delivery at a time, each target with a rhythm of its own. Nothing here waits. */
export class Deliveries {
  #ways = new Map<string, Way>();
  #busy = false;
  #againMs = 0;
  #asked: string | undefined;
  /** What is wrong with the child itself. */
  problem: string | null = null;
  test: TestResult | null = null;

  constructor(
    private readonly ports: DeliveryPorts,
    private readonly teller: Teller,
  ) {}

  wayOf(name: string): Way {
    return this.#ways.get(name) ?? freshWay;
  }

  /** How it went before a restart; everything may be tried at once again. */
  recall(last: Record<string, Pick<Way, 'delivered' | 'error'>>): void {
    for (const [name, way] of Object.entries(last)) this.#ways.set(name, {...freshWay, ...way});
  }

  /** A test message to everybody, as soon as nothing else is under way. */
  ask(test: string): void {
    this.#asked = test;
  }

  beat(around: Around): void {
    if (this.#busy || this.ports.nowMs() < this.#againMs) return;
    const test = this.#asked;
    this.#asked = undefined;
    const work = test === undefined ? this.#due(around) : this.#testWork(test, around);
    if (work.jobs.length > 0 || work.pings.length > 0) void this.#carryOut(work, around, test);
    else if (test !== undefined) this.test = {id: test, results: []};
  }

  #due({targets, queue, now, well}: Around): Work {
    const nowMs = this.ports.nowMs();
    const due = targets.filter(({name}) => this.wayOf(name).nextMs <= nowMs);
    return {
      jobs: due
        .filter((target) => isListener(target))
        .map(({name}) => ({target: name, messages: nextFor(queue, name, this.teller, now)}))
        .filter(({messages}) => messages.length > 0),
      pings: well ? pingNames(due) : [],
    };
  }

  #testWork(id: string, {targets, now}: Around): Work {
    const message = ownMessage('test', this.teller, {
      id: `test-${id}`,
      time: new Date(now.wallMs).toISOString(),
      level: 'info',
      what: 'This is what a message of the failover pair looks like.',
    });
    return {
      jobs: targets
        .filter((target) => isListener(target))
        .map(({name}) => ({target: name, messages: [message]})),
      pings: pingNames(targets),
    };
  }

  async #carryOut(work: Work, around: Around, test: string | undefined): Promise<void> {
    this.#busy = true;
    try {
      const {outcomes, problem} = await this.ports.deliver(work);
      this.#settle(work, outcomes, problem, around);
    } catch (error) {
      this.#settle(work, [], (error as Error).message, around);
    }
    this.#busy = false;
    if (test === undefined) return;
    const results = namesOf(work).map((target) => ({target, error: this.wayOf(target).error}));
    this.test = {id: test, results};
  }

  #settle(work: Work, outcomes: readonly Outcome[], problem: string | null, around: Around): void {
    const nowMs = this.ports.nowMs();
    this.problem = outcomes.length === 0 ? problem : null;
    if (this.problem !== null) this.#againMs = nowMs + childAgainMs;
    for (const outcome of outcomes) this.#hear(outcome, nowMs, around);
    for (const name of namesOf(work)) {
      if (outcomes.some(({target}) => target === name)) continue;
      this.#fail(name, problem ?? 'no time was left for it', nowMs, around);
    }
  }

  #hear(outcome: Outcome, nowMs: number, around: Around): void {
    const {target: name, id} = outcome;
    if (!outcome.ok) {
      if (outcome.refused) around.change((queue) => refused(queue, name, id));
      this.#fail(name, outcome.error, nowMs, around, outcome.askedMs);
      return;
    }
    const way = deliveredWay(this.wayOf(name), new Date().toISOString());
    const everyMs = pingEvery(name, around);
    this.#ways.set(name, everyMs === undefined ? way : {...way, nextMs: nowMs + everyMs});
    if (id !== pingId) around.change((queue) => delivered(queue, name, id));
  }

  /** A ping is due at its own time however often it failed: whoever misses it counts by that. */
  #fail(name: string, error: string, nowMs: number, around: Around, askedMs = 0): void {
    const way = failedWay(this.wayOf(name), error, nowMs, askedMs);
    this.#ways.set(name, {
      ...way,
      nextMs: Math.min(way.nextMs, nowMs + (pingEvery(name, around) ?? Infinity)),
    });
  }
}

const namesOf = ({jobs, pings}: Work) => [...jobs.map(({target}) => target), ...pings];
const pingNames = (targets: readonly Target[]) =>
  targets.filter(({kind}) => kind === 'ping').map(({name}) => name);

function pingEvery(name: string, {targets}: Around): number | undefined {
  const target = targets.find((one) => one.name === name);
  return target?.kind === 'ping' ? target.everyMs : undefined;
}
