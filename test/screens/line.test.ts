import {expect, test} from 'vitest';
import {
  clipLine,
  columnsOf,
  dim,
  fill,
  lineWidth,
  span,
  spread,
  textOf,
  wrapLine,
} from '../../src/screens/line.js';

test('a line that fits stays as it is', () => {
  const line = [span('abc'), dim('def')];
  expect(clipLine(line, 6)).toBe(line);
});

test.each([1, 2, 3, 4, 5, 7])('a line cut to %d columns takes no more and ends in an ellipsis', (columns) => {
  const cut = clipLine([span('abc'), dim('def'), span('ghi')], columns);
  expect(lineWidth(cut)).toBeLessThanOrEqual(columns);
  expect(textOf(cut).trimEnd().endsWith('…')).toBe(true);
});

test('left and right stand at the edges, and the left gives way', () => {
  expect(textOf(spread([span('title')], [span('9 s')], 12))).toBe('title    9 s');
  const tight = textOf(spread([span('a very long title indeed')], [span('41 s')], 20));
  expect(tight).toHaveLength(20);
  expect(tight).toMatch(/^a very.*…\s+41 s$/);
});

test('columns are padded, the last one is not', () => {
  expect(
    textOf(
      columnsOf([
        [span('a'), 3],
        [span('long word'), 4],
        [span('z'), 5],
      ]),
    ),
  ).toBe('a  lon…z');
});

test('fill makes a line exactly as wide as asked', () => {
  expect(lineWidth(fill([span('ab')], 5))).toBe(5);
  expect(lineWidth(fill([span('abcdef')], 5))).toBe(5);
});

test('a wrapped line keeps its style', () => {
  expect(wrapLine([span('one two', {tone: 'bad'})], 4)).toEqual([
    [{text: 'one', tone: 'bad'}],
    [{text: 'two', tone: 'bad'}],
  ]);
});
