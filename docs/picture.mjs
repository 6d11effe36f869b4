// Makes the pictures of the screens from what the program draws: `tmux capture-pane -e -p | node docs/picture.mjs > x.svg`.
// Reads text with SGR colours (bold, dim, the eight colours), writes one SVG. No dependency, no network.
// Usage: node docs/picture.mjs [COLUMNS] < captured > picture.svg

const columns = Number(process.argv[2] ?? 80);
const cell = {width: 8.4, height: 18};
const margin = 14;

const palette = {
  text: '#d7dae0',
  dim: '#868c98',
  background: '#16181d',
  // Indexes are SGR 30–37.
  colours: ['#16181d', '#f07178', '#8fd18a', '#e8c06a', '#7aa2f7', '#c792ea', '#7fd1d6', '#d7dae0'],
};

/** Lines of runs: `{text, colour, bold, dim}`. */
function parse(captured) {
  let style = {};
  return captured.split('\n').map((line) => {
    const runs = [];
    for (const [, codes, text] of line.matchAll(/(?:\u001b\[([\d;]*)m)|([^\u001b]+)/g)) {
      if (text !== undefined) runs.push({text, ...style});
      else style = (codes || '0').split(';').reduce(next, style);
    }
    return runs;
  });
}

function next(style, code) {
  const number = Number(code);
  if (number === 0) return {};
  if (number === 1) return {...style, bold: true};
  if (number === 2) return {...style, dim: true};
  if (number === 22) return {...style, bold: false, dim: false};
  if (number === 39) return {...style, colour: undefined};
  if (number >= 30 && number <= 37) return {...style, colour: number - 30};
  return style;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const round = (number) => Number(number.toFixed(1));

function run({text, colour, bold, dim}, column) {
  const fill = colour === undefined ? (dim ? palette.dim : undefined) : palette.colours[colour];
  const attributes = [
    `x="${round(margin + column * cell.width)}"`,
    // Whatever font the reader has, columns stay columns.
    `textLength="${round(text.length * cell.width)}"`,
    ...(fill ? [`fill="${fill}"`] : []),
    ...(bold ? ['font-weight="bold"'] : []),
  ];
  return `<tspan ${attributes.join(' ')}>${escape(text)}</tspan>`;
}

/** Words of a line with their column; runs of three or more blanks are not drawn. */
function words(runs) {
  let column = 0;
  const drawn = [];
  for (const each of runs) {
    for (const part of each.text.split(/( {3,})/)) {
      if (part.trim() !== '') drawn.push(run({...each, text: part}, column));
      column += part.length;
    }
  }
  return drawn.join('');
}

function picture(lines) {
  const width = round(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((runs, row) => {
    const text = words(runs);
    return text === '' ? '' : `<text y="${round(margin + (row + 0.75) * cell.height)}">${text}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<rect width="100%" height="100%" rx="8" fill="${palette.background}"/>
<g fill="${palette.text}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${rows.join('')}</g>
</svg>
`;
}

let captured = '';
for await (const part of process.stdin.setEncoding('utf8')) captured += part;
process.stdout.write(picture(parse(captured.replace(/\n+$/, ''))));
