import {expect, test} from 'vitest';
import {span} from '../../src/screens/line.js';
import {mayColour, paint} from '../../src/screens/theme.js';

test('paint gives the words alone when there is to be no colour', () => {
  const line = [span('● ', {tone: 'good'}), span('well', {bold: true}), span('   ')];
  expect(paint(line, false)).toBe('● well');
  expect(paint(line, true)).toBe('\u001B[32m● \u001B[39m\u001B[1mwell\u001B[22m');
});

test.each([
  [{isTTY: true}, {}, true],
  [{isTTY: false}, {}, false],
  [{}, {}, false],
  [{isTTY: true}, {NO_COLOR: '1'}, false],
  [{isTTY: true}, {FORCE_COLOR: '0'}, false],
  [{isTTY: true}, {TERM: 'dumb'}, false],
])('%o with %o may be coloured: %s', (stream, env, may) => expect(mayColour(stream, env)).toBe(may));
