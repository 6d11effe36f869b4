// How long the decisions of a run took, by kind of evidence.

import {inSeconds} from './row.js';

const seen = new Map<string, number[]>();

/** Keeps how long a decision took, for the summary of a run. */
export function noteVerdict(kind: string, ms: number): void {
  seen.set(kind, [...(seen.get(kind) ?? []), ms]);
}

/** `unit failed: 20 times, half within 4.8 s, all within 7.4 s`, for each kind. */
export const verdictSummary = (): string[] =>
  [...seen].map(([kind, times]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const half = sorted[Math.ceil(sorted.length / 2) - 1]!;
    return `${kind}: ${sorted.length} times, half within ${inSeconds(half)}, all within ${inSeconds(sorted.at(-1)!)}`;
  });
