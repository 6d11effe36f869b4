import {clean} from '../../screens/clip.js';

/** What begins or ends something in Markdown or HTML, wherever it stands. */
const special = /[\\`*_[\]<>#|~&$]/g;

/**
 * Text from elsewhere as it stands, within one line of Markdown: no markup, no HTML, no cell of a table ended, and
 * nothing that a forge turns into a link or into a message to somebody.
 */
export function escaped(text: string): string {
  return (
    clean(text)
      .replace(special, '\\$&')
      .replaceAll('://', ':\\/\\/')
      .replace(/\b(www)\./gi, '$1\\.')
      // Not even as an entity: a forge looks for names after it has read those.
      .replaceAll('@', '@<!-- -->')
      .replace(/\\#(?=\d)/g, '\\#<!-- -->')
      // A list or a rule, where the text begins a line.
      .replace(/^(\s*)([-+=])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

/** A table; cells are Markdown already. `right`: how many columns from the second on are numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], right = 0): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const marks = header.map((_, index) => (index > 0 && index <= right ? '---:' : '---'));
  return [line(header), line(marks), ...rows.map(line)];
}
