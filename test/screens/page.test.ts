import {expect, test} from 'vitest';
import {scrolled} from '../../src/screens/page.js';

const long = {total: 100, rows: 20};
test.each([
  ['down', 0, 1],
  ['up', 0, 0],
  ['pageDown', 0, 19],
  ['pageUp', 40, 21],
  ['top', 55, 0],
  ['bottom', 3, undefined],
  // At the end it follows what comes.
  ['down', 79, undefined],
  ['up', undefined, 79],
  ['help', 12, 12],
] as const)('%s from %s goes to %s', (action, from, to) => expect(scrolled(action, from, long)).toBe(to));

test('what fits on the screen stays where it began, so that only the log follows when it grows', () => {
  const short = {total: 5, rows: 20};
  expect(scrolled('down', 0, short)).toBe(0);
  expect(scrolled('up', undefined, short)).toBeUndefined();
});
