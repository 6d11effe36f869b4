import {beginProcess} from './begin-process.js';
import {exitText, isClean, type Exit} from './exit-status.js';
import type {Process} from './process.js';
import type {Run} from './run.js';
import type {Service} from './service.js';
import type {Command} from './words.js';

type Ended = Exit | 'over' | 'late';

/**
 * A command beside the main process, until it has ended, the run is over, or `limitMs`.
 * @param whatever also when the run is over already
 * @returns whether it went well
 */
export async function step(
  service: Service,
  run: Run,
  command: Command,
  limitMs: number,
  whatever = false,
): Promise<boolean> {
  const control = beginProcess(service, run, command);
  run.control = control;
  const ended = await untilEnd(service, run, control, limitMs, whatever);
  run.control = undefined;
  if (typeof ended === 'object') run.group.ended(control.pid);
  if (typeof ended === 'object' && !command.mayFail && !isClean(ended, service.text.successStatus, true))
    service.manager.says(service, `${service.id}: Control process exited, ${exitText(ended)}`);
  return isGood(service, run, ended, command);
}

/** A oneshot's own work. @returns whether it went well */
export async function task(service: Service, run: Run, command: Command, limitMs: number): Promise<boolean> {
  const main = beginProcess(service, run, command);
  service.takeMain(run, main, command);
  return isGood(service, run, await untilEnd(service, run, main, limitMs, false), command);
}

async function untilEnd(
  {manager}: Service,
  run: Run,
  {exited}: Process,
  limitMs: number,
  whatever: boolean,
): Promise<Ended> {
  const ends = whatever ? [manager.cutOff.said] : [manager.cutOff.said, run.over.said];
  const over = ends.map((one) => one.then(() => 'over' as const));
  return (await manager.clocks.within<Exit | 'over'>(limitMs, exited, ...over)) ?? 'late';
}

function isGood(service: Service, run: Run, ended: Ended, {mayFail}: Command): boolean {
  if (ended === 'over') return false;
  if (ended === 'late') {
    const what =
      service.active === 'deactivating' ? 'stop' : service.active === 'reloading' ? 'reload' : 'start';
    service.manager.says(service, `${service.id}: ${what} operation timed out. Terminating.`);
    run.fail('timeout');
    return false;
  }
  if (mayFail || isClean(ended, service.text.successStatus, true)) return true;
  // A reload that fails leaves the service as it is.
  if (service.active !== 'reloading') run.fail('code' in ended ? 'exit-code' : 'signal');
  return false;
}
