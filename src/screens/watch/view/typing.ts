import type {Key} from 'ink';
import {clean, widthOf} from '../../clip.js';
import {dim, span, type Line} from '../../line.js';
import {footerLine} from './footer.js';

/** More than this nobody types into a line. */
const longest = 200;

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

function withoutLast(text: string): string {
  const last = [...graphemes.segment(text)].at(-1);
  return last === undefined ? '' : text.slice(0, last.index);
}

/** A line after a key; undefined: the key does not write. What comes as several characters is text and presses nothing. */
export function typedInto(text: string, input: string, key: Partial<Key>): string | undefined {
  if (key.backspace || key.delete) return withoutLast(text);
  if (key.ctrl && input === 'u') return '';
  if (key.ctrl && input === 'w') return text.replace(/\S+\s*$/, '');
  if (key.ctrl || key.meta || key.tab || key.return || key.escape) return undefined;
  const written = pasted(input);
  return written === '' ? undefined : (text + written).slice(0, longest);
}

/** Pasted text as it may stand in a line: its first line, without control characters. */
export function pasted(input: string): string {
  return clean(input.split(/[\r\n]/)[0] ?? '');
}

/** The end of a text, as far as there is room: where one types is always in sight. */
function tail(text: string, columns: number): string {
  let shown = text;
  while (widthOf(shown) > columns && shown !== '') shown = shown.slice(1);
  return shown === text ? text : `…${shown.slice(1)}`;
}

/** A text that is being typed, with the place where the next character goes. */
export function field(text: string, columns: number): Line {
  return [span(tail(text, Math.max(4, columns - 1)), {bold: true}), dim('█')];
}

/** The one line at the bottom that a filter is typed into. */
export function typingLine(text: string, columns: number): Line {
  const keys = footerLine(['typing'], 26);
  const left: Line = [span('/ ', {bold: true}), ...field(text, columns - 32)];
  return [...left, span('   '), ...keys];
}
