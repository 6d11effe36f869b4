import {clip} from '../../screens/clip.js';
import {age} from '../../screens/format.js';
import {clipLine, dim, span, type Line, type Span} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import type {Failover} from '../failovers.js';
import {failoverNumbers, numbersOf, type HistoryNumbers} from '../history.js';
import {idOf, momentOf} from '../id.js';
import type {DrillReport} from '../report.js';
import {resultWords, unmeasured} from './words.js';

type Name = keyof HistoryNumbers;

/** A column of numbers: what stands above it, and how wide it is with the blank before it. */
interface NumberColumn {
  name: Name;
  short: [string, number];
  long: [string, number];
}

export const numberColumns: readonly NumberColumn[] = [
  {name: 'rto', short: ['RTO', 7], long: ['RTO', 8]},
  {name: 'noticed', short: ['seen', 6], long: ['noticed', 9]},
  {name: 'verdict', short: ['verdict', 8], long: ['verdict', 9]},
  {name: 'ready', short: ['ready', 7], long: ['ready', 8]},
  {name: 'connected', short: ['bot', 7], long: ['connected', 11]},
  {name: 'answered', short: ['answer', 7], long: ['answered', 10]},
  {name: 'rest', short: ['rest', 7], long: ['at rest', 9]},
  {name: 'rpo', short: ['RPO', 7], long: ['RPO', 8]},
];

/** Columns of a table from which on it has room for words. */
export const wideFrom = 110;

/** Where there are fewer columns than 78, these are left out, one after the other. */
const dispensable: readonly Name[] = ['noticed', 'rpo', 'ready', 'rest', 'answered', 'verdict', 'connected'];
/** Of a table that is not wide: the date, the fault, the sign. */
const frontColumns = 22;

function shownIn(columns: number): readonly NumberColumn[] {
  if (columns >= wideFrom) return numberColumns;
  let shown = numberColumns;
  const widthOf = () => shown.reduce((sum, {short}) => sum + short[1], frontColumns);
  for (const name of dispensable) {
    if (widthOf() <= columns) break;
    shown = shown.filter((column) => column.name !== name);
  }
  return shown;
}

/** s since the fault, from ms, without the unit: `19.4`, `1240`; the age of the workspace with it. */
export function numberText(name: Name, ms: number | null): string {
  if (ms === null) return unmeasured;
  if (name === 'rpo') return age(ms);
  // The clocks of two hosts are known to some ms: what was seen at once may be seen before.
  const s = Math.max(0, ms) / 1000;
  return s < 1000 ? s.toFixed(1) : String(Math.round(s));
}

const resultSigns: Readonly<Record<DrillReport['verdict']['result'], Span>> = {
  passed: span(glyph.done, {tone: 'good'}),
  remarks: span(glyph.warn, {tone: 'warn'}),
  failed: span(glyph.failed, {tone: 'bad'}),
  stopped: span(glyph.skipped, {dim: true}),
};
const shortResults = {passed: 'passed', remarks: 'remarks', failed: 'failed', stopped: 'stopped'} as const;

/** The row above drills, or above failovers, which have a cause. */
export function headerLine(columns: number, what: 'fault' | 'cause'): Line {
  const wide = columns >= wideFrom;
  const result = what === 'fault' ? 'result' : '';
  const front = wide
    ? `${'date'.padEnd(18)}${what.padEnd(11)}${result.padEnd(9)}`
    : `${'date'.padEnd(11)}${what.padEnd(11)}`;
  return [
    dim(
      front +
        shownIn(columns)
          .map(({short, long}) => headOf(wide ? long : short))
          .join(''),
    ),
  ];
}

const headOf = ([text, width]: [string, number]) => text.padStart(width);

export function drillLine(report: DrillReport, columns: number): Line {
  const {result} = report.verdict;
  const sign = resultSigns[result];
  const wide = columns >= wideFrom;
  const front: Line = wide
    ? [
        span(momentOf(report.id).padEnd(18)),
        span(report.fault.padEnd(11)),
        sign,
        span(` ${shortResults[result].padEnd(7)}`, sign.tone && result !== 'passed' ? {tone: sign.tone} : {}),
      ]
    : [span(report.id.slice(0, 10).padEnd(11)), span(report.fault.padEnd(10)), sign];
  const faint = result === 'stopped';
  return clipLine([...front, ...numberSpans(numbersOf(report), columns, faint)], columns);
}

export function failoverLine(failover: Failover, columns: number): Line {
  const wide = columns >= wideFrom;
  const moment = momentOf(idOf(new Date(failover.beganAt)));
  const reason = wide
    ? clip(failover.reason, 19).padEnd(20)
    : clip(failover.reason.replace(/^gateway /, ''), 11);
  const front = wide ? `${moment.padEnd(18)}${reason}` : `${moment.slice(0, 10)} ${reason.padEnd(11)}`;
  return clipLine([span(front), ...numberSpans(failoverNumbers(failover), columns, false)], columns);
}

function numberSpans(numbers: HistoryNumbers, columns: number, faint: boolean): Line {
  return shownIn(columns).map(({name, short, long}) => {
    const [, width] = columns >= wideFrom ? long : short;
    const ms = numbers[name];
    const text = numberText(name, ms).padStart(width);
    return ms === null || faint ? dim(text) : span(text, {bold: name === 'rto'});
  });
}

/** What the signs of these drills mean, where no words stand beside them. */
export function legendOf(reports: readonly DrillReport[], columns: number): Line {
  if (columns >= wideFrom) return [];
  const there = (['remarks', 'failed', 'stopped'] as const).filter((each) =>
    reports.some(({verdict}) => verdict.result === each),
  );
  return there.flatMap((each): Line => [
    resultSigns[each],
    dim(` ${resultWords[each].words.toLowerCase()}   `),
  ]);
}
