import {clean, wrapHanging} from '../../screens/clip.js';
import {count} from '../../screens/format.js';
import {dim, span, type Line} from '../../screens/line.js';
import type {Level} from '../answer.js';
import type {CheckReport} from '../report.js';
import {isNewer} from '../manifest-in.js';
import {hostNames} from '../seen.js';
import {withPair} from '../with-pair.js';
import {signs} from './signs.js';
import {dayAndTime} from './when.js';

/** One line for each of the three questions, whatever the answer. */
export function summaryLines(report: CheckReport, columns: number): Line[] {
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

function changesWords({changes, drift, pair, version}: CheckReport): [Level, string] {
  if (!changes.known) return ['unknown', `not known: the ${changes.host} was not read`];
  if (changes.count === 0) return ['ok', 'nothing'];
  const newer = hostNames.some((host) => {
    const here = drift[host];
    return here.known && isNewer(here.writtenBy, version);
  });
  const next = newer
    ? `they were set up by a later version than this (${version})`
    : withPair('failover-wizard setup', pair);
  const hosts = new Set(changes.phases.flatMap((phase) => phase.changes.map(({host}) => host)));
  return ['warning', `${count(changes.count, 'thing')} on the ${[...hosts].join(' and the ')}; ${next}`];
}

function driftWords({drift, atMs, unread}: CheckReport): [Level, string] {
  let things = 0;
  const dark: string[] = [];
  const since: number[] = [];
  for (const host of hostNames) {
    const here = drift[host];
    if (!here.known) {
      dark.push(unread[host] === undefined ? clean(here.reason) : `the ${host} was not read`);
      continue;
    }
    things += here.items.length;
    if (here.sinceMs !== null) since.push(here.sinceMs);
  }
  const rest = dark.length === 0 ? '' : `not known: ${dark.join('; ')}`;
  const seen = things > 0 ? count(things, 'thing') : dark.length < hostNames.length ? 'nothing' : '';
  if (rest !== '') return [things > 0 ? 'warning' : 'unknown', [seen, rest].filter(Boolean).join('; ')];
  if (things > 0) return ['warning', seen];
  const last =
    since.length === 0 ? '' : `; setup last wrote there on ${dayAndTime(Math.max(...since), atMs)}`;
  return ['ok', `${seen}${last}`];
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
