import {stripControl} from '../ssh/strip.js';

const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
// East Asian wide and fullwidth blocks, and what terminals draw as emoji (also by a variation selector): two columns.
const wideBlocks =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const emoji = /\p{Emoji_Presentation}|\u{fe0f}/u;
const invisible = /^[\p{Mark}\p{Format}]+$/u;
const plainAscii = /^[\x20-\x7e]*$/;

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wideBlocks.test(grapheme) || emoji.test(grapheme) ? 2 : 1;
}

/** Columns that `text` takes in a terminal; it holds no control characters. */
export function widthOf(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const {segment} of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest beginning of `text` that takes at most `columns`, and the rest. Never splits a character. */
function cutAt(text: string, columns: number): [string, string] {
  if (plainAscii.test(text)) return [text.slice(0, columns), text.slice(columns)];
  let width = 0;
  for (const {segment, index} of segmenter.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

/** `text` in at most `columns`, ending in `…` when something was left out. */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  return `${cutAt(text, columns - 1)[0].trimEnd()}…`;
}

/**
 * `text` in lines of at most `columns`, broken at blanks; a word that is longer than a line is broken where the
 * line ends and nothing is added, so that a key can be copied. Keeps line breaks that are there.
 */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(1, columns);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, room));
}

function wrapParagraph(paragraph: string, columns: number): string[] {
  const lines: string[] = [];
  const text = paragraph.trimEnd();
  // Blanks at the beginning are meant (a diff, a listing); they stay with the first word.
  const indent = text.length - text.trimStart().length;
  const [first = '', ...words] = text.slice(indent).split(' ');
  let line = '';
  for (const word of [text.slice(0, indent) + first, ...words]) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > columns) {
      const [head, rest] = cutAt(line, columns);
      // A character wider than the whole line: give it up rather than loop.
      if (head === '') return [...lines, '…'];
      lines.push(head);
      line = rest;
    }
  }
  return [...lines, line];
}

/** As `wrap`, its second and later lines moved in by `hang` columns. */
export function wrapHanging(text: string, columns: number, hang: number): string[] {
  const [first = '', ...rest] = wrap(text, columns);
  if (rest.length === 0) return [first];
  const under = text.slice(first.length).trimStart();
  return [first, ...wrap(under, columns - hang).map((line) => ' '.repeat(hang) + line)];
}

/** One line of remote text as it may be drawn: no control characters, tabs as blanks, no line breaks. */
export function clean(text: string): string {
  return stripControl(text.replaceAll('\t', '    ').replace(/[\r\n]+/g, ' '));
}

/** Remote text of several lines, each cleaned. */
export function cleanLines(text: string): string[] {
  return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').map(clean);
}
