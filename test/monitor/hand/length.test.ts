import {describe, expect, it} from 'vitest';
import {lengthText, parseLength, parseSpan} from '../../../src/monitor/hand/length.js';

const min = 60_000;

describe('the length of a pause', () => {
  it.each([
    ['30m', 30 * min],
    ['30min', 30 * min],
    ['2h', 120 * min],
    ['90s', 90_000],
    ['1h30m', 90 * min],
    ['60s', min],
    ['240m', 240 * min],
    [' 5m ', 5 * min],
  ])('%j is %i ms', (text, ms) => expect(parseLength(text)).toEqual({ms}));

  it.each([
    ['30', '"30" is no length of time: say 30m, 2h, 90s or 1h30m. It needs a unit: 30m is minutes.'],
    ['', '"" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['half an hour', '"half an hour" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['-5m', '"-5m" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['1.5h', '"1.5h" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['30m2h', '"30m2h" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['1e3s', '"1e3s" is no length of time: say 30m, 2h, 90s or 1h30m.'],
    ['59s', 'A pause lasts at least 1m: the monitor needs longer than that to call a primary dead.'],
    ['0m', 'A pause lasts at least 1m: the monitor needs longer than that to call a primary dead.'],
    [
      '4h1s',
      'A pause lasts at most 4 h, so that one that is forgotten leaves the pair unprotected no longer than that. For more, pause again later.',
    ],
  ])('%j is refused in one sentence', (text, wrong) => expect(parseLength(text)).toEqual({wrong}));

  it.each([
    [0, '0 min'],
    [45_000, '45 s'],
    [60_000, '1 min'],
    [90_000, '90 s'],
    [150_000, '2 min 30 s'],
    [30 * min, '30 min'],
    [30 * min - 400, '30 min'],
    [60 * min, '1 h'],
    [90 * min, '1 h 30 min'],
    [240 * min, '4 h'],
    [59.8 * min, '1 h'],
  ])('%i ms is told as %j', (ms, text) => expect(lengthText(ms)).toBe(text));
});

describe('a length of time of any size', () => {
  it.each([
    ['0s', 0],
    ['1s', 1_000],
    ['48h', 2_880 * min],
    ['1h1m1s', 3_661_000],
    ['999999h', 999_999 * 60 * min],
  ])('%j is %i ms', (text, ms) => expect(parseSpan(text)).toEqual({ms}));

  it.each(['', ' ', '5', 's', '1000000s', '1m1h', '1 m', '-1s', '1.5s', '1d', '１s'])('%j is none', (text) =>
    expect(parseSpan(text)).toEqual({wrong: expect.stringContaining('is no length of time')}),
  );

  it('that is none is named, and not the whole of it where it is long', () => {
    const {wrong} = parseSpan('x'.repeat(5_000)) as {wrong: string};
    expect(wrong.length).toBeLessThan(120);
  });
});
