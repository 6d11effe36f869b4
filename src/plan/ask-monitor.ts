import {wordsOf} from '../monitor/hand/request-words.js';
import type {Request} from '../monitor/hand/requests.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';
import {mustRun} from './must.js';

/** ms; it starts a small program on a host that may be busy with a takeover. */
const timeoutMs = 20_000;

/**
 * The request, made as root by the monitor's own program on the standby. Nothing happens where it is not installed:
 * there is nobody to ask, and nobody who would take over.
 */
function asking(asked: Request): string[] {
  const {node, monitorProgram} = layout;
  const ifThere = `[ -x ${node} ] && [ -f ${monitorProgram} ] || exit 0; exec ${node} ${monitorProgram} request "$@"`;
  return ['sh', '-c', ifThere, 'sh', ...wordsOf(asked)];
}

const label = (asked: Request) => `ask the monitor: ${wordsOf(asked).join(' ')}`;

/** Asks for what may as well not be heard: the monitor goes on by its own rules then. */
export async function askMonitor(standby: Host, asked: Request): Promise<void> {
  await standby.run(asking(asked), {timeoutMs, label: label(asked)});
}

/**
 * Asks for what the next step relies on. True when something was written or taken away.
 * @throws Abort when the request could not be made
 */
export async function mustAskMonitor(standby: Host, asked: Request, doing: string): Promise<boolean> {
  const {stdout} = await mustRun(standby, asking(asked), {doing, timeoutMs, label: label(asked)});
  return stdout.includes('"asked":true');
}
