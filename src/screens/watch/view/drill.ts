import {clean, wrapHanging} from '../../clip.js';
import {age, measured} from '../../format.js';
import {dim, span, wrapLine, type Line, type Tone} from '../../line.js';
import type {DrillSample, TimelineEntry, WatchSample} from '../model/sample.js';
import {markOf, warning} from './item.js';

/** The events of the newest test, from the decision to take over to the standby at rest; none: not in sight. */
export function testEvents(timeline: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const tested = timeline.findLastIndex(({event}) => event === 'tested');
  if (tested < 0) return [];
  const from = timeline.findLastIndex(({event}, index) => event === 'promoting' && index <= tested);
  const end = timeline.findIndex(({event}, index) => event === 'demoted' && index >= tested);
  return timeline.slice(from < 0 ? tested : from, end < 0 ? undefined : end + 1);
}

/** When the pair was last tested and how it went, when the next test is due, and how one is made. */
export function drillPage(
  {drill}: Pick<WatchSample, 'drill'>,
  timeline: readonly TimelineEntry[],
  {how, columns}: {how: readonly string[]; columns: number},
): Line[] {
  const lines: Line[] = [
    ...state(drill),
    ...stages(testEvents(timeline), columns),
    [],
    [span('How it is tested', {bold: true})],
    ...how.flatMap((text) => wrapLine([span(clean(text))], columns)),
  ];
  return lines;
}

const results: Readonly<Record<DrillSample['result'], {words: string; tone: Tone}>> = {
  passed: {words: 'Passed', tone: 'good'},
  remarks: {words: 'Passed, with remarks', tone: 'warn'},
  failed: {words: 'Failed', tone: 'bad'},
};

function state(drill: WatchSample['drill']): Line[] {
  if (drill === null) {
    return [
      [warning('The pair was never tested, as far as is known here.')],
      [dim('Until it was, nobody knows whether the standby can take over.')],
    ];
  }
  const {kind, agoMs, tookMs, result, fault, dueInMs} = drill;
  const {words, tone} = results[result];
  const what = kind === 'test' ? 'tested' : `drill${fault === null ? '' : ` of a ${fault}`},`;
  const bot = kind === 'test' ? 'the bot of the standby was there' : 'a bot was there again';
  const took = tookMs === null ? '' : `; ${bot} after ${measured(tookMs)}`;
  return [
    [span(`${markOf(tone)} ${words}`, {tone, bold: true}), span(`   ${what} ${age(agoMs)} ago${took}`)],
    result === 'failed'
      ? [warning('The next test is due as soon as the cause is mended.')]
      : dueInMs < 0
        ? [warning(`The next test is overdue by ${age(-dueInMs)}.`)]
        : [dim('The next test is due in '), span(age(dueInMs)), dim('; every 30 d is enough.')],
  ];
}

function stages(events: readonly TimelineEntry[], columns: number): Line[] {
  const [first] = events;
  if (first === undefined) return [];
  const rows = events.flatMap(({atMs, sentence}) => {
    const since = `+${measured(Math.max(0, atMs - first.atMs))}`.padStart(9);
    return wrapHanging(`${since}  ${clean(sentence)}`, columns, 11).map((text): Line => [span(text)]);
  });
  return [
    [],
    [span('The newest test, stage by stage', {bold: true}), dim('   from the decision to take over')],
    ...rows,
  ];
}
