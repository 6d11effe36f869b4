import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit, messageOf} from '../errors.js';
import {askMonitor} from '../plan/ask-monitor.js';
import {mustScript} from '../plan/must.js';
import {isActive} from '../monitor/memory.js';
import {timeOfDay} from '../screens/format.js';
import {disarmDeadMan} from './dead-man.js';
import type {Drill} from './drill.js';
import {faults} from './faults.js';
import {bootOf} from './look.js';
import type {DrillReport} from './report.js';
import {wasUndone} from './so-far.js';
import {noteTold} from './told.js';

/** ms for a gateway to become ready again; once in between it is restarted. */
const readyLimitMs = 120_000;
/** ms beyond what the monitor's settings ask for that the way back of the standby is waited for. */
const restSlackMs = 120_000;
/** ms for which a standby has to stay active at least that nobody waits for: it is asked to give back. */
const longActiveMs = 600_000;
/** ms after the standby's rest in which it may still say what became of the workspace. */
const handBackMs = 4_000;
/** ms beyond the timer on the primary for which one that is out of reach is still tried. */
const beyondTimerMs = 60_000;
/** ms in which a host that was asked to reboot has gone down. */
const downLimitMs = 90_000;
/** How often a primary that can be reached is told to take it back. */
const undoTries = 5;
/** ms within which a primary that is ready already is found to be. */
const atOnceMs = 3_000;
/** ms between two tries to reach the primary. */
const againMs = 1_000;

/** The way back from a fault: it is taken back, the primary becomes well, the standby comes to rest. */
export class Mending {
  /** The primary could not be reached to the end: how it is, nobody knows. */
  #unseen = false;
  /** Somebody took it back before, and nobody looked since. */
  #undoneBefore = false;

  constructor(private readonly drill: Drill) {}

  /** @throws Abort (130) when it is left at once */
  async run(): Promise<DrillReport['left']> {
    const {drill} = this;
    this.#undoneBefore = drill.goesOn && (drill.stopped !== null || wasUndone(drill));
    const cameBack = drill.marks.some(({id}) => id === 'primary-ready');
    const undone = cameBack && drill.problems.length === 0 ? true : await this.#undo();
    const ready = undone && (await this.#becomeReady());
    // It may have been decided while the primary was starting, and nobody waited for it.
    if (drill.asked) drill.callTest(drill.course());
    // A draining gateway still answers, and would be down a moment later: the timer goes when it was seen ready.
    const disarmed = ready && (await this.#disarm());
    if (ready) await this.#rest();
    return this.#left(ready, disarmed);
  }

  /** One try and no waiting, for a program that is being ended. */
  async undoAtOnce(): Promise<void> {
    const {plan, revertAtMs} = this.drill;
    // From when the timer is armed: a stop that still goes on has no moment at which it took effect.
    if (revertAtMs === null || wasUndone(this.drill)) return;
    // Whoever leaves at once has aborted everything else.
    const primary = await this.drill.parts.sources.primary();
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
    const endMs = Math.max(drill.revertAtMs ?? 0, parts.now()) + beyondTimerMs;
    for (let tries = 1; ; tries += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const primary = await drill.host('primary');
        // oxlint-disable-next-line no-await-in-loop
        await mustScript(
          primary,
          {label: `drill: take back: ${fault.title}`, text: fault.undo(plan.input)},
          {doing: 'take the fault back', timeoutMs: 60_000, signal: port.force},
        );
        if (!wasUndone(drill)) drill.mark('undone', parts.now());
        return true;
      } catch (error) {
        const inVain = !isUnreachable(error) && tries >= undoTries;
        // A network that stays cut shows nothing on the primary itself: its timer has to go on trying.
        if (port.force.aborted || parts.now() > endMs || (inVain && plan.fault === 'partition')) {
          drill.problems.push(`The fault could not be taken back from here: ${messageOf(error)}`);
          this.#unseen = isUnreachable(error);
          return false;
        }
        // It was told, and it does not work: whether the gateway runs after all, and with a restart, is seen next.
        if (inVain) return true;
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
    const lookedMs = performance.now();
    let readyAtMs = await this.#ready(readyLimitMs);
    const atOnce = performance.now() - lookedMs < atOnceMs;
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
      drill.mark('primary-ready', readyAtMs, this.#undoneBefore && atOnce ? 'or sooner: nobody looked' : '');
    return readyAtMs !== undefined;
  }

  /** epoch ms of this machine at which it was ready; undefined: it was not in time. */
  async #ready(limitMs: number): Promise<number | undefined> {
    const {drill} = this;
    const end = performance.now() + limitMs;
    while (performance.now() < end && !drill.port.force.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const readyAtMs = await drill.readyAt().catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      if (readyAtMs !== undefined && (await this.#isUpAgain())) return readyAtMs;
      // oxlint-disable-next-line no-await-in-loop
      await sleep(500);
    }
    return undefined;
  }

  /** A host that is to reboot is well until it goes down. */
  async #isUpAgain(): Promise<boolean> {
    const {drill} = this;
    const {plan, parts} = drill;
    if (plan.fault !== 'reboot' || !drill.asked) return true;
    // One that goes down at this very moment is not up again.
    const boot = await drill
      .host('primary')
      .then(bootOf)
      .catch(() => plan.boot);
    // The timer went with the boot before.
    if (boot !== plan.boot) drill.revertAtMs = null;
    return boot !== plan.boot || parts.now() - (drill.faultAtMs ?? drill.startedMs) > downLimitMs;
  }

  async #disarm(): Promise<boolean> {
    const {drill} = this;
    try {
      const fired = await disarmDeadMan(await drill.host('primary'));
      drill.revertAtMs = null;
      // What it brought back, nobody else did.
      const early = 'The timer on the primary undid the fault before the drill came to its end.';
      if (fired === null || !this.#isEarly(Date.parse(fired))) return true;
      if (drill.problems.length > 0) drill.notes.push(early);
      else drill.stopped ??= early;
      return true;
    } catch {
      return false;
    }
  }

  /** After the fault was taken back, or the primary had come by itself, it found nothing to do. It says whole seconds. */
  #isEarly(firedMs: number): boolean {
    const {marks, clocks} = this.drill;
    const well = marks.filter(({id}) => id === 'undone' || id === 'primary-ready').map(({atMs}) => atMs);
    return firedMs - clocks.primary.offsetMs + 1_000 < Math.min(...well);
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
    const {failback, thresholds, demotion} = plan.settings;
    const long = thresholds.minActiveMs > longActiveMs;
    if (inForce() && (failback === 'manual' || long || parts.store.live?.latchedMs != null)) await ask();
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
        // A message that others were waiting before comes late.
        if (plan.told) noteTold(drill, course);
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
      (long ? 0 : thresholds.minActiveMs) + thresholds.riseMs + demotion.timeoutMs + restSlackMs,
      port.stop,
    );
    if (rested === undefined) {
      if (port.stop.aborted) drill.stopped ??= 'The operator ended it before the standby was at rest.';
      else drill.problems.push('The standby was not at rest in time.');
    }
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
    const {revertAtMs} = this.drill;
    const due = revertAtMs === null || revertAtMs < this.drill.parts.now();
    const deadMan = disarmed ? 'disarmed' : due ? 'unknown' : 'armed';
    const primary = ready ? 'well' : this.#unseen ? 'unknown' : 'not-well';
    return {primary, standby, deadMan, say: leftWords({primary, standby, deadMan}, this.drill.revertAtMs)};
  }
}

const isUnreachable = (error: unknown) => error instanceof Abort && error.exit === Exit.unreachable;

function leftWords(
  {primary, standby, deadMan}: Omit<DrillReport['left'], 'say'>,
  revertAtMs: number | null,
): string {
  const first = {
    well: 'The primary is well',
    'not-well': 'The primary is not well',
    unknown: 'How the primary is could not be seen',
  }[primary];
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
