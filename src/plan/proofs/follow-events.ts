import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {Abort, Exit} from '../../errors.js';
import type {Host} from '../../ssh/host.js';
import {stripControl} from '../../ssh/strip.js';
import {layout} from '../../templates/layout.js';

const event = z.object({
  time: z.string(),
  seq: z.number(),
  event: z.string(),
  level: z.string(),
  say: z.string(),
  evidence: z.object({channel: z.object({connected: z.boolean()}).optional()}).optional(),
});

export interface SeenEvent {
  /** ISO time of the standby's clock. */
  time: string;
  event: string;
  level: string;
  say: string;
  /** Whether the channel account was seen connected; undefined when it had not been looked at. */
  connected: boolean | undefined;
}

/** The monitor's events as they are written. */
export interface EventTail {
  /**
   * The next event of this name, also one that came before the call and was not asked for yet.
   * @throws Abort (124) after the limit; (1) when the monitor reports that it is blocked
   */
  next(name: string, limitMs: number, signal: AbortSignal): Promise<SeenEvent>;
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
      const parsed = parse(line);
      if (parsed) seen.push(parsed);
    }
  })();
  reading.catch((error: unknown) => {
    failure = error;
    ready.reject(error);
  });
  await ready.promise;

  return {
    async next(name, limitMs, abort) {
      const end = performance.now() + limitMs;
      for (;;) {
        const index = seen.findIndex(({event: have}) => have === name);
        if (index >= 0) return seen.splice(0, index + 1).at(-1)!;
        const blocked = seen.find(({event: have}) => have === 'blocked');
        if (blocked && name !== 'blocked') throw new Abort(`The standby could not take over: ${blocked.say}`);
        if (failure !== undefined && !abort.aborted) throw failure;
        if (abort.aborted) throw new Abort('Stopped during the failover test.', {exit: Exit.interrupted});
        if (performance.now() > end) {
          throw new Abort(`The monitor did not report "${name}" within ${Math.round(limitMs / 1000)} s.`, {
            exit: Exit.timeout,
          });
        }
        await sleep(200);
      }
    },
  };
}

function parse(line: string): SeenEvent | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(line);
  } catch {
    return undefined;
  }
  const checked = event.safeParse(tree);
  if (!checked.success) return undefined;
  const {time, event: name, level, say, evidence} = checked.data;
  return {time, event: name, level, say: stripControl(say), connected: evidence?.channel?.connected};
}
