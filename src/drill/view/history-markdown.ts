import {sparkline} from './sparkline.js';
import {measured} from '../../screens/format.js';
import {failoverNumbers, numbersOf, type History, type HistoryNumbers} from '../history.js';
import {idOf, momentOf} from '../id.js';
import {steps, type Trend} from '../trend.js';
import {brokenSentence, comparisonSentences, makeOne, noFailover, notReadSentence} from './history.js';
import {numberColumns, numberText} from './history-table.js';
import {escaped, table} from './markdown-text.js';
import {hasTrend, isSteady, slowerSentences, steadySentence} from './trend.js';
import {resultWords} from './words.js';

const names = numberColumns.map(({long: [name]}) => name);

/** What `drill history` shows, to paste into an issue or a wiki. */
export function historyMarkdown(history: History): string {
  const {pair, reports, broken} = history;
  return [
    `## Drills of ${escaped(pair)}`,
    '',
    ...(reports.length === 0 ? [`None is kept yet. ${makeOne}`] : drills(history)),
    ...history.trends.filter(hasTrend).flatMap(trend),
    ...failovers(history),
    ...(broken.length === 0 ? [] : ['', ...broken.map((each) => `- ${escaped(brokenSentence(each))}`)]),
    '',
  ].join('\n');
}

const numbers = (of: HistoryNumbers) => numberColumns.map(({name}) => numberText(name, of[name]));

const drills = ({reports}: History): string[] => [
  'Seconds since the fault.',
  '',
  ...table(
    ['drill', ...names, 'fault', 'result'],
    reports.map((report) => [
      report.id,
      ...numbers(numbersOf(report)),
      report.fault,
      `${resultWords[report.verdict.result].sign} ${resultWords[report.verdict.result].words}`,
    ]),
    names.length,
  ),
];

function trend(one: Trend): string[] {
  const {fault, months} = one;
  const rows = [
    {name: 'until the bot is back', values: months.map(({rtoMs}) => rtoMs)},
    ...steps.map(({id, from, to}) => ({
      name: `${from} to ${to}`,
      values: months.map((month) => month.steps[id]),
    })),
  ];
  return [
    '',
    `### ${fault}, by month, ${months[0]!.month} to ${months.at(-1)!.month}`,
    '',
    ...table(
      ['', 'lowest', 'highest', 'newest', 'median of each month'],
      rows.flatMap(({name, values}) => {
        const drawn = sparkline(values);
        if (drawn === null) return [];
        const newest = values.findLast((ms) => ms !== null)!;
        return [[name, measured(drawn.low), measured(drawn.high), measured(newest), drawn.text]];
      }),
      3,
    ),
    ...(isSteady(one) || one.slower.length > 0 ? [''] : []),
    ...(isSteady(one) ? [steadySentence(one)] : slowerSentences(one).map((text) => `- ${text}`)),
  ];
}

function failovers(history: History): string[] {
  const {failovers: found, notRead} = history;
  if (found === null) return ['', escaped(notReadSentence(notRead ?? ''))];
  if (found.length === 0) return ['', noFailover];
  return [
    '',
    "### Real failovers, in the monitor's log",
    '',
    'Seconds since the last good probe.',
    '',
    ...table(
      ['began', ...names, 'cause'],
      found.map((each) => [
        momentOf(idOf(new Date(each.beganAt))),
        ...numbers(failoverNumbers(each)),
        escaped(each.reason),
      ]),
      names.length,
    ),
    '',
    ...comparisonSentences(history).map((text) => `- ${text}`),
  ];
}
