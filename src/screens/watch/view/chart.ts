import {dim, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import type {WatchSample} from '../model/sample.js';
import {heading} from './heading.js';

const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** ms; the smallest scale, so that a quiet network looks quiet. */
const leastMs = 20;
const axisColumns = 8;
const leastRows = 6;

/** 1, 2, 3 or 5 with zeros, at or above `ms`: what an axis ends at. */
export function scaleFor(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return [1, 2, 3, 5, 10].map((step) => step * power).find((each) => each >= ms) ?? ms;
}

/** The primary's answers over the last minutes in `rows` with a heading; nothing where there is no room or no news. */
export function chartLines({health}: Pick<WatchSample, 'health'>, columns: number, rows: number): Line[] {
  if (health === null || rows < leastRows || health.history.length === 0) return [];
  const height = rows - 2;
  const shown = health.history.slice(-(columns - axisColumns));
  const top = scaleFor(Math.max(leastMs, ...shown.map((ms) => ms ?? 0)));
  const bars = Array.from({length: height}, (_, row): Line => barRow(shown, {row, height, top}));
  return [
    heading([dim('answers of the primary')], [dim(summary(shown))], columns),
    ...bars,
    footLine(shown.length),
  ];
}

function barRow(
  shown: readonly (number | null)[],
  {row, height, top}: {row: number; height: number; top: number},
): Line {
  const floor = height - 1 - row;
  const cells = shown.map((ms) => {
    if (ms === null) return floor === 0 ? glyph.failed : ' ';
    // An answer within no time at all is an answer.
    const filled = Math.max(1, Math.round((ms / top) * height * 8)) - floor * 8;
    return eighths[Math.max(0, Math.min(8, filled))]!;
  });
  const label = row === 0 ? `${top} ms` : floor === 0 ? '0' : '';
  return [dim(`${label.padStart(axisColumns - 1)} `), ...byOutcome(cells)];
}

/** No answer in red, with a sign of its own. */
function byOutcome(cells: readonly string[]): Line {
  const spans: {text: string; bad: boolean}[] = [];
  for (const cell of cells) {
    const bad = cell === glyph.failed;
    const last = spans.at(-1);
    if (last && last.bad === bad) last.text += cell;
    else spans.push({text: cell, bad});
  }
  return spans.map(({text, bad}) => (bad ? span(text, {tone: 'bad'}) : span(text)));
}

function summary(shown: readonly (number | null)[]): string {
  const answers = shown.filter((ms) => ms !== null).toSorted((a, b) => a - b);
  const missed = shown.length - answers.length;
  const middle = answers[Math.floor(answers.length / 2)];
  const parts = [
    middle === undefined ? '' : `usual ${Math.round(middle)} ms`,
    answers.length === 0 ? '' : `slowest ${Math.round(answers.at(-1)!)} ms`,
    `${missed === 0 ? 'none' : missed} missed`,
    'seen by the standby',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Probes come closer together while something is wrong, so that the axis counts them and not the time. */
function footLine(count: number): Line {
  const words = `${count} probes ago`;
  const gap = Math.max(1, count - words.length - 3);
  return [dim(`${' '.repeat(axisColumns)}${words}${' '.repeat(gap)}now`)];
}
