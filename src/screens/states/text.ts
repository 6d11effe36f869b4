import {wrapHanging} from '../clip.js';
import {measured} from '../format.js';
import {dim, span, type Line} from '../line.js';
import type {ReasonRow, StateRow} from './rows.js';

const indent = 4;

/** Both tables for reading, in at most `columns`. */
export function tablesText(
  states: readonly StateRow[],
  reasons: readonly ReasonRow[],
  columns: number,
): Line[] {
  return [
    [
      span('What bad probes mean', {bold: true}),
      dim(' · the first line that fits; dead after it has held for'),
    ],
    [],
    ...reasons.flatMap((row) => reasonLines(row, columns)),
    [],
    [span('What happens then', {bold: true}), dim(' · the first row that fits')],
    ...states.flatMap((row) => [[], ...stateLines(row, columns)]),
  ];
}

function reasonLines({reason, evidence, deadAfterMs, looks}: ReasonRow, columns: number): Line[] {
  const when =
    deadAfterMs === null ? 'never' : `${measured(deadAfterMs)}, ${looks === 1 ? '1 look' : `${looks} looks`}`;
  const [first = '', ...rest] = wrapHanging(evidence, columns - 31, 0);
  return [
    [span(reason.padEnd(11), {bold: true}), span(when.padEnd(18)), dim('  '), span(first)],
    ...rest.map((text): Line => [span(' '.repeat(31) + text)]),
  ];
}

/** `watching, suspect · probe` / `if …` / `→ suspect · suspected` / `"…"` */
function stateLines(
  {from, everywhere, on, if: when, to, event, level, say}: StateRow,
  columns: number,
): Line[] {
  const where = everywhere ? 'any state' : from.join(', ');
  const goes = to === 'same' ? 'stays' : `→ ${to}`;
  const more = (text: string) => wrapHanging(' '.repeat(indent) + text, columns, indent);
  return [
    [
      span(`${goes.padEnd(12)}`, {bold: to !== 'same'}),
      span(`  ${event}`, {bold: true}),
      dim(level === 'info' ? '' : `  ${level}`),
    ],
    ...more(`in ${where}, on ${on.join(', ')}`).map((text): Line => [dim(text)]),
    ...(when === undefined ? [] : more(`if ${when}`).map((text): Line => [dim(text)])),
    ...more(`"${say}"`).map((text): Line => [span(text)]),
  ];
}
