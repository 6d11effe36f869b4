import {setTimeout as sleep} from 'node:timers/promises';
import type {HostName} from '../../ssh/host.js';
import type {HostResult} from './sample.js';

/** Reads one host once. A rejection counts as a failed reading. */
export type HostReader = (signal: AbortSignal) => Promise<HostResult>;
export type HostReaders = Readonly<Record<HostName, HostReader>>;

export interface PollOptions {
  read: HostReaders;
  /** ms between the beginnings of two readings of one host */
  intervalMs: number;
  /** ms; a reading that takes longer has failed. Default 15 000. */
  limitMs?: number;
  signal: AbortSignal;
  onResult: (host: HostName, result: HostResult) => void;
}

/** Interrupts the pause between two readings, for a key that asks for one now. */
export interface Poll {
  now(): void;
}

async function bounded(read: HostReader, signal: AbortSignal, limitMs: number): Promise<HostResult> {
  const limit = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, limit]);
  const late = new Promise<HostResult>((resolve) => {
    const say = () =>
      resolve({ok: false, error: `nothing came back within ${Math.max(1, Math.round(limitMs / 1000))} s`});
    limit.addEventListener('abort', say, {once: true});
  });
  const reading = read(either).catch((error: unknown): HostResult => {
    return {ok: false, error: error instanceof Error ? error.message : String(error)};
  });
  // A reader that does not listen to its signal must not hold up the next reading.
  return Promise.race([reading, late]);
}

/** Reads each host in a loop of its own until `signal` aborts: one that hangs never delays the other. */
export function poll({read, intervalMs, limitMs = 15_000, signal, onResult}: PollOptions): Poll {
  let hurry = new AbortController();
  const loop = async (host: HostName) => {
    while (!signal.aborted) {
      const began = performance.now();
      const result = await bounded(read[host], signal, limitMs);
      if (signal.aborted) return;
      onResult(host, result);
      const rest = Math.max(50, intervalMs - (performance.now() - began));
      await sleep(rest, undefined, {signal: AbortSignal.any([signal, hurry.signal])}).catch(() => {});
    }
  };
  void loop('primary');
  void loop('standby');
  return {
    now: () => {
      hurry.abort();
      hurry = new AbortController();
    },
  };
}
