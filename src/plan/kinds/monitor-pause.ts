import {setupsReason} from '../../monitor/control.js';
import type {Host} from '../../ssh/host.js';
import {askMonitor, mustAskMonitor} from '../ask-monitor.js';

/** min the monitor keeps still while the primary is changed; longer than the undo of an edit waits. */
const pauseMin = 5;

/**
 * Keeps the standby from taking over while the primary is changed on purpose; the pause ends by itself. A pause of
 * the operator stays theirs: it is made longer where it would end too early, and never ended by us.
 */
export async function pauseMonitor(standby: Host): Promise<void> {
  await mustAskMonitor(standby, {name: 'hold', ms: pauseMin * 60_000}, 'pause the monitor');
}

/** Whether the reason of a pause, as the monitor tells it, is setup's own. */
export const isOwnPause = (why: string): boolean => why === setupsReason;

/** Ends our own pause early; one that the operator set stays. */
export async function resumeMonitor(standby: Host): Promise<void> {
  await askMonitor(standby, {name: 'release'});
}
