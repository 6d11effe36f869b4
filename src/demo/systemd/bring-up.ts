import {beginProcess} from './begin-process.js';
import {makeFolders} from './environment.js';
import type {Exit} from './exit-status.js';
import type {Run, Why} from './run.js';
import type {Service} from './service.js';
import {step, task} from './step.js';
import type {Command} from './words.js';

/** From nothing to what a service is there for. @returns true: it is active; false: it is not, or not any more */
export async function bringUp(service: Service, run: Run): Promise<boolean> {
  const {exec, type, remain, startMs, folders} = service.text;
  const all = async (commands: readonly Command[], act: typeof step | typeof task) => {
    for (const command of commands) {
      // oxlint-disable-next-line no-await-in-loop
      if (!(await act(service, run, command, startMs))) return false;
    }
    return true;
  };
  service.to('activating', exec.ExecStartPre.length > 0 ? 'start-pre' : 'start');
  makeFolders(service.manager.machine.root, folders);
  if (!(await all(exec.ExecStartPre, step))) return false;
  service.to('activating', 'start');
  const oneshot = type === 'oneshot';
  if (!(await (oneshot ? all(exec.ExecStart, task) : launch(service, run, exec.ExecStart[0]!)))) return false;
  if (exec.ExecStartPost.length > 0) service.to('activating', 'start-post');
  if (!(await all(exec.ExecStartPost, step))) return false;
  if (oneshot && !remain) return false;
  service.to('active', oneshot ? 'exited' : 'running');
  return true;
}

/** The main process of everything that goes on. */
async function launch(service: Service, run: Run, command: Command): Promise<boolean> {
  const {manager, text, id} = service;
  const main = beginProcess(service, run, command);
  service.takeMain(run, main, command);
  // What cannot be begun is told by its end.
  if (text.type !== 'notify') return Promise.race([main.begun.said, run.over.said.then(() => false)]);
  const ended = await manager.clocks.within<Exit | Why | 'ready' | 'cut'>(
    text.startMs,
    run.ready.said,
    main.exited,
    run.over.said,
    manager.cutOff.said,
  );
  if (ended === 'ready') return true;
  if (ended === undefined) {
    manager.says(service, `${id}: start operation timed out. Terminating.`);
    run.fail('timeout');
  } else if (typeof ended === 'object') run.fail('protocol');
  return false;
}
