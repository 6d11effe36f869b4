import {poll} from '../screens/watch/poll.js';
import {WatchStore} from '../screens/watch/store.js';
import type {WatchOptions} from '../screens/watch/watch.js';
import type {WatchEvent, WatchSample} from '../screens/watch/sample.js';

/** The live view in sentences, one when something changed; until `signal` aborts. */
export async function watchLines(
  stream: NodeJS.WritableStream,
  {pair, read, split, intervalMs = 5000, signal}: Omit<WatchOptions, 'terminal'> & {signal: AbortSignal},
): Promise<void> {
  const store = new WatchStore({pair, split});
  const ended = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => ended.resolve(), {once: true});
  if (signal.aborted) ended.resolve();
  let said = '';
  let seen = new Set<WatchEvent>();
  const say = (atMs: number, text: string) => stream.write(`[${clock(atMs)}] ${text}\n`);
  poll({
    read,
    intervalMs,
    signal,
    onResult: (host, result) => {
      store.observe(host, result);
      const {sample, events} = store.snapshot();
      for (const event of events.toReversed()) {
        if (!seen.has(event)) say(event.atMs, `${event.host}: ${event.sentence}`);
      }
      seen = new Set(events);
      // What is true of one host alone would be taken back a second later.
      if (!isWhole(sample)) return;
      const verdict = `${sample.verdict.words}. ${withoutAges(sample.verdict.sentence)}`;
      if (verdict !== said) say(sample.atMs, verdict);
      said = verdict;
    },
  });
  await ended.promise;
}

/** Both hosts have answered or failed at least once. */
function isWhole({primary, standby}: WatchSample): boolean {
  return [primary, standby].every((host) => host.ageMs !== null || host.error !== null);
}

/** An age grows with every reading and would be a change each time. */
function withoutAges(sentence: string): string {
  return sentence.replace(/, with a workspace .+? old(?=[.;])/, '');
}

function clock(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}
