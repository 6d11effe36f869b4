import {Abort, Exit} from '../errors.js';
import {controlOf} from '../gateway/control.js';
import {monitorView} from '../phases/monitor-view.js';
import {askMonitor} from './ask-monitor.js';
import type {SetupEvent} from './events.js';
import {healthOf} from './health.js';
import {resumeMonitor} from './kinds/monitor-pause.js';
import {monitorState} from './monitor-state.js';
import {undoNow, undoTimer} from './kinds/config-undo.js';
import {mustRun} from './must.js';
import {disarmRevert, revertTimer} from './proofs/revert.js';
import type {Hosts, Reading} from './read.js';
import {until} from './until.js';

/** ms: a promotion, its minimum time, the rise window and the hand-back, with room. */
const restLimitMs = 480_000;

/** ms until a started gateway must be ready. */
const readyLimitMs = 120_000;

/** States of the monitor in which the standby is about to be, or is, in force. */
const awake: ReadonlySet<string> = new Set(['promoting', 'active', 'recovering', 'demoting']);

/** Whether a failover test was cut off, or the standby is on its way back while the primary is well again. */
export function isUnsettled({primary, standby}: Reading): boolean {
  return editWasCut(primary) || testWasCut(primary) || (isAwake(standby) && standby.probe?.status === 200);
}

/** An edit of the primary's config was not confirmed: its timer would fire in the middle of what follows. */
function editWasCut(primary: Reading['primary']): boolean {
  return primary.units[undoTimer]?.activeState === 'active';
}

function testWasCut(primary: Reading['primary']): boolean {
  return primary.units[revertTimer]?.activeState === 'active';
}

function isAwake(standby: Reading['standby']): boolean {
  const view = standby.monitorState.known ? monitorView(standby.monitorState.value) : undefined;
  return view !== undefined && awake.has(view.state);
}

/**
 * Ends what an interrupted test left: the primary's gateway is started at once instead of waiting for its own
 * timer, and the standby is given the time to step back. Nothing else may be changed before.
 * @throws Abort (124) when the standby does not come to rest
 */
export async function settle(
  hosts: Hosts,
  reading: Reading,
  emit: (event: SetupEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const control = controlOf(reading.primary);
  if (editWasCut(reading.primary)) {
    emit({
      type: 'output',
      host: 'primary',
      line: "An edit of the gateway's config was interrupted: kept if the gateway is ready, undone if not.",
    });
    await undoNow(hosts.primary);
    await resumeMonitor(hosts.standby);
  }
  if (testWasCut(reading.primary) && control) {
    emit({
      type: 'output',
      host: 'primary',
      line: `A failover test was interrupted: starting ${control.name} again.`,
    });
    await mustRun(hosts.primary, control.start, {doing: 'start the gateway again', timeoutMs: 120_000});
    await until(async () => (await healthOf(hosts.primary, reading.primary)) === 'ready', {
      everyMs: 1_000,
      limitMs: readyLimitMs,
      signal,
    });
    // It was a test: no minimum time and no memory of earlier takeovers keep the standby active.
    if (isAwake(reading.standby)) await askMonitor(hosts.standby, {name: 'demote'});
  }
  const stateNow = async () => (await monitorState(hosts.standby))?.state;
  const seen = await monitorState(hosts.standby);
  if (seen?.byHand && !testWasCut(reading.primary)) throw takenByHand();
  let state = seen?.state;
  if (state === undefined || state === 'watching') {
    await disarmRevert(hosts.primary);
    return;
  }
  const id = 'settle';
  emit({
    type: 'waiting',
    id,
    show: '',
    sinceMs: Date.now(),
    limitMs: restLimitMs,
    sentence: 'The primary is well again; waiting until the standby has stepped back.',
  });
  const rest = await until(async () => (state = await stateNow()) === 'watching', {
    everyMs: 2_000,
    limitMs: restLimitMs,
    signal,
  });
  emit({type: 'waited', id});
  if (rest) {
    await disarmRevert(hosts.primary);
    return;
  }
  throw new Abort(`The standby did not step back: its monitor is ${state ?? 'silent'}.`, {
    next: [
      'On the standby: journalctl -u openclaw-health-monitor -n 50',
      'With failback "manual", give back first (failover-wizard demote); then run the same command again.',
    ],
    exit: signal.aborted ? Exit.interrupted : Exit.timeout,
  });
}

/** It stays active until it is asked to give back, so there is nothing to wait for, and it is not ours to ask. */
function takenByHand(): Abort {
  return new Abort(
    'An operator took over with the standby, and setup changes nothing while it is in force.',
    {
      next: ['Give back, then run the same command again: failover-wizard demote'],
    },
  );
}
