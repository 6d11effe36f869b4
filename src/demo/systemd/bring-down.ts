import {readFileSync} from 'node:fs';
import {isAlive, signalTo} from './group.js';
import type {Run} from './run.js';
import type {Service} from './service.js';
import {step} from './step.js';

/** ms between two looks at whether its processes are gone. */
const lookEveryMs = 25;

/**
 * From whatever a service is in to nothing of it left: what it wants to be done at its end, the signals in their
 * order, and SIGKILL for what does not go.
 */
export async function bringDown(service: Service, run: Run): Promise<void> {
  const {manager, text} = service;
  if (run.wasUp && text.exec.ExecStop.length > 0) {
    service.to('deactivating', 'stop');
    for (const command of text.exec.ExecStop) {
      // oxlint-disable-next-line no-await-in-loop
      if (!(await step(service, run, command, text.stopMs, true))) break;
    }
  }
  const byWatchdog = run.over.is === 'watchdog';
  await endAll(service, run, {
    signal: byWatchdog ? text.watchdogSignal : text.killSignal,
    sub: byWatchdog ? 'stop-watchdog' : 'stop-sigterm',
    kill: 'stop-sigkill',
  });
  if (text.exec.ExecStopPost.length > 0 && !manager.isCut) {
    service.to('deactivating', 'stop-post');
    for (const command of text.exec.ExecStopPost) {
      // oxlint-disable-next-line no-await-in-loop
      await step(service, run, command, text.stopMs, true);
    }
  }
  await endAll(service, run, {signal: text.killSignal, sub: 'final-sigterm', kill: 'final-sigkill'});
}

async function endAll(
  service: Service,
  run: Run,
  {signal, sub, kill}: {signal: NodeJS.Signals; sub: string; kill: string},
): Promise<void> {
  const {manager, text} = service;
  const {killMode, stopMs, lastKill} = text;
  if (killMode === 'none') return;
  const all = () => run.group.members();
  const own = () =>
    [run.main, run.control].flatMap((one) => (one && !one.isOver && isAlive(one.pid) ? [one.pid] : []));
  const asked = killMode === 'control-group' ? all : own;
  if (asked().length > 0) {
    service.to('deactivating', sub);
    signalTo(asked(), signal);
    // One that was halted hears nothing else.
    if (signal !== 'SIGKILL') signalTo(asked(), 'SIGCONT');
    if (!(await areGone(service, asked, stopMs))) {
      manager.says(
        service,
        `${service.id}: State '${sub}' timed out. ${lastKill ? 'Killing' : 'Skipping SIGKILL'}.`,
      );
      run.fail('timeout');
      if (!lastKill) return;
      await killThem(service, killMode === 'process' ? own : all, kill);
    }
  }
  // What the main process left behind is not asked first.
  if (killMode === 'mixed' && all().length > 0) await killThem(service, all, kill);
  if (run.main && !manager.isCut) await run.main.exited;
}

async function killThem(service: Service, whom: () => number[], sub: string): Promise<void> {
  service.to('deactivating', sub);
  for (const pid of whom()) {
    service.manager.says(
      service,
      `${service.id}: Killing process ${pid} (${commOf(pid)}) with signal SIGKILL.`,
    );
  }
  // Whoever forks meanwhile is found the next time.
  for (let round = 0; round < 40 && !service.manager.isCut; round += 1) {
    signalTo(whom(), 'SIGKILL');
    // oxlint-disable-next-line no-await-in-loop
    if (await areGone(service, whom, lookEveryMs * 4)) return;
  }
}

async function areGone({manager}: Service, whom: () => number[], limitMs: number): Promise<boolean> {
  const untilMs = performance.now() + limitMs;
  for (let everyMs = lookEveryMs / 5; ; everyMs = Math.min(everyMs * 1.5, lookEveryMs * 4)) {
    if (whom().length === 0 || manager.isCut) return true;
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return false;
    // oxlint-disable-next-line no-await-in-loop
    await manager.clocks.within(Math.min(everyMs, leftMs), manager.cutOff.said);
  }
}

function commOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'n/a';
  }
}
