import {expect, test} from 'vitest';
import {about, age, bytes, clock, duration, measured, offset, share} from '../../src/screens/format.js';

const s = 1000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

test.each([
  [0, '<0.1 s'],
  [450, '0.4 s'],
  [41.9 * s, '41 s'],
  [72 * s, '1:12'],
  [59 * min + 59 * s, '59:59'],
  [2 * h + 5 * min, '2 h 5 min'],
  [12 * d + 4 * h, '12 d 4 h'],
  [3 * d, '3 d'],
  [-1, '?'],
  [Number.NaN, '?'],
])('a duration of %d ms is told as %s', (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [9 * s, '0:09'],
  [61 * min, '61:00'],
  [-5, '0:00'],
])('a clock at %d ms shows %s', (ms, text) => expect(clock(ms)).toBe(text));

test.each([
  [19_440, '19.4 s'],
  [119_900, '119.9 s'],
  [130_000, '2:10'],
])('%d ms measured is %s', (ms, text) => expect(measured(ms)).toBe(text));

test.each([
  [-5000, '0 s'],
  [59 * s, '59 s'],
  [3 * min, '3 min'],
  [47 * h, '47 h'],
  [11 * d, '11 d'],
])('what is %d ms old is %s old', (ms, text) => expect(age(ms)).toBe(text));

test.each([
  [4 * s, 'less than 10 s'],
  [31 * s, 'about 40 s'],
  [55 * s, 'about 1 min'],
  [3.6 * min, 'about 4 min'],
])('%d ms left is %s', (ms, text) => expect(about(ms)).toBe(text));

test.each([
  [0, '0 B'],
  [512 * 1024 ** 2, '512 MB'],
  [1023.99 * 1024 ** 2, '1.0 GB'],
  [2 * 1024 ** 3, '2.0 GB'],
  [38.4 * 1024 ** 3, '38 GB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

test('a share is told in the unit of the whole', () => {
  expect(share(307 * 1024 ** 2, 2 * 1024 ** 3)).toBe('0.3/2.0 GB');
});

test.each([
  [12, '+12 ms'],
  [-3, '−3 ms'],
  [1400, '+1.4 s'],
  [-2 * h, '−2 h'],
])('an offset of %d ms is %s', (ms, text) => expect(offset(ms)).toBe(text));
