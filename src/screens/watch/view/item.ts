import {clipLine, dim, lineWidth, span, type Line, type Span, type Tone} from '../../line.js';
import {glyph} from '../../theme.js';

/** One thing that a pane says of a host. */
export interface Item {
  /** Dim, in front; empty: the words stand by themselves. */
  label: string;
  /** Where rows are few, the highest goes first. */
  rank: number;
  /** Its rows in at most `columns`: the longest wording that fits. */
  rows: (columns: number) => readonly Line[];
  /** The shortest wording, for where several share a row. */
  brief: Line;
  /** Seen from elsewhere: stays bright when the host of the pane is not heard. */
  bright?: boolean;
}

/** Columns of a label with the blank after it. */
export const labelColumns = 10;

/** The first of some wordings, longest first, that fits; else the last one, cut. */
export function firstFit(wordings: readonly Line[], columns: number): Line {
  const found = wordings.find((each) => lineWidth(each) <= columns);
  return found ?? clipLine(wordings.at(-1) ?? [], columns);
}

/** An item of one row. `wordings`: longest first. */
export function oneRow(
  label: string,
  rank: number,
  wordings: readonly Line[],
  more: Partial<Pick<Item, 'bright' | 'brief'>> = {},
): Item {
  return {
    label,
    rank,
    rows: (columns) => [firstFit(wordings, columns)],
    brief: wordings.at(-1) ?? [],
    ...more,
  };
}

/** A sign and words in one style; the words say it without the colour. */
export function said(mark: string, words: string, tone?: Tone): Span {
  return span(`${mark} ${words}`, {tone});
}

/** The sign that goes with a tone. */
export function markOf(tone: Tone | undefined): string {
  if (tone === undefined) return glyph.waiting;
  return {good: glyph.well, warn: glyph.warn, bad: glyph.failed}[tone];
}

/** Words that want to be looked at carry a sign, not only a colour. */
export const warning = (words: string): Span => said(glyph.warn, words, 'warn');
export const unknown = (words: string): Span => said(glyph.unknown, words, 'warn');

/** Wordings of parts with three blanks between: all of them, then without the last, and so on. */
export function fewerAndFewer(parts: readonly Line[], least = 1): Line[] {
  const there = parts.filter((part) => part.length > 0);
  const counts = Array.from(
    {length: Math.max(0, there.length - least + 1)},
    (_, index) => there.length - index,
  );
  return counts.map((count) => joined(there.slice(0, count)));
}

/** Parts with blanks between. */
export function joined(parts: readonly Line[], gap = 3): Line {
  return parts.flatMap((part, index) => (index === 0 ? part : [span(' '.repeat(gap)), ...part]));
}

/** `line` without tones and emphasis, as what is no longer known to be so. */
export function faded(line: Line): Line {
  return line.map(({text}) => dim(text));
}
