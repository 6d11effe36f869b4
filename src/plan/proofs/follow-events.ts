import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {Abort, Exit} from '../../errors.js';
import type {Host} from '../../ssh/host.js';
import {stripControl} from '../../ssh/strip.js';
import {layout} from '../../templates/layout.js';

const event = z.object({
  time: z.iso.datetime(),
  event: z.string(),
  say: z.string(),
  evidence: z.object({channel: z.object({connected: z.boolean()}).optional()}).optional(),
});

export interface SeenEvent {
  /** ISO time of the standby's clock. */
  time: string;
  event: string;
  say: string;
  /** Whether the channel account was seen connected; undefined when it had not been looked at. */
  connected: boolean | undefined;
}

/** One line of events.jsonl; undefined for anything else. */
export function parseEvent(line: string): SeenEvent | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(line);
  } catch {
    return undefined;
  }
  const checked = event.safeParse(tree);
  if (!checked.success) return undefined;
  const {time, event: name, say, evidence} = checked.data;
  return {time, event: name, say: stripControl(say), connected: evidence?.channel?.connected};
}

/** The monitor's events as they are written, each once. */
export interface EventTail {
  /** @throws Abort (124) when none comes until `deadline` (ms of performance.now()); whatever broke the following */
  next(awaited: string, deadline: number, signal: AbortSignal): Promise<SeenEvent>;
}

/** Follows events.jsonl on the standby from now on. */
export async function followEvents(standby: Host, signal: AbortSignal): Promise<EventTail> {
  const seen: SeenEvent[] = [];
  let failure: unknown;
  const ready = Promise.withResolvers<void>();
  const reading = (async () => {
    const lines = standby.follow(
      ['sh', '-c', `echo ready; exec tail -n 0 -F ${layout.events} 2>/dev/null`],
      signal,
    );
    for await (const line of lines) {
      if (line === 'ready') ready.resolve();
      const parsed = parseEvent(line);
      if (parsed) seen.push(parsed);
    }
    if (!signal.aborted) {
      throw new Abort('The standby stopped telling its events.', {
        next: ['Run the same command again; it first ends what is left of this test.'],
        exit: Exit.unreachable,
      });
    }
  })();
  reading.catch((error: unknown) => {
    failure = error;
    ready.reject(error);
  });
  await ready.promise;

  return {
    async next(awaited, deadline, abort) {
      for (;;) {
        const first = seen.shift();
        if (first) return first;
        if (abort.aborted) throw new Abort('Stopped during the failover test.', {exit: Exit.interrupted});
        if (failure !== undefined) throw failure;
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
