import {setTimeout as sleep} from 'node:timers/promises';

/** ms between asking a process group to end and forcing it. */
const graceMs = 3_000;
/** ms that the kernel may take for a group that was forced; what hangs there is not waited for. */
const forcedMs = 500;
const lookEveryMs = 25;

/** Ends all processes of a group, its leader and whatever that left behind. Never throws. */
export async function endGroup(leader: number): Promise<void> {
  if (!signalled(leader, 'SIGTERM') || (await gone(leader, graceMs))) return;
  signalled(leader, 'SIGKILL');
  await gone(leader, forcedMs);
}

async function gone(leader: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (signalled(leader, 0)) {
    if (performance.now() > until) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

/** Whether there was somebody to signal. */
function signalled(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
