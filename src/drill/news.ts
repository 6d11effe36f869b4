import {setTimeout as sleep} from 'node:timers/promises';
import type {DrillParts} from './parts.js';

/** Resolves when something was told, one of the signals was aborted, or `ms` have passed. */
export async function news(
  {subscribe}: Pick<DrillParts['store'], 'subscribe'>,
  ms: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  const woken = new AbortController();
  const wake = () => woken.abort();
  const leave = subscribe(wake);
  for (const signal of signals) signal.addEventListener('abort', wake, {once: true});
  await sleep(ms, undefined, {signal: woken.signal}).catch(() => undefined);
  leave();
  for (const signal of signals) signal.removeEventListener('abort', wake);
}
