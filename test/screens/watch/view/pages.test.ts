import {describe, expect, test} from 'vitest';
import {helpKeys} from '../../../../src/screens/keys.js';
import {textOf, type Line} from '../../../../src/screens/line.js';
import type {TimelineEntry} from '../../../../src/screens/watch/model/sample.js';
import {actLayout, nextCommand, type ActView} from '../../../../src/screens/watch/view/act.js';
import {drillPage, testEvents} from '../../../../src/screens/watch/view/drill.js';
import {failureLines} from '../../../../src/screens/watch/view/failure.js';
import {helpPage} from '../../../../src/screens/watch/view/help.js';
import {logLayout, matching, type LogLines} from '../../../../src/screens/watch/view/log.js';
import {pairsLayout, protectedOf} from '../../../../src/screens/watch/view/pairs.js';
import {pasted, typedInto, typingLine} from '../../../../src/screens/watch/view/typing.js';
import {failoverSample, nowMs, wellSample} from '../model/samples.js';
import {sizes, widest} from './drawing.js';

const textsOf = (lines: readonly Line[]) => lines.map(textOf);
const whole = (lines: readonly Line[]) => textsOf(lines).join('\n');

describe('the help', () => {
  const text = whole(helpPage(78));
  test('has every key of the live view that has a section, in sections', () => {
    for (const {keys, section} of helpKeys(['live'])) {
      expect(section, keys).toBeDefined();
      expect(text).toContain(`\n${keys}`);
    }
    expect(text).toMatch(/Looking closer[^]*Moving[^]*Acting on the pair[^]*Leaving[^]*Signs/);
  });
  test('says what the signs mean', () => {
    for (const sign of ['●', '○', '▲', '✖', '!', '✔', '▸'])
      expect(text).toMatch(new RegExp(`\n${sign} +\\w`));
  });
  test('fits into narrow terminals', () => expect(widest(helpPage(38))).toBeLessThanOrEqual(38));
});

describe('the drill page', () => {
  const event = (name: string, s: number): TimelineEntry => ({
    key: `${name}${s}`,
    atMs: nowMs + s * 1000,
    host: 'standby',
    level: 'info',
    event: name,
    sentence: `${name}.`,
  });
  const story = [
    event('promoting', -900),
    event('demoted', -800),
    event('promoting', 0),
    event('tested', 1),
    event('gateway-ready', 10.4),
    event('promoted', 11.2),
    event('demoted', 60),
    event('workspace', 90),
  ];
  test('shows the newest test from its decision to its end, and nothing of other takeovers', () => {
    expect(testEvents(story).map(({event: name}) => name)).toEqual([
      'promoting',
      'tested',
      'gateway-ready',
      'promoted',
      'demoted',
    ]);
    expect(testEvents(story.slice(0, 2))).toEqual([]);
  });
  test('says when it was, when the next is due, each stage with its time, and how it is done', () => {
    const text = whole(drillPage(wellSample(), story, {how: ['failover-wizard drill'], columns: 78}));
    expect(text).toContain('● Passed   drill of a kill, 11 d ago; a bot was there again after 19.4 s');
    expect(text).toContain('The next test is due in 19 d');
    expect(text).toMatch(/\+10\.4 s {2}gateway-ready\./);
    expect(text).toContain('failover-wizard drill');
  });
  test('a pair that was never tested, or whose test failed or is overdue, says so', () => {
    const page = (drill: ReturnType<typeof wellSample>['drill']) =>
      whole(drillPage({drill}, [], {how: [], columns: 78}));
    expect(page(null)).toContain('▲ The pair was never tested');
    const {drill: well} = wellSample();
    expect(page({...well!, result: 'remarks'})).toContain('▲ Passed, with remarks   drill of a kill');
    expect(page({...well!, kind: 'test'})).toContain('the bot of the standby was there after 19.4 s');
    const failed = page({
      kind: 'test',
      agoMs: 40 * 86_400_000,
      tookMs: null,
      result: 'failed',
      passed: false,
      fault: null,
      dueInMs: -10 * 86_400_000,
    });
    expect(failed).toContain('✖ Failed   tested 40 d ago');
    expect(failed).toContain('▲ The next test is due as soon as the cause is mended.');
    expect(page({...well!, dueInMs: -10 * 86_400_000})).toContain('▲ The next test is overdue by 10 d.');
  });
});

describe('a journal', () => {
  const log: LogLines = {lines: Array.from({length: 100}, (_, index) => `line ${index}`), dropped: 20};
  const size = {columns: 80, rows: 24};
  const show = (more: Partial<Parameters<typeof logLayout>[1]> = {}, given = log) => {
    const {body, bottom, shown} = logLayout(
      given,
      {filter: '', typing: false, ...more},
      {title: 'Gateway', badge: [], size},
    );
    return {body: textsOf(body), footer: textOf(bottom[0]!), shown};
  };
  test('follows, the newest line at the bottom', () => {
    expect(show().body.at(-1)).toBe(' line 99');
    expect(show().footer).toContain('following');
  });
  test('stays where one scrolled to while lines come, and says how many are newer', () => {
    expect(show({anchor: 70}).body.at(-1)).toBe(' line 50');
    expect(show({anchor: 70}).footer).toContain('49 newer, End follows');
    const later = {lines: [...log.lines.slice(10), 'new'], dropped: 30};
    expect(show({anchor: 70}, later).body.at(-1)).toBe(' line 50');
  });
  test('shows only lines with every word of the filter', () => {
    expect(matching(log, 'LINE 9 7').map(({line}) => line)).toEqual(['line 79', 'line 97']);
    expect(show({filter: 'line 42'}).body.slice(2)).toEqual([' line 42']);
    expect(show({filter: 'line 42'}).footer).toContain('/line 42 · 1 of 100');
  });
  test('says that it is read, that nothing is like the filter, that it broke, and that it has ended', () => {
    expect(show({}, {lines: [], dropped: 0}).body.at(-1)).toBe(' reading …');
    expect(show({filter: 'zzz'}).body.at(-1)).toBe(' Nothing like that so far.');
    expect(show({}, {...log, ended: {error: 'no route'}}).body.at(-1)).toBe(' ▲ no route');
    expect(show({}, {...log, ended: {}}).body.at(-1)).toBe(' That is all of it.');
  });
  test('that has ended is not said to be followed', () => {
    for (const ended of [{}, {error: 'no route'}]) {
      expect(show({}, {...log, ended}).footer).toMatch(/ended/);
      expect(show({anchor: 70}, {...log, ended}).footer).toContain('49 newer, ended');
      expect(show({anchor: 70}, {...log, ended}).footer).not.toMatch(/follow/);
    }
  });
  test('fits, also with long lines', () => {
    for (const each of sizes) {
      const {body, bottom} = logLayout(
        {lines: Array.from({length: 40}, () => 'a long line of a journal '.repeat(12)), dropped: 0},
        {filter: '', typing: true},
        {title: 'Gateway', badge: [], size: each},
      );
      expect(widest([...body, ...bottom])).toBeLessThanOrEqual(each.columns);
      expect(body.length + bottom.length).toBeLessThanOrEqual(each.rows);
    }
  });
});

describe('a page that could not be made', () => {
  class Told extends Error {
    readonly detail = 'kex_exchange:\u001B[2J closed\nby remote';
    readonly next = ['ssh root@100.64.0.11', 'failover-wizard status'];
  }
  test('says why, what was seen, and what to try, without control characters', () => {
    const lines = failureLines(new Told('No route\u0007 to host.'), 60);
    expect(textsOf(lines)).toEqual([
      '✖ No route to host.',
      '  kex_exchange: closed',
      '  by remote',
      '  try: ssh root@100.64.0.11',
      '  try: failover-wizard status',
    ]);
    expect(lines[0]![0]!.tone).toBe('bad');
    expect(lines[1]![0]!.dim).toBe(true);
  });
  test('is wrapped', () => {
    const lines = failureLines(new Told('A long sentence. '.repeat(9)), 38);
    expect(widest(lines)).toBeLessThanOrEqual(38);
    expect(lines.length).toBeGreaterThan(7);
  });
  test('does with whatever was thrown', () => {
    expect(textsOf(failureLines('odd', 60))).toEqual(['✖ odd']);
    expect(textsOf(failureLines(undefined, 60))).toEqual(['✖ undefined']);
  });
});

describe('several pairs', () => {
  const pairs = [
    {pair: 'default', sample: wellSample()},
    {pair: 'garden', sample: {...failoverSample('starting'), pair: 'garden'}},
    {pair: 'office', error: 'office.json is not JSON.'},
    {pair: 'new'},
  ];
  test('stand with their verdicts, and the one that is marked has a sign', () => {
    const {body} = pairsLayout({pairs, cursor: 1}, {columns: 120, rows: 40});
    const rows = textsOf(body);
    expect(rows[0]).toContain('▲ 1 of 4 protected');
    expect(rows[2]).toMatch(/^ {3}● default {2}Protected +If the primary died now/);
    expect(rows[3]).toMatch(/^ ❯ ▲ garden {3}Taking over {2}0:24 +The primary is not answering/);
    expect(rows[4]).toMatch(/^ {3}✖ office {3}Not readable +office\.json is not JSON/);
    expect(rows[5]).toMatch(/^ {3}· new {6}Reading …/);
  });
  test('fit, and the one that is marked is in sight', () => {
    const many = Array.from({length: 60}, (_, index) => ({pair: `pair-${index}`, sample: wellSample()}));
    for (const size of sizes) {
      for (const cursor of [0, 31, 59]) {
        const {body, bottom} = pairsLayout({pairs: many, cursor}, size);
        expect(body.length + bottom.length).toBeLessThanOrEqual(size.rows);
        expect(widest([...body, ...bottom])).toBeLessThanOrEqual(size.columns);
        expect(whole(body)).toMatch(new RegExp(`❯ ● pair-${cursor} `));
      }
    }
  });
  test('are only all well when all are', () => {
    expect(protectedOf(pairs)).toEqual({well: 1, tone: 'warn'});
    expect(protectedOf(pairs.slice(0, 1))).toEqual({well: 1, tone: 'good'});
  });
});

describe('a line that is typed', () => {
  test.each([
    ['ab', 'c', {}, 'abc'],
    ['ab', 'cde', {}, 'abcde'],
    ['ab', '', {backspace: true}, 'a'],
    ['ae\u0301', '', {delete: true}, 'a'],
    ['', '', {backspace: true}, ''],
    ['ab cd', 'u', {ctrl: true}, ''],
    ['ab cd', 'w', {ctrl: true}, 'ab '],
    ['ab', 'c', {ctrl: true}, undefined],
    ['ab', '', {return: true}, undefined],
    ['ab', '', {escape: true}, undefined],
    ['ab', '\u001B[2J', {}, undefined],
    ['ab', 'x\ry', {}, 'abx'],
  ] as const)('%j after %j %j is %j', (text, input, key, after) =>
    expect(typedInto(text, input, key)).toBe(after),
  );
  test('what is pasted is its first line, without control characters', () =>
    expect(pasted('one\u0007 \u001B[31mred\ntwo')).toBe('one red'));
  test('the end is in sight where it is long', () => {
    expect(textOf(typingLine('x'.repeat(60) + 'end', 60))).toMatch(/…x+end█ +Enter keep/);
  });
});

describe('an act', () => {
  const act = (more: Partial<ActView> = {}): ActView => ({
    name: 'promote',
    pair: 'default',
    step: 'running',
    fields: [],
    field: 0,
    wrong: '',
    lookingSinceMs: null,
    checks: [],
    typed: '',
    heard: [],
    waiting: null,
    end: null,
    leaving: false,
    ...more,
  });
  const show = (view: ActView, size = {columns: 80, rows: 24}) => {
    const {body, bottom} = actLayout(view, {sample: wellSample(), nowMs}, size);
    return {text: whole([...body, ...bottom]), footer: textOf(bottom[0]!), lines: [...body, ...bottom]};
  };
  const checks = [
    {sign: 'ok', say: 'The monitor runs.'},
    {sign: 'warn', say: 'The primary answers: both bots will be up.'},
    {sign: 'stop', say: 'The split guard refuses.'},
  ] as const;
  test('stands under the verdict and both hosts, which live on', () => {
    const {text} = show(act());
    expect(text).toMatch(/● Protected\n\n PRIMARY {2}● running {2}● ok[^]*STANDBY {2}○ asleep {2}● watching/);
    expect(show(act(), {columns: 120, rows: 40}).text).toContain('heartbeat ● sent 2 min ago');
  });
  test('says how long it has been looking', () => {
    expect(show(act({lookingSinceMs: nowMs - 7_000})).text).toContain('looking at how things stand … 0:07');
  });
  test('shows what was looked at with signs, then asks for the name', () => {
    const {text, footer} = show(act({step: 'typing', checks, typed: 'def', wrong: 'This is not default.'}));
    expect(text).toMatch(
      /✔ The monitor runs\.\n ▲ The primary answers[^]*✖ The split guard[^]*Type default to go on: {2}def█\n ▲ This is not default/,
    );
    expect(footer).toMatch(/Enter go on +Esc leave/);
  });
  test('tells what happens with its time, and what is waited for', () => {
    const {text, footer} = show(
      act({
        heard: [{elapsedMs: 61_000, say: 'The standby takes over.'}],
        waiting: {what: 'the gateway is loading', elapsedMs: 75_000},
      }),
    );
    expect(text).toMatch(/ 1:01 {2}The standby takes over\.\n ▸ 1:15 {2}the gateway is loading …/);
    expect(footer).toContain('Esc stop watching');
  });
  test('has an end with what to do next, which can be copied', () => {
    const end = {
      result: 'failed',
      exit: 1,
      say: 'It did not come up.',
      next: ['On the standby: journalctl -u openclaw -n 50'],
    } as const;
    const {text, footer} = show(act({step: 'ended', end, checks}));
    expect(text).toMatch(/✖ It did not come up\.\n {3}→ On the standby: journalctl -u openclaw -n 50/);
    expect(footer).toMatch(/y copy +Esc back/);
    expect(nextCommand(end)).toBe('journalctl -u openclaw -n 50');
    expect(nextCommand(null)).toBeUndefined();
  });
  test('fits everywhere, with its end in sight', () => {
    const long = act({
      step: 'typing',
      checks: Array.from(
        {length: 14},
        () => ({sign: 'warn', say: 'A long sentence about something. '.repeat(5)}) as const,
      ),
    });
    for (const size of sizes) {
      const {text, lines} = show(long, size);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      expect(widest(lines)).toBeLessThanOrEqual(size.columns);
      expect(text).toContain('Type default to go on');
    }
  });
});
