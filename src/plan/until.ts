import {setTimeout as sleep} from 'node:timers/promises';

/**
 * Asks again until the answer is true or the limit is over; false on the limit and when aborted.
 * @param everyMs pause between two questions, ms
 * @param limitMs in all, ms
 */
export async function until(
  ask: () => Promise<boolean>,
  {everyMs, limitMs, signal}: {everyMs: number; limitMs: number; signal?: AbortSignal},
): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (signal?.aborted) return false;
    if (await ask()) return true;
    if (performance.now() + everyMs > end) return false;
    try {
      await sleep(everyMs, undefined, signal && {signal});
    } catch {
      return false;
    }
  }
}
