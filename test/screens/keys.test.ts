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
    [['page', 'watch'], 'l', {}, undefined],
    [['page', 'watch'], 'q', {}, 'back'],
    [['watch'], 'q', {}, 'quit'],
    [['page', 'setup'], 'G', {shift: true}, 'bottom'],
  ] as const)('%j: %j %j means %s', (places, input, set, action) => {
    expect(actionFor(places, input, key(set))).toBe(action);
  });

  test('takes nothing from several characters at once', () => {
    for (const text of ['pp', 'qq', 'please', '?p'])
      expect(actionFor(['setup'], text, key())).toBeUndefined();
  });

  test('a letter with Ctrl or Alt is not that letter', () => {
    expect(actionFor(['setup'], 'p', key({ctrl: true}))).toBeUndefined();
    expect(actionFor(['watch'], 'q', key({meta: true}))).toBeUndefined();
  });

  test('every key of a footer is in the help, and works', () => {
    for (const places of [['setup'], ['watch'], ['page', 'setup'], ['page', 'watch']] as const) {
      const help = helpKeys(places).map((each) => each.keys);
      for (const {keys} of footerKeys(places, {copyable: true})) {
        expect(help).toContain(keys);
        const pressed =
          keys === 'Esc' ? actionFor(places, '', key({escape: true})) : actionFor(places, keys, key());
        expect(pressed).toBeDefined();
      }
    }
  });

  test('copying is offered only while there is something to copy', () => {
    expect(footerKeys(['setup']).map(({short}) => short)).not.toContain('copy');
    expect(footerKeys(['setup'], {copyable: true}).map(({short}) => short)).toContain('copy');
  });
});
