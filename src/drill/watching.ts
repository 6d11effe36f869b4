import {setTimeout as sleep} from 'node:timers/promises';
import {clean} from '../screens/clip.js';
import type {Drill} from './drill.js';
import {isMomentary} from './faults.js';
import {seenOf, type Seen} from './seen.js';
import {noteTold} from './told.js';

/** ms for a primary that answers again until it is ready. */
const ownReadyMs = 60_000;
/** ms after the bot is there until whoever is told should have been. */
const toldMs = 5_000;
/** ms after a connection is made again until all that was missed has been told. */
const caughtUpMs = 5_000;
/** ms between two looks at a primary that may come back by itself. */
const ownLookMs = 500;

/** What comes of the fault: until it was seen, it went wrong, or the operator has had enough. */
export class Watching {
  /** When the primary was seen ready again by itself. */
  #readyAtMs: number | null;

  constructor(private readonly drill: Drill) {
    // By one that goes on after it was cut off.
    this.#readyAtMs = drill.marks.find(({id}) => id === 'primary-ready')?.atMs ?? null;
  }

  async run(): Promise<void> {
    const {drill} = this;
    const {port} = drill;
    if (port.stop.aborted || drill.faultAtMs === null) return this.#noteStop();
    const ending = new AbortController();
    const looks = isMomentary(drill.plan.fault) && this.#readyAtMs === null;
    const own = looks ? this.#watchPrimary(ending.signal) : undefined;
    try {
      const seen = await drill.until(() => this.#look(), Number.POSITIVE_INFINITY, port.stop);
      if (seen === undefined) return this.#noteStop();
      await this.#conclude(seen);
    } finally {
      ending.abort();
      await own;
    }
  }

  async #conclude(seen: Exclude<Seen, {step: 'wait'}>): Promise<void> {
    const {drill} = this;
    const {port, parts} = drill;
    if (seen.step === 'wrong') return void drill.problems.push(seen.why);
    switch (seen.how) {
      case 'held':
        return drill.mark('held', parts.now(), drill.course().timeline.asked?.note ?? '');
      case 'there':
        return this.#proveLife();
      case 'primary-back':
        // The monitor's probe may find it a moment before the look from here does.
        drill.doing('the gateway of the primary gets ready');
        await drill.until(() => this.#readyAtMs ?? undefined, ownReadyMs, port.stop);
    }
  }

  #noteStop(): void {
    if (this.drill.port.stop.aborted) this.drill.stopped ??= 'The operator ended it.';
  }

  #look(): Exclude<Seen, {step: 'wait'}> | undefined {
    const {drill} = this;
    const course = drill.course();
    noteTold(drill, course);
    drill.callTest(course);
    const seen = seenOf({
      course,
      expected: drill.plan.expected,
      faultAtMs: drill.faultAtMs!,
      nowMs: drill.parts.now(),
      readyAtMs: this.#readyAtMs,
    });
    if (seen.step === 'wrong' && !this.#hears()) {
      drill.doing('the standby is out of reach from here; what happens there is in its log');
      return undefined;
    }
    if (seen.step !== 'wait') return seen;
    drill.doing(seen.doing);
    drill.show(course);
    return undefined;
  }

  /** Nothing is judged by what was not heard, as long as the primary's own timer leaves the time for it. */
  #hears(): boolean {
    const {store, now} = this.drill.parts;
    const {link} = store.snapshot().sample.standby;
    const late = this.drill.revertAtMs === null || now() > this.drill.revertAtMs;
    return late || (link.state === 'up' && (link.upForMs ?? 0) > caughtUpMs);
  }

  async #proveLife(): Promise<void> {
    const {drill} = this;
    const {parts, plan, port} = drill;
    const {type, account} = parts.pair.channel;
    const {connected} = drill.course().timeline;
    const ms = connected ? drill.since(connected.atMs) : null;
    // One that goes on after it was cut off may have seen and asked already.
    const has = (kind: string) => drill.proofs.some((proof) => proof.kind === kind);
    if (!has('channel'))
      drill.proofs.push({kind: 'channel', ok: true, ms, detail: `${type} ${account} is connected`});
    if (!has('message')) await this.#ask();
    if (!plan.told || port.stop.aborted) return;
    drill.doing('whoever is told of a takeover is told');
    await drill.until(() => noteTold(drill, drill.course()) || undefined, toldMs, port.stop);
  }

  /** A real message, where one is to be sent. */
  async #ask(): Promise<void> {
    const {drill} = this;
    const {parts, port} = drill;
    if (parts.ask === undefined) return;
    const {type, account} = parts.pair.channel;
    drill.doing(`a real message is sent to ${type} ${account}`);
    const asked = await parts.ask({
      signal: AbortSignal.any([port.stop, port.force]),
      onLine: (line) => port.emit({type: 'say', text: clean(line)}),
    });
    if (port.stop.aborted) return this.#noteStop();
    if (asked.ok) drill.mark('answered', asked.answeredAtMs);
    drill.proofs.push({
      kind: 'message',
      ok: asked.ok,
      ms: asked.ok ? drill.since(asked.answeredAtMs) : null,
      detail: clean(asked.detail) || (asked.ok ? 'it was answered' : 'it was not answered'),
    });
    drill.memory.note();
  }

  /** Whether the primary came back by itself, and when. Its connection may be gone meanwhile. */
  async #watchPrimary(signal: AbortSignal): Promise<void> {
    const {drill} = this;
    let down = false;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      if (!down) down = (await drill.health().catch(() => undefined)) !== 'ready';
      // oxlint-disable-next-line no-await-in-loop
      const readyAtMs = down ? await drill.readyAt(signal).catch(() => undefined) : undefined;
      if (signal.aborted) return;
      if (readyAtMs !== undefined) {
        this.#readyAtMs = readyAtMs;
        drill.mark('primary-ready', readyAtMs, 'by itself');
        return;
      }
      // oxlint-disable-next-line no-await-in-loop
      await sleep(ownLookMs, undefined, {signal}).catch(() => undefined);
    }
  }
}
