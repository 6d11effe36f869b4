import {clean, wrapHanging} from '../../screens/clip.js';
import {count} from '../../screens/format.js';
import {blank, dim, span, spread, type Line, type Span, type Tone} from '../../screens/line.js';
import {planLines} from '../../screens/plan-text.js';
import {glyph} from '../../screens/theme.js';
import {markOf} from '../../screens/watch/view/item.js';
import type {CheckResult, Level} from '../answer.js';
import type {Because} from '../because.js';
import type {CheckReport, ComparedChange} from '../report.js';
import {hostNames} from '../seen.js';
import {driftLines} from './drift.js';
import {dayAndTime} from './when.js';

export interface TextOptions {
  columns: number;
  /** Everything: diffs, and what is well. */
  verbose: boolean;
}

const signs: Readonly<Record<Level, {mark: string; word: string; tone?: Tone}>> = {
  problem: {mark: glyph.failed, word: 'problem', tone: 'bad'},
  warning: {mark: glyph.warn, word: 'warning', tone: 'warn'},
  unknown: {mark: glyph.unknown, word: 'not known', tone: 'warn'},
  tip: {mark: glyph.open, word: 'tip'},
  ok: {mark: glyph.done, word: 'well', tone: 'good'},
};

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
    ...sections(report, columns),
    ...details('What setup would change', changeLines(report, verbose)),
    ...details('Changed since setup', driftLines(report.drift, {columns, nowMs: atMs})),
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

/** One line for each of the three questions, whatever the answer. */
function sections(report: CheckReport, columns: number): Line[] {
  const row = (title: string, level: Level, text: string): Line[] => {
    const {mark, tone} = signs[level];
    return wrapHanging(`${title.padEnd(nameColumns)}${mark} ${text}`, columns, nameColumns + 2).map(
      (line, index): Line =>
        index === 0
          ? [
              dim(line.slice(0, nameColumns)),
              span(mark, tone ? {tone} : {}),
              span(line.slice(nameColumns + mark.length)),
            ]
          : [span(line)],
    );
  };
  const [changes, drift, checks] = [changesWords(report), driftWords(report), checksWords(report)];
  return [
    ...row('Setup would change', ...changes),
    ...row('Changed since setup', ...drift),
    ...row('Checks', ...checks),
  ];
}

const nameColumns = 22;

function changesWords({changes}: CheckReport): [Level, string] {
  if (!changes.known) return ['unknown', `not known: ${clean(changes.reason)}`];
  if (changes.count === 0) return ['ok', 'nothing'];
  const hosts = new Set(changes.phases.flatMap((phase) => phase.changes.map(({host}) => host)));
  return [
    'warning',
    `${count(changes.count, 'thing')} on the ${[...hosts].join(' and the ')}; failover-wizard setup`,
  ];
}

function driftWords({drift, atMs}: CheckReport): [Level, string] {
  const unknown = hostNames.filter((host) => !drift[host].known);
  const items = hostNames.flatMap((host) => {
    const here = drift[host];
    return here.known ? here.items : [];
  });
  const why = unknown.map((host) => {
    const here = drift[host];
    return here.known ? '' : clean(here.reason);
  });
  const rest = why.length > 0 ? `; not known: ${why.join('; ')}` : '';
  if (items.length > 0) return ['warning', `${count(items.length, 'thing')}${rest}`];
  if (unknown.length > 0)
    return ['unknown', `${unknown.length < hostNames.length ? 'nothing' : ''}${rest}`.replace(/^; /, '')];
  const since = hostNames.map((host) => {
    const here = drift[host];
    return here.known && here.sinceMs !== null ? here.sinceMs : null;
  });
  const last = since.includes(null) ? null : Math.max(...since.map(Number));
  return ['ok', `nothing${last === null ? '' : `; setup last wrote there on ${dayAndTime(last, atMs)}`}`];
}

function checksWords({checks}: CheckReport): [Level, string] {
  const of = (level: Level) => checks.filter((check) => check.level === level).length;
  const bad = (['problem', 'warning', 'tip', 'unknown'] as const).filter((level) => of(level) > 0);
  const total = count(checks.length, 'check');
  if (bad.length === 0) return ['ok', `${total}, all well`];
  const words = bad.map((level) =>
    level === 'unknown' ? `${of(level)} not known` : count(of(level), level),
  );
  const worst = bad[0] === 'tip' && bad.length === 1 ? 'ok' : bad[0] === 'tip' ? 'unknown' : bad[0]!;
  return [worst, `${total}: ${of('ok')} well, ${words.join(', ')}`];
}

const reasons: Readonly<Record<Because, (written: string | null, version: string) => string>> = {
  changed: () => 'changed since setup wrote it',
  gone: () => 'gone since setup wrote it',
  version: (written, version) =>
    `failover-wizard ${version} writes it otherwise than ${written ?? 'the one before'}`,
  decided: () => 'as setup wrote it; it would write it otherwise today',
  new: () => 'new in this version, or newly decided',
};

function changeLines({changes, drift, version}: CheckReport, verbose: boolean): Line[] {
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
  return [...planLines(phases), ...(hidden ? [[dim('--verbose shows what differs, line by line.')]] : [])];
}

/** Worst first; what is not known because a host was not read is one line for each host. */
function checkLines({checks, unread}: CheckReport, {columns, verbose}: TextOptions): Line[] {
  const levels: Level[] = ['problem', 'warning', 'unknown', 'tip', ...(verbose ? (['ok'] as const) : [])];
  return levels.flatMap((level) => {
    const all = checks.filter((check) => check.level === level);
    const missing = level === 'unknown' ? hostNames.filter((host) => unread[host] !== undefined) : [];
    const dark = (check: CheckResult) =>
      missing.some((host) => check.host === host && check.says.startsWith('Not known: '));
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
