import {clip, widthOf, wrapHanging} from './clip.js';

/** What a state is, never how it looks: the theme gives it a colour, and the words beside it say it without one. */
export type Tone = 'good' | 'warn' | 'bad';

/** A stretch of one line in one style. `text` holds no control characters. */
export interface Span {
  text: string;
  tone?: Tone;
  bold?: boolean;
  dim?: boolean;
  /** Drawn as a turning spinner on a screen; `text` is what stands there in print. One column. */
  spin?: boolean;
}

/** One row of a screen. Screens are built as lines, so that what fits is decided by code that can be tested. */
export type Line = readonly Span[];

export const blank: Line = [];

/** A span; `style` says which of its properties are set. */
export function span(text: string, style: Omit<Span, 'text'> = {}): Span {
  return {text, ...style};
}

export function dim(text: string): Span {
  return {text, dim: true};
}

/** The text of a line without any style. */
export function textOf(line: Line): string {
  return line.map((part) => part.text).join('');
}

/** Columns a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + widthOf(part.text), 0);
}

/** Cuts a line to `columns`; the last span that is cut ends in `…`. */
export function clipLine(line: Line, columns: number): Line {
  if (lineWidth(line) <= columns) return line;
  const kept: Span[] = [];
  let left = columns;
  for (const part of line) {
    const width = widthOf(part.text);
    // A span that would fit exactly must still give way to the `…` when more follows.
    if (width < left) {
      kept.push(part);
      left -= width;
      continue;
    }
    kept.push({...part, text: clip(part.text.padEnd(left + 1), left)});
    break;
  }
  return kept;
}

/** `left` at the left edge and `right` at the right edge of `columns`; when both do not fit, `left` is cut. */
export function spread(left: Line, right: Line, columns: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return clipLine(left, columns);
  const room = columns - rightWidth - 2;
  if (room < 8 && lineWidth(left) > room) return clipLine([...left, span('  '), ...right], columns);
  const cut = clipLine(left, room);
  return [...cut, span(' '.repeat(columns - rightWidth - lineWidth(cut))), ...right];
}

/** `parts` in columns of the given widths, each cut to its own; the last one is not padded. */
export function columnsOf(parts: readonly (readonly [Span, number])[]): Line {
  return parts.map(([part, columns], index) => {
    const text = clip(part.text, columns);
    const padding = index === parts.length - 1 ? 0 : columns - widthOf(text);
    return {...part, text: text + ' '.repeat(Math.max(0, padding))};
  });
}

/** `line` filled with blanks to exactly `columns`. */
export function fill(line: Line, columns: number): Line {
  const cut = clipLine(line, columns);
  const missing = columns - lineWidth(cut);
  return missing > 0 ? [...cut, span(' '.repeat(missing))] : cut;
}

/** One blank in front: screens keep their first and last column free. */
export function inset(line: Line): Line {
  return line.length === 0 ? line : [span(' '), ...line];
}

/** A line in as many rows as it needs, moved in by `hang` from the second on; one of several styles is cut instead. */
export function wrapLine(line: Line, columns: number, hang = 0): Line[] {
  if (lineWidth(line) <= columns) return [line];
  const [only, ...rest] = line;
  if (only === undefined || rest.length > 0) return [clipLine(line, columns)];
  return wrapHanging(only.text, columns, hang).map((text) => [{...only, text}]);
}
