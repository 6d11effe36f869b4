import {describe, expect, test} from 'vitest';
import type {WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {
  alertFor,
  alerting,
  listTitle,
  sequencesOf,
  terminalTitle,
} from '../../../../src/screens/watch/live/alerts.js';
import {
  activeSample,
  conflictSample,
  failoverSample,
  pausedSample,
  readingSample,
  silentSample,
  wellSample,
} from '../model/samples.js';

const blocked = () => failoverSample('blocked');

describe('what the terminal is told', () => {
  test.each([
    ['the first reading is no change', undefined, wellSample, false],
    ['nor is the second', readingSample, wellSample, false],
    ['protected goes', wellSample, pausedSample, true],
    ['a takeover begins', wellSample, () => failoverSample('starting'), true],
    ['and ends', () => failoverSample('starting'), activeSample, true],
    ['protected again', pausedSample, wellSample, true],
    ['unprotected for another reason, and worse', pausedSample, blocked, true],
    ['unprotected, and no longer as bad', blocked, pausedSample, false],
    ['unprotected for another reason as bad', blocked, () => silentSample('standby'), false],
    ['a split conflict while it is unprotected anyway', pausedSample, conflictSample, true],
    ['the conflict goes on', conflictSample, conflictSample, false],
    ['this machine is cut off', wellSample, () => silentSample('both'), false],
    ['nothing', wellSample, wellSample, false],
  ] as const)('%s', (_, before, after, notifies) => {
    expect(alertFor(before?.(), after())?.notify !== undefined).toBe(notifies);
  });

  test('the title follows the words, also where nothing is told', () => {
    expect(alertFor(undefined, wellSample())).toEqual({title: '● default: Protected'});
    expect(alertFor(pausedSample(), blocked())?.title).toBe('✖ default: Not protected: standby blocked');
    expect(alertFor(wellSample(), wellSample())).toBeUndefined();
  });

  test('of several pairs the title counts', () => {
    const pairs = [
      {pair: 'a', sample: wellSample()},
      {pair: 'b', sample: pausedSample()},
    ];
    expect(listTitle(pairs)).toBe('▲ 1 of 2 pairs protected');
    expect(listTitle(pairs.slice(0, 1))).toBe('● 1 of 1 pairs protected');
  });
});

describe('the sequences', () => {
  const alert = alertFor(wellSample(), pausedSample())!;
  const plain = {TERM: 'xterm-256color'};
  test('are title, both kinds of notification, and the bell', () => {
    const text = sequencesOf(alert, {bell: true, env: plain});
    expect(text).toContain('\u001B]2;▲ default: Not protected: paused\u0007');
    expect(text).toContain('\u001B]9;default: Not protected: paused. The monitor is paused');
    expect(text).toContain('\u001B]777;notify;default: Not protected: paused;The monitor is paused');
    expect(text.endsWith('\u0007\u0007')).toBe(true);
  });
  test('are the title alone where nobody wants to be told', () => {
    expect(sequencesOf(alert, {bell: false, env: plain})).toBe(
      '\u001B]2;▲ default: Not protected: paused\u0007',
    );
  });
  test('are one notification in a terminal that knows both kinds', () => {
    for (const env of [{TERM: 'xterm-kitty'}, {TERM_PROGRAM: 'WezTerm'}, {TERM_PROGRAM: 'ghostty'}])
      expect(sequencesOf(alert, {bell: true, env})).not.toContain(']777;');
  });
  test('carry no control character and no further field of what came from elsewhere', () => {
    const words = 'bad\u001B]0;owned\u0007;cmd\n\u009B2J\u202E';
    const evil = (verdict: Partial<WatchSample['verdict']>): WatchSample =>
      pausedWith({...verdict, words, sentence: words});
    const text = sequencesOf(alertFor(wellSample(), evil({}))!, {bell: true, env: plain});
    expect(text.match(/\u001B/g)).toHaveLength(3);
    expect(text.match(/\u0007/g)).toHaveLength(4);
    expect(text).not.toContain('owned\u0007');
    expect(text).not.toMatch(/[\u009B\u202E\n]/);
    expect(text).toContain('777;notify;default: bad,cmd');
    expect(terminalTitle(evil({}))).not.toContain(';');
  });
});

function pausedWith(verdict: Partial<WatchSample['verdict']>): WatchSample {
  const sample = pausedSample();
  return {...sample, verdict: {...sample.verdict, ...verdict}};
}

describe('a sequence of samples', () => {
  const cutOff = () => silentSample('both');
  /** The words that were rung for. */
  function rung(...samples: readonly WatchSample[]): string[] {
    const written: string[] = [];
    const stdout = {write: (text: string) => written.push(text)} as unknown as NodeJS.WriteStream;
    const tell = alerting(stdout, true);
    for (const sample of samples) tell(sample);
    return written.flatMap((text) => /\u001B\]9;default: ([^.]+)\./.exec(text)?.[1] ?? []);
  }
  test.each<[string, readonly (() => WatchSample)[], string[]]>([
    ['a takeover while this machine was cut off', [wellSample, cutOff, activeSample], ['Standby is active']],
    ['nothing while it was cut off', [wellSample, cutOff, wellSample], []],
    ['the first look, whatever it sees', [activeSample], []],
    ['the first look after reading', [readingSample, readingSample, conflictSample], []],
    [
      'paused, then silent, once each',
      [wellSample, pausedSample, pausedSample, () => silentSample('standby'), () => silentSample('standby')],
      ['Not protected: paused', 'Not protected: standby silent'],
    ],
    [
      'worse behind a time in which nothing was known',
      [pausedSample, cutOff, conflictSample],
      ['Not protected: split conflict'],
    ],
  ])('%s', (_, samples, words) => expect(rung(...samples.map((make) => make()))).toEqual(words));

  test('the title follows through all of it', () => {
    const written: string[] = [];
    const stdout = {write: (text: string) => written.push(text)} as unknown as NodeJS.WriteStream;
    const tell = alerting(stdout, true);
    for (const make of [wellSample, cutOff, wellSample, wellSample]) tell(make());
    expect(written).toHaveLength(3);
    expect(written.at(-1)).toBe('\u001B]2;● default: Protected\u0007');
  });
});
