import {publicSample} from '../../screens/watch/model/public.js';
import type {WatchStore} from '../../screens/watch/model/store.js';
import {timeOfDay} from '../../screens/format.js';
import {linesOf, nothingSaid} from './lines.js';

/** A pair whose changes are told as text. */
export interface Told {
  name: string;
  store: WatchStore;
}

/** ms that changes are gathered before they are told: an event and the state that comes with it are one. */
const gatherMs = 100;

/**
 * The live view of some pairs in sentences, a line for each change, until `signal` aborts. Of several pairs each line
 * begins with the pair's name.
 */
export async function watchLines(
  stream: NodeJS.WritableStream,
  pairs: readonly Told[],
  signal: AbortSignal,
): Promise<void> {
  const many = pairs.length > 1;
  await Promise.all(
    pairs.map(({name, store}) => {
      let said = nothingSaid(Date.now());
      return whileChanging(store, signal, () => {
        // What is true of one host alone would be taken back a second later.
        if (!store.settled) return;
        const next = linesOf(said, store.snapshot());
        said = next.said;
        for (const {atMs, text} of next.lines)
          stream.write(`[${timeOfDay(atMs)}] ${many ? `${name}: ` : ''}${text}\n`);
      });
    }),
  );
}

/**
 * The live view as JSON lines: a sample each `intervalMs` once both hosts have been tried, and one more as soon as the
 * verdict changes; until `signal` aborts.
 */
export async function watchJson(
  stream: NodeJS.WritableStream,
  pairs: readonly Told[],
  signal: AbortSignal,
  intervalMs = 5000,
): Promise<void> {
  await Promise.all(
    pairs.map(({store}) => {
      let verdict = '';
      let dueMs = -Infinity;
      return whileChanging(store, signal, () => {
        if (!store.settled) return;
        const {sample} = store.snapshot();
        const same = sample.verdict.words === verdict;
        if (same && performance.now() < dueMs) return;
        verdict = sample.verdict.words;
        dueMs = performance.now() + intervalMs * 0.95;
        stream.write(`${JSON.stringify(publicSample(sample))}\n`);
      });
    }),
  );
}

/** Calls `tell` after changes of the store, and once a second: ages grow by themselves. */
async function whileChanging(store: WatchStore, signal: AbortSignal, tell: () => void): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let gathering: NodeJS.Timeout | undefined;
  const soon = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      tell();
    }, gatherMs);
  };
  const leave = store.subscribe(soon);
  const ticking = setInterval(() => store.tick(), 1000);
  signal.addEventListener('abort', () => ended.resolve(), {once: true});
  if (signal.aborted) ended.resolve();
  await ended.promise;
  clearTimeout(gathering);
  clearInterval(ticking);
  leave();
}
