import {parseHeard} from '../monitor/hand/heard.js';
import type {Heard} from '../monitor/hand/outcome.js';
import {Abort, Exit} from '../errors.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';

/** The monitor's events as they are written, each once. */
export interface EventTail {
  /** The oldest that was not taken yet. @throws whatever broke the following, once all that came was taken */
  take(): Heard | undefined;
}

/** Follows events.jsonl on the standby from now on, until the signal. Its text is untrusted and comes cleaned. */
export async function tailEvents(standby: Host, signal: AbortSignal): Promise<EventTail> {
  const heard: Heard[] = [];
  let failure: unknown;
  const ready = Promise.withResolvers<void>();
  const reading = (async () => {
    const lines = standby.follow(
      ['sh', '-c', `echo ready; exec tail -n 0 -F ${layout.events} 2>/dev/null`],
      signal,
    );
    for await (const line of lines) {
      if (line === 'ready') ready.resolve();
      const parsed = parseHeard(line);
      if (parsed) heard.push(parsed);
    }
    if (!signal.aborted) {
      throw new Abort('The standby stopped telling its events.', {
        next: ['Run the same command again; it first looks at how things stand.'],
        exit: Exit.unreachable,
      });
    }
    ready.resolve();
  })();
  reading.catch((error: unknown) => {
    failure = error;
    ready.reject(error);
  });
  await ready.promise;
  return {
    take() {
      const first = heard.shift();
      if (!first && failure !== undefined) throw failure;
      return first;
    },
  };
}
