import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf} from '../errors.js';
import {askMonitor} from '../plan/ask-monitor.js';
import {mustScript} from '../plan/must.js';
import {isActive} from '../monitor/memory.js';
import {timeOfDay} from '../screens/format.js';
import {disarmDeadMan} from './dead-man.js';
import type {Drill} from './drill.js';
import {faults} from './faults.js';
import type {DrillReport} from './report.js';

/** ms for a gateway to become ready again; once in between it is restarted. */
const readyLimitMs = 120_000;
/** ms for the way back of the standby: minimum active time, rise window, a turn in hand. */
const restLimitMs = 480_000;
/** ms after the standby's rest in which it may still say what became of the workspace. */
const handBackMs = 4_000;
/** ms beyond the timer on the primary for which one that is out of reach is still tried. */
const beyondTimerMs = 60_000;
/** ms between two tries to reach the primary. */
const againMs = 1_000;

/** The way back from a fault: it is taken back, the primary becomes well, the standby comes to rest. */
export class Mending {
  constructor(private readonly drill: Drill) {}

  /** @throws Abort (130) when it is left at once */
  async run(): Promise<DrillReport['left']> {
    const {drill} = this;
    const cameBack = drill.marks.some(({id}) => id === 'primary-ready');
    const undone = cameBack && drill.problems.length === 0 ? true : await this.#undo();
    const ready = undone && (await this.#becomeReady());
    // A draining gateway still answers, and would be down a moment later: the timer goes when it was seen ready.
    const disarmed = ready && (await this.#disarm());
    if (ready) await this.#rest();
    return this.#left(ready, disarmed);
  }

  /** One try and no waiting, for a program that is being ended. */
  async undoAtOnce(): Promise<void> {
    const {plan, revertAtMs, marks} = this.drill;
    // From when the timer is armed: a stop that still goes on has no moment at which it took effect.
    if (revertAtMs === null || marks.some(({id}) => id === 'undone')) return;
    const primary = await this.drill.host('primary');
    const fault = faults[plan.fault];
    await primary.script(
      {label: `drill: take back: ${fault.title}`, text: fault.undo(plan.input)},
      {timeoutMs: 60_000},
    );
  }

  /** Tried until it is done, or until the primary has undone it by itself. */
  async #undo(): Promise<boolean> {
    const {drill} = this;
    const {plan, parts, port} = drill;
    const fault = faults[plan.fault];
    drill.doing('taking the fault back');
    const endMs = (drill.revertAtMs ?? parts.now()) + beyondTimerMs;
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const primary = await drill.host('primary');
        // oxlint-disable-next-line no-await-in-loop
        await mustScript(
          primary,
          {label: `drill: take back: ${fault.title}`, text: fault.undo(plan.input)},
          {doing: 'take the fault back', timeoutMs: 60_000, signal: port.force},
        );
        drill.mark('undone', parts.now());
        return true;
      } catch (error) {
        if (port.force.aborted || parts.now() > endMs) {
          drill.problems.push(`The fault could not be taken back from here: ${messageOf(error)}`);
          return false;
        }
        const by =
          drill.revertAtMs === null ? '' : `; it does so by itself at ${timeOfDay(drill.revertAtMs)}`;
        drill.doing(`the primary cannot be told to take it back${by}; trying again`);
        // oxlint-disable-next-line no-await-in-loop
        await sleep(againMs);
      }
    }
  }

  async #becomeReady(): Promise<boolean> {
    const {drill} = this;
    const {plan, port} = drill;
    const marked = drill.marks.some(({id}) => id === 'primary-ready');
    drill.doing('the gateway of the primary gets ready');
    let readyAtMs = await this.#ready(readyLimitMs);
    if (readyAtMs === undefined && plan.fault !== 'partition' && !port.force.aborted) {
      drill.notes.push('The gateway of the primary did not become ready by itself and was restarted once.');
      drill.doing('the gateway of the primary is restarted');
      await drill
        .host('primary')
        .then((primary) => primary.run(plan.control.restart, {timeoutMs: readyLimitMs, signal: port.force}))
        .catch(() => undefined);
      readyAtMs = await this.#ready(readyLimitMs);
    }
    if (readyAtMs !== undefined && !marked && plan.fault !== 'partition')
      drill.mark('primary-ready', readyAtMs);
    return readyAtMs !== undefined;
  }

  async #ready(limitMs: number): Promise<number | undefined> {
    const end = performance.now() + limitMs;
    while (performance.now() < end && !this.drill.port.force.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const readyAtMs = await this.drill.readyAt().catch(() => undefined);
      if (readyAtMs !== undefined) return readyAtMs;
      // oxlint-disable-next-line no-await-in-loop
      await sleep(500);
    }
    return undefined;
  }

  async #disarm(): Promise<boolean> {
    try {
      await disarmDeadMan(await this.drill.host('primary'));
      this.drill.revertAtMs = null;
      return true;
    } catch {
      return false;
    }
  }

  /** The standby gives back by its own rules; whoever ended the drill does not wait for it. */
  async #rest(): Promise<void> {
    const {drill} = this;
    const {plan, parts, port} = drill;
    const inForce = () => {
      const {live} = parts.store;
      return live !== null && (isActive(live.state) || live.state === 'demoting');
    };
    const ask = () =>
      drill
        .host('standby')
        .then((standby) => askMonitor(standby, {name: 'demote'}))
        .catch(() => undefined);
    if (inForce() && (plan.settings.failback === 'manual' || parts.store.live?.latchedMs != null))
      await ask();
    if (drill.stopped !== null && port.stop.aborted) return;
    const rested = await drill.until(
      () => {
        const {live} = parts.store;
        const {monitor, health} = parts.store.snapshot().sample;
        const well =
          monitor.known && monitor.state === 'watching' && health?.well === true && live?.bad === 0;
        const course = drill.course();
        const {takeover, timeline} = course;
        drill.callTest(course);
        const closed =
          takeover === undefined ||
          takeover.decidedMs === null ||
          timeline.rest !== undefined ||
          takeover.outcome?.tone === 'bad' ||
          // One that never came to be in charge has nothing to give back.
          (takeover.endedMs !== null && timeline.connected === undefined);
        drill.doing(
          inForce() ? 'the standby gives back once the primary has stayed well' : 'both hosts come to rest',
        );
        return well && closed ? true : undefined;
      },
      restLimitMs,
      port.stop,
    );
    if (rested === undefined && port.stop.aborted)
      drill.stopped ??= 'The operator ended it before the standby was at rest.';
    if (rested === true && drill.course().timeline.rest)
      await drill.until(() => drill.course().timeline['handed-back'], handBackMs, port.stop);
  }

  #left(ready: boolean, disarmed: boolean): DrillReport['left'] {
    const {live} = this.drill.parts.store;
    const standby =
      live === null
        ? 'unknown'
        : live.state === 'watching'
          ? 'asleep'
          : isActive(live.state) || live.state === 'demoting'
            ? 'active'
            : 'other';
    const deadMan = disarmed ? 'disarmed' : this.drill.revertAtMs === null ? 'unknown' : 'armed';
    const primary = ready ? 'well' : 'not-well';
    return {primary, standby, deadMan, say: leftWords({primary, standby, deadMan}, this.drill.revertAtMs)};
  }
}

function leftWords(
  {primary, standby, deadMan}: Omit<DrillReport['left'], 'say'>,
  revertAtMs: number | null,
): string {
  const first = primary === 'well' ? 'The primary is well' : 'The primary is not well';
  const then = {
    asleep: ', and the standby sleeps.',
    active: '; the standby is in charge, and gives back by itself once the primary has stayed well.',
    other: ', and the standby is not at rest yet.',
    unknown: '; nothing is known of the standby.',
  }[standby];
  const timer =
    deadMan === 'armed' && revertAtMs !== null
      ? ` The primary takes the fault back once more by itself at ${timeOfDay(revertAtMs)}.`
      : '';
  return `${first}${then}${timer}`;
}
