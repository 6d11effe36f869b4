import {wrapped} from '../terminal.js';
import type {HelpPage, Row, Section} from './sections.js';

/** Columns of a help page where the terminal has as many; lines that are longer are hard to read. */
export const helpColumns = 80;

/** Columns up to which a term has its words beside it; a third of a narrow terminal. */
const termColumns = (width: number) => Math.min(26, Math.floor(width / 3));

/**
 * A help page as text; every line fits, except for words that are longer than a line. Pure.
 * @param bold marks headings; a terminal only
 */
export function helpText(
  page: HelpPage,
  {columns = helpColumns, bold = (text) => text}: {columns?: number; bold?: (text: string) => string} = {},
): string {
  // A terminal that does not know its size says 0.
  const width = columns > 0 ? Math.max(40, Math.min(columns, helpColumns)) : helpColumns;
  const lines = [...broken(page.purpose, width), '', ...broken(`${bold('Usage:')} ${page.usage}`, width)];
  for (const section of page.sections) lines.push('', bold(`${section.title}:`), ...rowsOf(section, width));
  if (page.more !== undefined) lines.push('', ...broken(`More: ${page.more}`, width));
  return `${lines.join('\n')}\n`;
}

function rowsOf({rows, examples}: Section, width: number): string[] {
  const longest = Math.max(...rows.map(([term]) => term.length));
  if (examples) {
    const beside = rows.every(([, words]) => 2 + longest + 2 + words.length <= width);
    return rows.flatMap(([line, words]) =>
      beside ? [`  ${line.padEnd(longest)}  ${words}`] : [`  ${line}`, ...indented(words, 6, width)],
    );
  }
  const most = termColumns(width);
  const fitting = rows.map(([term]) => term.length).filter((length) => length <= most);
  const column = fitting.length > 0 ? Math.max(...fitting) : 4;
  return rows.flatMap((row) => rowOf(row, column, width));
}

function rowOf([term, words]: Row, column: number, width: number): string[] {
  const indent = 2 + column + 2;
  const [first = '', ...rest] = indented(words, indent, width);
  if (term.length > column) return [`  ${term}`, first, ...rest];
  return [`  ${term.padEnd(column)}  ${first.trimStart()}`.trimEnd(), ...rest];
}

function indented(text: string, indent: number, width: number): string[] {
  return broken(text, width - indent).map((line) => ' '.repeat(indent) + line);
}

/** Broken between words. */
function broken(text: string, width: number): string[] {
  return wrapped(text, width + 3)
    .split('\n')
    .map((line) => line.slice(2));
}
