/**
 * Time that passes only while everybody waits for it: minutes of a drill take milliseconds. Stands in for
 * `node:timers/promises`; `nowMs` is the clock of everything.
 */
interface Sleeper {
  atMs: number;
  wake: () => void;
}

const startMs = Date.parse('2026-11-20T14:00:00.000Z');
let clockMs = startMs;
let sleepers: Sleeper[] = [];
let due: {atMs: number; act: () => void}[] = [];
let pumping = false;

export const nowMs = (): number => clockMs;

export function resetTime(): void {
  clockMs = startMs;
  sleepers = [];
  due = [];
}

/** What happens at a moment, whoever waits. */
export function at(atMs: number, act: () => void): void {
  due = [...due, {atMs, act}].toSorted((a, b) => a.atMs - b.atMs);
}

/** Again and again from now on. */
export function every(ms: number, act: () => void): void {
  at(clockMs + ms, () => {
    act();
    every(ms, act);
  });
}

/** Goes on to a moment, as if nobody waited meanwhile. */
export function passTo(atMs: number): void {
  for (;;) {
    const [first] = due;
    if (first === undefined || first.atMs > atMs) break;
    due = due.slice(1);
    clockMs = Math.max(clockMs, first.atMs);
    first.act();
  }
  clockMs = Math.max(clockMs, atMs);
}

export async function setTimeout<T>(
  ms: number,
  value?: T,
  {signal}: {signal?: AbortSignal} = {},
): Promise<T> {
  const {promise, resolve, reject} = Promise.withResolvers<void>();
  if (signal?.aborted) throw signal.reason;
  const sleeper = {atMs: clockMs + ms, wake: resolve};
  sleepers.push(sleeper);
  signal?.addEventListener('abort', () => {
    sleepers = sleepers.filter((each) => each !== sleeper);
    reject(signal.reason as Error);
  });
  pump();
  await promise;
  return value as T;
}

/** Whoever is to wake first wakes when nobody has anything to do. */
function pump(): void {
  if (pumping) return;
  pumping = true;
  setImmediate(() =>
    setImmediate(() => {
      pumping = false;
      const next = sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) return;
      // What happens before may wake somebody.
      const first = due[0];
      if (first !== undefined && first.atMs <= next.atMs) passTo(first.atMs);
      else {
        passTo(next.atMs);
        sleepers = sleepers.filter((each) => each !== next);
        next.wake();
      }
      if (sleepers.length > 0) pump();
    }),
  );
}
