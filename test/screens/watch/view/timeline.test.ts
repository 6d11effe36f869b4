import {describe, expect, test} from 'vitest';
import {textOf} from '../../../../src/screens/line.js';
import {timeOfDay} from '../../../../src/screens/format.js';
import type {TimelineEntry} from '../../../../src/screens/watch/model/sample.js';
import {filtered, filterWords} from '../../../../src/screens/watch/view/filter.js';
import {pressed} from '../../../../src/screens/watch/view/press.js';
import {emptyView, type ViewState} from '../../../../src/screens/watch/view/state.js';
import {
  anchorIndex,
  entryText,
  momentWords,
  timelineWindow,
} from '../../../../src/screens/watch/view/timeline.js';
import {moved} from '../../../../src/screens/watch/view/window.js';
import type {Action} from '../../../../src/screens/keys.js';
import {nowMs, timeline, wellSample} from '../model/samples.js';
import {primaryHost} from '../model/sample-parts.js';
import {draw} from './drawing.js';

const entry = (index: number, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  key: `e${index}`,
  atMs: nowMs - (100 - index) * 1000,
  host: 'standby',
  level: 'info',
  sentence: `Sentence ${index}.`,
  ...more,
});
const hundred = Array.from({length: 100}, (_, index) => entry(index));

describe('a window of the timeline', () => {
  const at = (anchor: number | undefined, rows = 5) =>
    timelineWindow(hundred, {rows, columns: 78, nowMs, ...(anchor !== undefined && {anchor})});

  test('ends with the newest and follows it', () => {
    expect(at(undefined).shown.map(({key}) => key)).toEqual(['e95', 'e96', 'e97', 'e98', 'e99']);
    expect(at(undefined).newer).toBe(0);
  });
  test('ends with the anchor, and counts what is newer', () => {
    expect(at(50).shown.at(-1)?.key).toBe('e50');
    expect(at(50).newer).toBe(49);
  });
  test('has a row for each, with when, about whom and what', () => {
    expect(textOf(at(undefined).lines.at(-1)!)).toBe(
      `${timeOfDay(hundred[99]!.atMs)}  standby   Sentence 99.`,
    );
  });
  test('says a warning and an alert with a sign', () => {
    const levels = [entry(1, {level: 'warning'}), entry(2, {level: 'alert'})];
    const {lines} = timelineWindow(levels, {rows: 5, columns: 78, nowMs});
    expect(lines.map(textOf)).toEqual([
      expect.stringContaining('standby ▲ Sentence 1'),
      expect.stringContaining('standby ! Sentence 2'),
    ]);
  });
  test('goes on in the column of the sentence, and cuts the oldest where rows end', () => {
    const long = [
      entry(1, {sentence: 'word '.repeat(30).trim()}),
      entry(2, {sentence: 'word '.repeat(10).trim()}),
    ];
    const {lines} = timelineWindow(long, {rows: 4, columns: 60, nowMs});
    expect(lines).toHaveLength(4);
    expect(textOf(lines[0]!)).toMatch(/standby {3}word/);
    expect(textOf(lines[1]!)).toMatch(/…$/);
    expect(textOf(lines[3]!)).toMatch(/^ {20}word/);
  });
  test('of a narrow terminal leaves out who and the seconds', () => {
    const {lines} = timelineWindow(hundred, {rows: 1, columns: 38, nowMs});
    expect(textOf(lines[0]!)).toBe(`${timeOfDay(hundred[99]!.atMs).slice(0, 5)}   Sentence 99.`);
  });
  test('is empty where there are no rows or no entries', () => {
    expect(at(undefined, 0).lines).toEqual([]);
    expect(timelineWindow([], {rows: 5, columns: 78, nowMs}).lines).toEqual([]);
  });
  test('remote text cannot break out of its row', () => {
    const evil = [entry(1, {sentence: 'a\u001B[2Jb\nc\u202E\u0007'})];
    const text = timelineWindow(evil, {rows: 5, columns: 78, nowMs}).lines.map(textOf).join('');
    expect(text).toContain('ab c');
    expect(text).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
  });
});

test('an entry of another day has its date', () => {
  expect(momentWords(nowMs, nowMs)).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(momentWords(nowMs - 3 * 86_400_000, nowMs)).toMatch(/^17 Nov \d\d:\d\d$/);
});

describe('the filter', () => {
  const entries = timeline(12);
  test.each([
    ['workspace', 'all', 2],
    ['WORKSPACE date', 'all', 2],
    ['the workspace', 'all', 2],
    ['workspace laptop', 'all', 0],
    ['host:primary', 'all', 2],
    ['host:lap', 'all', 2],
    ['level:alert', 'all', 2],
    ['level:warning host:standby', 'all', 2],
    ['event:cleared', 'all', 2],
    ['standby', 'all', 8],
    ['', 'warnings', 6],
    ['', 'alerts', 2],
    ['host:primary', 'alerts', 0],
    ['   ', 'all', 12],
  ] as const)('%j at level %s finds %d', (filter, level, count) => {
    expect(filtered(entries, {filter, level})).toHaveLength(count);
  });
  test('without a filter it is the timeline itself, so that nothing is copied each second', () => {
    expect(filtered(entries, {filter: '', level: 'all'})).toBe(entries);
  });
  test.each([
    ['', 'all', ''],
    ['gone', 'all', '/gone'],
    ['gone', 'warnings', 'warnings and alerts · /gone'],
  ] as const)('%j at level %s is told as %j', (filter, level, words) =>
    expect(filterWords({filter, level})).toBe(words),
  );
});

describe('scrolling', () => {
  test.each([
    ['up', undefined, 98],
    ['down', 98, undefined],
    ['down', undefined, undefined],
    ['pageUp', undefined, 90],
    ['pageUp', 12, 9],
    ['pageDown', 50, 59],
    ['top', undefined, 9],
    ['bottom', 12, undefined],
  ] as const)('%s from %s goes to %s', (move, from, to) => {
    expect(moved(move, from, {count: 100, page: 10, top: 9})).toBe(to);
  });
  test('of nothing goes nowhere', () => {
    expect(moved('up', undefined, {count: 0, page: 0, top: 0})).toBeUndefined();
  });
});

describe('where the view stands when entries come and go', () => {
  test('it stays at its entry', () => expect(anchorIndex(hundred, hundred, 'e42')).toBe(42));
  test('under a filter it stays at the nearest older entry', () => {
    const even = hundred.filter((_, index) => index % 2 === 0);
    expect(even[anchorIndex(even, hundred, 'e43')!]?.key).toBe('e42');
  });
  test('of an entry that is given up it goes to the oldest', () =>
    expect(anchorIndex(hundred, hundred, 'long ago')).toBe(0));
});

describe('keys', () => {
  const size = {columns: 80, rows: 24};
  const after = (state: Partial<ViewState>, ...actions: Action[]) => {
    let view: ViewState = {...emptyView, ...state};
    for (const action of actions) {
      const {room, accountRows} = draw(wellSample(), size, view);
      const whole = {...view, sample: wellSample(), timeline: timeline(40)};
      view = pressed(whole, action, {room, accountRows}) ?? view;
    }
    return view;
  };
  test('Tab goes round, and back', () => {
    expect(after({}, 'nextPane').focus).toBe('primary');
    expect(after({}, 'nextPane', 'nextPane', 'nextPane').focus).toBe('timeline');
    expect(after({}, 'previousPane').focus).toBe('standby');
  });
  test('up leaves the newest, End follows again', () => {
    expect(after({}, 'up').anchor).toBe('k38');
    expect(after({}, 'up', 'up', 'bottom').anchor).toBeUndefined();
    expect(after({}, 'up', 'down').anchor).toBeUndefined();
  });
  test('the top is a whole screen of the oldest', () => {
    const {anchor} = after({}, 'top');
    const {text} = draw(wellSample(), size, {anchor: anchor!});
    expect(text).toContain(timeOfDay(timeline(40)[0]!.atMs));
    expect(text.split('\n').filter((line) => /^ \d\d:\d\d:\d\d/.test(line)).length).toBeGreaterThan(3);
  });
  test('the level goes round', () => {
    expect(after({}, 'level').level).toBe('warnings');
    expect(after({}, 'level', 'level', 'level').level).toBe('all');
  });
  test('Esc undoes all of it, and where there is nothing to undo it is for somebody else', () => {
    expect(after({filter: 'x', level: 'alerts', anchor: 'k3', focus: 'primary'}, 'back')).toEqual(emptyView);
    const whole = {...emptyView, sample: wellSample(), timeline: []};
    expect(pressed(whole, 'back', {room: {columns: 78, rows: 5, page: 0}, accountRows: 1})).toBeUndefined();
  });
  test('what acts is never the view’s', () => {
    const whole = {...emptyView, sample: wellSample(), timeline: []};
    for (const action of ['promote', 'demote', 'pause', 'quit', 'refresh', 'log'] as const)
      expect(pressed(whole, action, {room: {columns: 78, rows: 5, page: 0}, accountRows: 1})).toBeUndefined();
  });
  test('in a pane the arrows move through accounts that do not fit, and stop at their end', () => {
    const accounts = Array.from({length: 12}, (_, index) => ({
      channel: 'irc',
      account: `nick${index}`,
      enabled: true,
      identity: null,
      state: 'connected' as const,
      why: null,
    }));
    const sample = wellSample({primary: primaryHost({accounts})});
    const press = (view: ViewState, action: Action) => {
      const {room, accountRows} = draw(sample, size, view);
      return pressed({...view, sample, timeline: []}, action, {room, accountRows})!;
    };
    let view: ViewState = {...emptyView, focus: 'primary'};
    expect(draw(sample, size, view).text).toMatch(/irc nick0[^]*↓\d+/);
    view = press(view, 'bottom');
    const {text} = draw(sample, size, view);
    expect(text).toMatch(/irc nick11 +connected +↑\d+/);
    expect(press(view, 'down').from.primary).toBe(view.from.primary);
    expect(press(view, 'up').from.primary).toBe(view.from.primary - 1);
    expect(press(view, 'top').from.primary).toBe(0);
  });
});

test('a line that is copied says when, about whom and what', () => {
  expect(entryText(entry(1))).toBe(`${new Date(nowMs - 99_000).toISOString()} standby: Sentence 1.`);
});
