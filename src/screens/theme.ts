import {styleText} from 'node:util';
import type {Line, Span, Tone} from './line.js';

/** One column each in every terminal, and each beside a word, so that none has to be recognised. */
export const glyph = {
  done: '✔',
  failed: '✖',
  open: '▸',
  waiting: '·',
  skipped: '–',
  well: '●',
  rest: '○',
  warn: '▲',
  unknown: '?',
  pointer: '❯',
  bar: '│',
  rule: '─',
} as const;

/** Colours are for states only; age and hints are dim, emphasis is bold. */
export const colourOf: Record<Tone, 'green' | 'yellow' | 'red'> = {good: 'green', warn: 'yellow', bad: 'red'};

function paintSpan({text, tone, bold, dim}: Span): string {
  const styles = [
    ...(tone === undefined ? [] : [colourOf[tone]]),
    ...(bold ? (['bold'] as const) : []),
    ...(dim ? (['dim'] as const) : []),
  ];
  return styles.length === 0 ? text : styleText(styles, text, {validateStream: false});
}

/** A line as text for a stream, with colours when asked for. */
export function paint(line: Line, colour: boolean): string {
  return line
    .map((part) => (colour ? paintSpan(part) : part.text))
    .join('')
    .trimEnd();
}

/** Whether print to this stream may be coloured: a terminal, and nobody has said no. */
export function mayColour(stream: {isTTY?: boolean}, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.FORCE_COLOR !== '0' && env.TERM !== 'dumb';
}
