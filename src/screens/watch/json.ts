import {publicAccount, publicSplit} from '../plain/public.js';
import {poll} from './poll.js';
import type {HostSample, WatchSample} from './sample.js';
import {WatchStore} from './store.js';
import type {WatchOptions} from './watch.js';

function publicHost({accounts, ...host}: HostSample) {
  return {...host, accounts: 'unknown' in accounts ? accounts : accounts.map(publicAccount)};
}

/** A sample as `status --json` and `watch --json` give it (docs/answers.md). Bytes, s and ms as the names say. */
export function publicSample(sample: WatchSample) {
  const {pair, atMs, split, primary, standby, monitor, health, verdict} = sample;
  return {
    pair,
    at: new Date(atMs).toISOString(),
    split: publicSplit(split),
    primary: {...publicHost(primary), health},
    standby: publicHost(standby),
    monitor,
    workspace: {primary: primary.workspace, standby: standby.workspace},
    lastDrill: null,
    verdict: {state: verdict.state, words: verdict.words, sentence: verdict.sentence},
  };
}

/** Whether both hosts have answered or failed at least once; before that there is nothing to tell. */
function isWhole({primary, standby}: WatchSample): boolean {
  return [primary, standby].every((host) => host.ageMs !== null || host.error !== null);
}

/**
 * The live view as JSON lines on `stream`, one per `intervalMs` once both hosts have been tried, until `signal`
 * aborts or, with `once`, after the first.
 */
export async function watchJson(
  stream: NodeJS.WritableStream,
  {
    pair,
    read,
    split,
    intervalMs = 5000,
    signal,
    once = false,
  }: Omit<WatchOptions, 'terminal'> & {once?: boolean},
): Promise<void> {
  const leaving = new AbortController();
  const stop = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
  const store = new WatchStore({pair, split});
  const ended = Promise.withResolvers<void>();
  let lastMs = -Infinity;
  const write = () => {
    store.tick();
    const {sample} = store.snapshot();
    if (!isWhole(sample) || stop.aborted) return;
    if (performance.now() - lastMs < intervalMs * 0.9) return;
    lastMs = performance.now();
    stream.write(`${JSON.stringify(publicSample(sample))}\n`);
    if (once) leaving.abort();
  };
  const ticking = setInterval(write, intervalMs);
  stop.addEventListener('abort', () => ended.resolve(), {once: true});
  if (stop.aborted) ended.resolve();
  poll({
    read,
    intervalMs,
    signal: stop,
    onResult: (host, result) => {
      store.observe(host, result);
      write();
    },
  });
  await ended.promise;
  clearInterval(ticking);
}
