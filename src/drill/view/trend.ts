import {measured} from '../../screens/format.js';
import {clipLine, dim, span, type Line} from '../../screens/line.js';
import {steps, type Month, type Slower, type StepId, type Trend} from '../trend.js';
import {wideFrom} from './history-table.js';
import {sparkline} from './sparkline.js';

const rowNames: Readonly<Record<StepId, string>> = {
  noticed: '  until first bad probe',
  verdict: '  then until verdict',
  started: '  then until started',
  ready: '  then until ready',
  connected: '  then until connected',
  answered: '  then until answered',
  rest: '  undone, until at rest',
};
const nameColumns = 25;
const initials = 'JFMAMJJASOND';

/** Months that are shown: a year, and two where there is room. */
const monthsIn = (columns: number) => (columns >= wideFrom ? 24 : 12);

/** A trend that has something to show: drills in two months at least. */
export const hasTrend = ({months}: Trend): boolean => months.filter(({drills}) => drills > 0).length > 1;

/** One row for the whole way and one for each step, a bar for each month, each row in its own scale. */
export function trendLines({fault, months}: Trend, columns: number): Line[] {
  const shown = months.slice(-monthsIn(columns));
  const width = Math.max(shown.length, 6);
  const letters = shown.map(({month}) => initials[Number(month.slice(5)) - 1]).join('');
  const rows = [
    rowOf('until the bot is back', shown, ({rtoMs}) => rtoMs, width),
    ...steps.map(({id}) => rowOf(rowNames[id], shown, (month) => month.steps[id], width)),
  ];
  const head: Line = [
    span(fault.padEnd(nameColumns), {bold: true}),
    dim(`${letters.padEnd(width)}${'lowest'.padStart(10)}${'highest'.padStart(10)}${'newest'.padStart(10)}`),
  ];
  return [head, ...rows.filter((row) => row !== null)].map((line) => clipLine(line, columns));
}

function rowOf(
  name: string,
  months: readonly Month[],
  value: (month: Month) => number | null,
  width: number,
): Line | null {
  const values = months.map(value);
  const drawn = sparkline(values);
  if (drawn === null) return null;
  const newest = values.findLast((each) => each !== null) ?? null;
  const text = (ms: number | null) => (ms === null ? '' : measured(ms)).padStart(10);
  return [
    span(name.padEnd(nameColumns)),
    span(drawn.text.padEnd(width)),
    dim(`${text(drawn.low)}${text(drawn.high)}`),
    span(text(newest)),
  ];
}

export const trendHeading = 'By month';
export const trendScale = 'medians, each row in its own scale; · no drill';

const about = ({daysAgo, month}: Slower) =>
  daysAgo >= 150 && daysAgo <= 215 ? 'half a year ago' : `in ${month}`;

/** `kill: ready takes 4.1 s longer than half a year ago: 14.2 s, was 10.1 s.` */
export function slowerSentences({fault, slower}: Trend): string[] {
  return slower.map((each) => {
    const {words} = steps.find(({id}) => id === each.step)!;
    const {nowMs, beforeMs} = each;
    return `${fault}: ${words} takes ${measured(nowMs - beforeMs)} longer than ${about(each)}: ${measured(nowMs)}, was ${measured(beforeMs)}.`;
  });
}

/** There was something to compare with, and nothing has become slower. */
export const isSteady = ({compared, slower}: Trend): boolean => compared && slower.length === 0;
export const steadySentence = ({fault}: Trend): string =>
  `${fault}: nothing takes notably longer than before.`;
