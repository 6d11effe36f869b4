import type {Key} from 'ink';
import {describe, expect, test} from 'vitest';
import {actionFor, footerKeys, helpKeys} from '../../src/screens/keys.js';

const key = (set: Partial<Key> = {}) => set as Key;

describe('the key table', () => {
  test.each([
    [['setup'], 'p', {}, 'plan'],
    [['setup'], 'c', {ctrl: true}, 'interrupt'],
    [['setup'], 'q', {}, undefined],
    [['page', 'setup'], 'q', {}, 'back'],
    [['page', 'setup'], '', {escape: true}, 'back'],
    [['page', 'setup'], 'l', {}, 'log'],
    [['page', 'setup'], 'G', {shift: true}, 'bottom'],
    [['live'], 'f', {}, 'promote'],
    [['live'], 'b', {}, 'demote'],
    [['live'], 'p', {}, 'pause'],
    [['live'], '', {tab: true}, 'nextPane'],
    [['live'], '', {tab: true, shift: true}, 'previousPane'],
    [['live'], '', {upArrow: true}, 'up'],
    [['live'], 'q', {}, 'quit'],
    // Over the view a letter moves the page, and nothing acts.
    [['page', 'live-page'], 'b', {}, 'pageUp'],
    [['page', 'live-page'], 'q', {}, 'back'],
    [['page', 'live-page'], 'f', {}, undefined],
    [['page', 'live-page'], 'p', {}, undefined],
    [['page', 'live-log'], '/', {}, 'filter'],
    // What is typed is text.
    [['typing'], 'q', {}, undefined],
    [['typing'], '', {return: true}, 'enter'],
    [['act'], 'q', {}, undefined],
    [['act'], 'c', {ctrl: true}, 'interrupt'],
    // A drill that goes on has one key.
    [['exercise'], 'c', {ctrl: true}, 'interrupt'],
    [['exercise'], 'c', {}, undefined],
    [['exercise'], 'q', {}, undefined],
    [['exercise'], '', {escape: true}, undefined],
  ] as const)('%j: %j %j means %s', (places, input, set, action) => {
    expect(actionFor(places, input, key(set))).toBe(action);
  });

  test('takes nothing from several characters at once', () => {
    for (const text of ['pp', 'qq', 'please', '?p'])
      expect(actionFor(['setup'], text, key())).toBeUndefined();
  });

  test('a letter with Ctrl or Alt is not that letter', () => {
    expect(actionFor(['setup'], 'p', key({ctrl: true}))).toBeUndefined();
    expect(actionFor(['live'], 'q', key({meta: true}))).toBeUndefined();
  });

  test('every key of a footer is in the help, and works', () => {
    const named: Record<string, Partial<Key>> = {
      Esc: {escape: true},
      Tab: {tab: true},
      Enter: {return: true},
    };
    for (const places of [
      ['setup'],
      ['page', 'setup'],
      ['live'],
      ['page', 'live-page'],
      ['page', 'live-log'],
      ['pairs'],
      ['typing'],
      ['act'],
    ] as const) {
      const help = helpKeys(places).map((each) => each.keys);
      const footer = footerKeys(places, {copyable: true, act: 'form'});
      expect(footer).not.toEqual([]);
      for (const {keys} of footer) {
        expect(help).toContain(keys);
        const set = named[keys];
        expect(actionFor(places, set ? '' : keys, key(set))).toBeDefined();
      }
    }
  });

  test('the live view offers what can be asked of the pair as it is', () => {
    const offered = (situation: Parameters<typeof footerKeys>[1]) =>
      footerKeys(['live'], situation).map(({short}) => short);
    expect(offered({})).toEqual(expect.arrayContaining(['take over', 'pause']));
    expect(offered({})).not.toContain('give back');
    expect(offered({active: true})).toContain('give back');
    expect(offered({active: true})).not.toContain('take over');
    expect(offered({paused: true})).toContain('resume');
  });

  test('copying is offered only while there is something to copy', () => {
    expect(footerKeys(['setup']).map(({short}) => short)).not.toContain('copy');
    expect(footerKeys(['setup'], {copyable: true}).map(({short}) => short)).toContain('copy');
  });

  test('a drill says what its key does, and what it does the second time', () => {
    expect(footerKeys(['exercise'])).toEqual([{keys: 'Ctrl+C', short: 'take it back and leave', yields: 0}]);
    expect(footerKeys(['exercise'], {stopping: true})).toMatchObject([{short: 'leave at once'}]);
    expect(helpKeys(['exercise'])).toMatchObject([
      {keys: 'Ctrl+C', help: expect.stringMatching(/the primary undoes it by itself/)},
    ]);
  });
});
