import {clean, wrapHanging} from '../../screens/clip.js';

import {blank, dim, span, spread, wrapLine, type Line, type Span} from '../../screens/line.js';
import {planLines} from '../../screens/plan-text.js';
import {markOf} from '../../screens/watch/view/item.js';
import type {CheckResult, Level} from '../answer.js';
import type {Because} from '../because.js';
import type {CheckReport, ComparedChange} from '../report.js';
import {hostNames} from '../seen.js';
import {driftLines} from './drift.js';
import {signs} from './signs.js';
import {summaryLines} from './summary.js';
import {dayAndTime} from './when.js';

export interface TextOptions {
  columns: number;
  /** Everything: diffs, and what is well. */
  verbose: boolean;
}

/** A report for a person: one sentence, one line for each section, then whatever is not as it should be. Pure. */
export function checkText(report: CheckReport, {columns, verbose}: TextOptions): Line[] {
  const {pair, atMs, verdict} = report;
  const sentence = `${verdict.words}. ${verdict.sentence}`;
  return [
    spread(
      [span('failover-wizard check', {bold: true}), span(` · ${clean(pair)}`)],
      [dim(dayAndTime(atMs, atMs))],
      columns,
    ),
    ...marked(span(markOf(verdict.tone), verdict.tone ? {tone: verdict.tone} : {}), clean(sentence), columns),
    blank,
    ...summaryLines(report, columns),
    ...details('What setup would change', changeLines(report, {columns, verbose})),
    ...details('Changed since setup', driftLines(report.drift, {columns, nowMs: atMs, pair})),
    ...details('Checks', checkLines(report, {columns, verbose})),
  ];
}

const details = (title: string, lines: readonly Line[]): Line[] =>
  lines.length === 0 ? [] : [blank, [span(title, {bold: true})], ...lines];

/** A sign and a text that goes on under itself. */
function marked(sign: Span, text: string, columns: number, indent = ''): Line[] {
  const hang = indent.length + 2;
  return wrapHanging(`${indent}${sign.text} ${text}`, columns, hang).map((line, index): Line =>
    index === 0 ? [span(indent), sign, span(line.slice(indent.length + sign.text.length))] : [span(line)],
  );
}

const reasons: Readonly<Record<Because, (written: string | null, version: string) => string>> = {
  changed: () => 'changed since setup wrote it',
  gone: () => 'gone since setup wrote it',
  version: (written, version) =>
    `failover-wizard ${version} writes it otherwise than ${written ?? 'another'} did`,
  decided: () => 'as setup wrote it; it would write it otherwise today',
  new: () => 'new in this version, or newly decided',
};

function changeLines({changes, drift, version}: CheckReport, {columns, verbose}: TextOptions): Line[] {
  if (!changes.known || changes.count === 0) return [];
  const reason = ({because, host}: ComparedChange) => {
    const here = drift[host];
    return because && reasons[because](here.known ? here.writtenBy : null, version);
  };
  const phases = changes.phases
    .filter((phase) => phase.changes.length > 0)
    .map((phase) => ({
      ...phase,
      changes: phase.changes.map((change) => {
        const {diff, why: given, ...rest} = change;
        const why = [reason(change), given].filter((each) => each !== undefined).join('. ');
        return {...rest, ...(why !== '' && {why}), ...(verbose && diff !== undefined && {diff})};
      }),
    }));
  const hidden =
    !verbose && changes.phases.some((phase) => phase.changes.some(({diff}) => diff !== undefined));
  // A diff is to be read line by line, however long they are.
  const lines = planLines(phases).flatMap((line) => (verbose ? [line] : wrapLine(line, columns, 5)));
  return [
    ...lines,
    ...(hidden ? wrapLine([dim('--verbose shows what differs, line by line.')], columns) : []),
  ];
}

/** Worst first; what is not known because a host was not read is one line for each host. */
function checkLines({checks, unread}: CheckReport, {columns, verbose}: TextOptions): Line[] {
  const levels: Level[] = ['problem', 'warning', 'unknown', 'tip', ...(verbose ? (['ok'] as const) : [])];
  return levels.flatMap((level) => {
    const all = checks.filter((check) => check.level === level);
    const missing = level === 'unknown' ? hostNames.filter((host) => unread[host] !== undefined) : [];
    const dark = ({host}: CheckResult) => missing.some((one) => one === host);
    return [
      ...all.filter((check) => !dark(check)).flatMap((check) => resultLines(check, columns)),
      ...missing.flatMap((host) => {
        const about = all.filter((check) => dark(check) && check.host === host).map(({id}) => id);
        if (about.length === 0) return [];
        const text = `not known: the ${host} was not read (${clean(unread[host] ?? '').replace(/\.$/, '')}): ${about.join(', ')}`;
        return marked(signOf('unknown'), text, columns, '  ');
      }),
    ];
  });
}

const signOf = (level: Level): Span => {
  const {mark, tone} = signs[level];
  return span(mark, tone ? {tone} : {});
};

function resultLines({level, says, do: what}: CheckResult, columns: number): Line[] {
  return [
    ...marked(signOf(level), `${signs[level].word}: ${says}`, columns, '  '),
    ...(what === undefined ? [] : wrapHanging(`    → ${what}`, columns, 6).map((line): Line => [dim(line)])),
  ];
}
