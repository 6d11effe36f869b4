// The report as text: tables that are readable as they are, and in Markdown.

import {takesInWords} from '../../test/lab/faults/asleep.js';
import {
  between,
  goals,
  spread,
  summarize,
  type FaultName,
  type Moment,
  type Report,
  type Spread,
  type Summary,
  type Times,
} from './figures.js';

const faultsInWords: Record<FaultName, string> = {
  failed: 'unit failed',
  lost: 'host lost',
  hung: 'gateway hung',
};

export function pageOf(report: Report): string {
  const summary = summarize(report);
  return [head(report), contest(report, summary), phases(report, summary), verdicts(summary)].join('\n\n');
}

function head({date, cores, load, floor, standby, takes}: Report): string {
  const memory = takes ? `, which takes ${takesInWords(takes)}` : '';
  const asleep = standby === 'warm' ? `\nAsleep the gateway runs with its channel off${memory}.` : '';
  return `${date.slice(0, 16).replace('T', ' ')} UTC, ${cores} cores for all hosts, load ${load.map((one) => one.toFixed(1)).join(' → ')}, ${inRuns(floor)}.
Seconds: median (least–most).${asleep}`;
}

/** From the fault, beside the plain rule. */
function contest({ours, plain, standby}: Report, {faults}: Summary): string {
  const lines = faults.flatMap(({fault, ours: mine, plain: theirs, ratio}) => [
    [
      faultsInWords[fault],
      'failover-wizard',
      show(mine.verdict),
      standby === 'warm' ? runs : show(mine.process),
      ...cells(mine, ['online', 'answer']),
      count(ours[fault]),
      '',
    ],
    ...(theirs
      ? [
          [
            '',
            'plain rule',
            '',
            ...cells(theirs, ['process', 'online', 'answer']),
            count(plain[fault]),
            times(ratio),
          ],
        ]
      : []),
  ]);
  return `From the fault:\n\n${table(['fault', 'contender', 'verdict', 'gateway starts', 'bot there', 'first answer', 'runs', 'ratio'], lines)}`;
}

/** From the verdict, beside the gateway that has nothing else to do. */
function phases({floor, ours, standby}: Report, {floor: own, faults}: Summary): string {
  const lines = faults.map(({fault, takeover, beyondFloorMs}) => {
    const since = (moment: Moment) =>
      show(spread((ours[fault] ?? []).map((run) => between(run, 'verdict', moment))));
    return [
      faultsInWords[fault],
      ...(['asked', 'process', 'ready'] as const).map((moment) =>
        standby === 'warm' ? runs : since(moment),
      ),
      show(takeover),
      since('answer'),
      signed(beyondFloorMs),
    ];
  });
  const ownLine = [
    "the gateway's own start",
    '',
    '0',
    show(own.ready),
    show(own.online),
    show(own.answer),
    `(${inRuns(floor)})`,
  ];
  return `From the verdict:\n\n${table(['', 'unit asked', 'process runs', 'ready', 'bot there', 'first answer', 'more than its own start'], [ownLine, ...lines])}`;
}

function verdicts({faults}: Summary): string {
  return faults
    .flatMap(({fault, ours, beyondFloorMs}) => [
      judged(`${faultsInWords[fault]}, verdict`, ours.verdict.p50, goals.verdictMs[fault]),
      judged(`${faultsInWords[fault]}, beyond the gateway's own start`, beyondFloorMs, goals.beyondFloorMs),
    ])
    .join('\n');
}

function judged(what: string, ms: number, goalMs: number): string {
  const met = ms <= goalMs ? 'met' : `missed by ${inSeconds(ms - goalMs)} s`;
  return `- ${what}: ${inSeconds(ms)} s, goal ${inSeconds(goalMs)} s: ${met}`;
}

/** Of a warm one: it was started before the fault. */
const runs = 'runs already';
const cells = (of: Record<Moment, Spread>, which: readonly Moment[]) =>
  which.map((moment) => show(of[moment]));
const inRuns = ({length}: readonly Times[]) => `${length} ${length === 1 ? 'run' : 'runs'}`;
const count = (runs: readonly Times[] = []) => String(runs.length);
const times = (ratio: number | undefined) =>
  ratio === undefined ? '' : ratio === Infinity ? 'never' : `${ratio.toFixed(1)} x`;
const inSeconds = (ms: number) => (ms === Infinity ? 'never' : (ms / 1000).toFixed(2));
const signed = (ms: number) => `${ms > 0 ? '+' : ''}${inSeconds(ms)}`;

function show({p50, min, max}: Spread): string {
  if (min === Infinity) return 'never';
  return min === max ? inSeconds(p50) : `${inSeconds(p50)} (${inSeconds(min)}–${inSeconds(max)})`;
}

function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, ...[heads, ...lines].map((line) => line[column]!.length), head.length),
  );
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  return [
    line(heads),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...lines.map(line),
  ].join('\n');
}
