import {clean, wrap} from '../../screens/clip.js';
import {count, measured} from '../../screens/format.js';
import {blank, clipLine, dim, inset, span, spread, type Line} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import {comparedWithReal, type History} from '../history.js';
import {drillLine, failoverLine, headerLine, legendOf} from './history-table.js';
import {
  hasTrend,
  isSteady,
  slowerSentences,
  steadySentence,
  trendHeading,
  trendLines,
  trendScale,
} from './trend.js';

const widest = 118;

/** All drills, the months, and the real failovers, as rows for a terminal. */
export function historyLines(history: History, columns: number): Line[] {
  const width = Math.min(widest, Math.max(40, columns - 2));
  const parts = [
    drills(history, width),
    months(history, width),
    failovers(history, width),
    broken(history, width),
  ];
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [blank, ...part]))
    .map((line) => inset(clipLine(line, width)));
}

function drills({pair, reports}: History, width: number): Line[] {
  const title: Line = [span(`Drills of ${clean(pair)}`, {bold: true})];
  if (reports.length === 0) return [[...title, span(': none is kept on this machine yet.')], [dim(makeOne)]];
  const legend = legendOf(reports, width);
  return [
    spread(title, [dim('seconds since the fault')], width),
    headerLine(width, 'fault'),
    ...reports.map((report) => drillLine(report, width)),
    ...(legend.length === 0 ? [] : [legend]),
  ];
}

export const makeOne = 'Make one: failover-wizard drill';

function months({reports, trends}: History, width: number): Line[] {
  if (reports.length === 0) return [];
  const shown = trends.filter(hasTrend);
  if (shown.length === 0)
    return paragraph(
      'By month nothing can be told yet: that takes drills with one fault in two months.',
      width,
    );
  return [
    [span(trendHeading, {bold: true}), dim(`   ${trendScale}`)],
    ...shown.flatMap((trend) => trendLines(trend, width)),
    ...trends.flatMap((trend) => slowerSentences(trend).flatMap((text) => warned(text, width))),
    ...trends.filter(isSteady).flatMap((trend) => paragraph(steadySentence(trend), width)),
  ];
}

function failovers(history: History, width: number): Line[] {
  const {failovers: found, notRead} = history;
  if (found === null) return paragraph(notReadSentence(notRead ?? ''), width);
  if (found.length === 0) return paragraph(noFailover, width);
  return [
    spread(
      [span('Real failovers', {bold: true}), dim(`   in the monitor's log`)],
      [dim('seconds since the last good probe')],
      width,
    ),
    headerLine(width, 'cause'),
    ...found.map((each) => failoverLine(each, width)),
    ...comparisonSentences(history).flatMap((text) => paragraph(text, width)),
  ];
}

export const noFailover = "The monitor's log has no real failover to compare with.";
export const notReadSentence = (why: string) =>
  `Without the real failovers: ${clean(why).replace(/\.$/, '')}.`;

/** How the drills compare with what really happened, and how the latter is counted. */
export function comparisonSentences(history: History): string[] {
  const sentences = comparedWithReal(history).map(({fault, failovers: real, realMs, drillsMs}) => {
    const found = `${count(real, 'real failover')} ${fault === null ? 'that no drill is like' : `like a drill of a ${fault}`}: the bot was back after ${measured(realMs)}`;
    if (drillsMs !== null)
      return `${found}; in ${fault === null ? 'all drills' : 'those drills'} after ${measured(drillsMs)}.`;
    return fault === null
      ? `${found}.`
      : `${found}. There is no such drill yet: failover-wizard drill --fault ${fault}`;
  });
  return sentences.length === 0 ? [] : [...sentences, howCounted];
}

const howCounted =
  'Medians; real ones are counted from the last good probe, up to one interval before the fault.';

function broken({broken: files}: History, width: number): Line[] {
  return files.flatMap((each) => warned(brokenSentence(each), width));
}

export const brokenSentence = ({file, why}: {file: string; why: string}) =>
  `${clean(file)} is left out: ${clean(why)}.`;

const paragraph = (text: string, width: number): Line[] => wrap(text, width).map((row): Line => [span(row)]);

function warned(text: string, width: number): Line[] {
  return wrap(text, width - 2).map((row, index): Line => [
    index === 0 ? span(`${glyph.warn} `, {tone: 'warn', bold: true}) : span('  '),
    span(row),
  ]);
}
