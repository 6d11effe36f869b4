import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit} from '../../errors.js';
import type {Heard} from '../../monitor/hand/outcome.js';
import type {Host} from '../../ssh/host.js';
import {tailEvents} from '../event-tail.js';

/** The monitor's events during the failover test. */
export interface AwaitedEvents {
  /** @throws Abort (124) when none comes until `deadline` (ms of performance.now()); whatever broke the following */
  next(awaited: string, deadline: number, signal: AbortSignal): Promise<Heard>;
}

/** Follows events.jsonl on the standby from now on. */
export async function followEvents(standby: Host, signal: AbortSignal): Promise<AwaitedEvents> {
  const tail = await tailEvents(standby, signal);
  return {
    async next(awaited, deadline, abort) {
      for (;;) {
        if (abort.aborted) throw new Abort('Stopped during the failover test.', {exit: Exit.interrupted});
        const first = tail.take();
        if (first) return first;
        if (performance.now() > deadline) {
          throw new Abort(`The monitor did not report "${awaited}" in time.`, {
            next: ['On the standby: journalctl -u openclaw-health-monitor -n 50'],
            exit: Exit.timeout,
          });
        }
        // oxlint-disable-next-line no-await-in-loop
        await sleep(200);
      }
    },
  };
}
