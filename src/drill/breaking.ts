import {Abort, ConnectionLost, Exit} from '../errors.js';
import {mustScript} from '../plan/must.js';
import type {Host} from '../ssh/host.js';
import {armDeadMan, disarmDeadMan} from './dead-man.js';
import type {Drill} from './drill.js';
import {faults, timed, timesOf} from './faults.js';
import {workspaceNow} from './workspace.js';

/** ms; a gateway with a turn in flight drains for up to 315 s. */
const stopLimitMs = 340_000;

/** Where the answer was lost it may have been made all the same. */
export const notMade = (error: unknown): string =>
  error instanceof Abort && (error.exit === Exit.unreachable || error.exit === Exit.timeout)
    ? 'Whether the fault was made is not known; it was taken back'
    : 'The fault could not be made';

/** The timer is armed and seen to be, and then the fault is made. */
export class Breaking {
  constructor(private readonly drill: Drill) {}

  /** @throws Abort when it is not seen to be armed; nothing is broken and nothing left then */
  async arm(): Promise<void> {
    const {drill} = this;
    drill.doing('arming the timer on the primary that undoes it by itself');
    const primary = await drill.host('primary');
    // First of all: who begins again after a cut has to know.
    await drill.memory.remember();
    try {
      await this.#armOn(primary);
    } catch (error) {
      // Where it may be armed still, the next start looks.
      if (!(error instanceof ConnectionLost) && (await isDisarmed(primary))) await drill.memory.forget();
      throw error;
    }
  }

  async #armOn(primary: Host): Promise<void> {
    const {drill} = this;
    const {plan, parts} = drill;
    const origin = {pairName: parts.pair.name, version: parts.version};
    const undo = faults[plan.fault].undo(plan.input);
    await armDeadMan(primary, {origin, mark: plan.mark, undo, afterS: plan.revertS});
    drill.revertAtMs = parts.now() + plan.revertS * 1000;
    await drill.memory.remember();
    drill.show();
  }

  /** @throws Abort when it could not be made */
  async make(): Promise<void> {
    const {drill} = this;
    const {plan, parts, port} = drill;
    if (port.stop.aborted) return;
    const fault = faults[plan.fault];
    const primary = await drill.host('primary');
    drill.doing(
      plan.fault === 'stop' ? 'the gateway of the primary finishes what it does, and stops' : fault.title,
    );
    drill.workspace = workspaceNow(parts.store.snapshot().sample);
    const askedMs = parts.now();
    drill.asked = true;
    const ran = await this.#inject(primary);
    if (ran === undefined && port.stop.aborted) return;
    const times = timesOf(ran ?? '');
    const local = (ms: number) => Math.round(ms - drill.clocks.primary.offsetMs);
    // A stop takes effect when the gateway lets go of its port; everything else when it was done.
    const atMs = times ? local(times.atMs) : parts.now();
    const stoppingMs =
      plan.fault === 'stop' ? Math.max(0, atMs - (times ? local(times.fromMs) : askedMs)) : null;
    drill.broken(atMs, stoppingMs);
    await drill.memory.remember();
  }

  /** What the script printed; undefined: its answer was lost, or nobody waits for it any more. */
  async #inject(primary: Host): Promise<string | undefined> {
    const {plan, port} = this.drill;
    const fault = faults[plan.fault];
    const script = {label: `drill: ${fault.title}`, text: timed(fault.inject(plan.input))};
    try {
      const {stdout} = await mustScript(primary, script, {
        doing: fault.title,
        timeoutMs: stopLimitMs,
        // A gateway that drains for minutes is not waited for by somebody who wants to leave.
        signal: AbortSignal.any([port.stop, port.force]),
      });
      return stdout;
    } catch (error) {
      if (port.stop.aborted) return undefined;
      // A host that goes down may take the answer with it.
      if (plan.fault === 'reboot' && error instanceof Abort && error.exit === Exit.unreachable)
        return undefined;
      throw error;
    }
  }
}

const isDisarmed = (primary: Host): Promise<boolean> =>
  disarmDeadMan(primary).then(
    () => true,
    () => false,
  );
