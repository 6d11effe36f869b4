/** What was most likely meant: at most two letters away, and no other word at all. Pure. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const rated = known
    .map((one) => ({one, away: distance(one.toLowerCase(), word.toLowerCase())}))
    .filter(({one, away}) => away <= 2 && away < Math.max(one.length, word.length) / 2)
    // Of two that are as near, the one that begins alike: first letters are seldom wrong.
    .toSorted((a, b) => a.away - b.away || Number(b.one[0] === word[0]) - Number(a.one[0] === word[0]));
  return rated[0]?.one;
}

/** Letters that are wrong, missing, too many, or two of them swapped (optimal string alignment). Pure. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + cost,
          swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
