import {describe, expect, it} from 'vitest';
import {Abort} from '../../../src/errors.js';
import {dueOf, type Due} from '../../../src/drill/due.js';
import {
  closeOf,
  isInside,
  mayRun,
  nextOpening,
  parseWindow,
  windowText,
} from '../../../src/drill/schedule/window.js';
import {momentText} from '../../../src/drill/schedule/when.js';
import {madeReport} from '../made-report.js';

/** Local, as the operator's clock says it. */
const at = (text: string) => new Date(text.replace(' ', 'T'));

describe('a window', () => {
  it.each([
    ['Sun 03:00-05:00', 'Sun 03:00-05:00'],
    ['  sunday 3:00 – 5:30 ', 'Sun 03:00-05:30'],
    ['1st Sun 03:00-05:00', '1st Sun 03:00-05:00'],
    ['4th friday 22:00-24:00', null],
    ['15 03:00-05:00', '15 03:00-05:00'],
    ['2nd 03:00-05:00', '2 03:00-05:00'],
    ['28th 23:30-00:30', '28 23:30-00:30'],
    ['Sat 23:00-00:00', 'Sat 23:00-00:00'],
    ['29 03:00-05:00', null],
    ['0 03:00-05:00', null],
    ['5th Sun 03:00-05:00', null],
    ['1st 15 03:00-05:00', null],
    ['Son 03:00-05:00', null],
    ['Sun 03:00', null],
    ['Sun 3-5', null],
    ['03:00-05:00', null],
    ['Sun 25:00-26:00', null],
    ['Sun 03:60-05:00', null],
    ['Sun 03:00-03:00', null],
    ['Sun 03:00-03:09', null],
    ['Sun 03:00-05:00; reboot', null],
    ['Sun 03:00-05:00\nMon 03:00-05:00', null],
    ['', null],
  ])('%j is read as %j', (text, canonical) => {
    if (canonical !== null) {
      expect(windowText(parseWindow(text))).toBe(canonical);
      expect(parseWindow(canonical)).toEqual(parseWindow(text));
      return;
    }
    const error = (() => {
      try {
        return parseWindow(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(Abort);
    expect(error).toMatchObject({
      exit: 2,
      next: expect.arrayContaining([expect.stringContaining('"Sun 03:00-05:00"')]),
    });
  });

  // 2026-11-29 is a Sunday, the fifth of its month; 2026-12-06 is a first one.
  it.each([
    ['Sun 03:00-05:00', '2026-11-29 03:00', true],
    ['Sun 03:00-05:00', '2026-11-29 02:59', false],
    ['Sun 03:00-05:00', '2026-11-29 04:59', true],
    ['Sun 03:00-05:00', '2026-11-29 05:00', false],
    ['Sun 03:00-05:00', '2026-11-28 04:00', false],
    ['1st Sun 03:00-05:00', '2026-11-29 04:00', false],
    ['1st Sun 03:00-05:00', '2026-12-06 04:00', true],
    ['1st Sun 03:00-05:00', '2026-12-13 04:00', false],
    ['2nd Sun 03:00-05:00', '2026-12-13 04:00', true],
    ['15 03:00-05:00', '2026-12-15 04:00', true],
    ['15 03:00-05:00', '2026-12-16 04:00', false],
    ['Sat 23:00-01:00', '2026-11-28 23:30', true],
    ['Sat 23:00-01:00', '2026-11-29 00:59', true],
    ['Sat 23:00-01:00', '2026-11-29 01:00', false],
    ['Sat 23:00-01:00', '2026-11-28 00:30', false],
    ['1st Sat 23:00-01:00', '2026-12-06 00:30', true],
    // Sunday the 13th follows the second Saturday.
    ['1st Sat 23:00-01:00', '2026-12-13 00:30', false],
  ])('%s: %s is inside: %s', (text, moment, inside) => {
    expect(isInside(parseWindow(text), at(moment))).toBe(inside);
  });

  it.each([
    ['Sun 03:00-05:00', '2026-11-27 12:00', 'Sun 2026-11-29 03:00'],
    ['Sun 03:00-05:00', '2026-11-29 02:59', 'Sun 2026-11-29 03:00'],
    ['Sun 03:00-05:00', '2026-11-29 03:00', 'Sun 2026-12-06 03:00'],
    ['1st Sun 03:00-05:00', '2026-11-27 12:00', 'Sun 2026-12-06 03:00'],
    ['4th Thu 03:00-05:00', '2026-11-27 12:00', 'Thu 2026-12-24 03:00'],
    ['15 03:00-05:00', '2026-12-31 12:00', 'Fri 2027-01-15 03:00'],
    ['28 03:00-05:00', '2027-01-28 12:00', 'Sun 2027-02-28 03:00'],
  ])('%s opens after %s on %s', (text, moment, opening) => {
    expect(momentText(nextOpening(parseWindow(text), at(moment)))).toBe(opening);
  });

  it('may close on the day after', () => {
    const window = parseWindow('Sat 23:00-01:00');
    expect(momentText(closeOf(window, at('2026-11-28 23:00')))).toBe('Sun 2026-11-29 01:00');
  });
});

describe('a drill that nobody asked for', () => {
  const passed = (text: string, now: Date): Due =>
    dueOf([madeReport(at(text).toISOString(), 'passed')], now.getTime());

  it.each([
    ['begins where none has passed yet', 'Sun 03:00-05:00', '2026-11-29 03:00', null, 'run'],
    ['never begins outside its window', 'Sun 03:00-05:00', '2026-11-29 09:00', null, 'outside'],
    [
      'of a weekly window waits three weeks',
      'Sun 03:00-05:00',
      '2026-11-29 03:00',
      '2026-11-08 03:20',
      'fresh',
    ],
    [
      'of a weekly window begins in the fourth',
      'Sun 03:00-05:00',
      '2026-11-29 03:00',
      '2026-11-01 03:20',
      'run',
    ],
    [
      'of a monthly window begins after 28 days',
      '1st Sun 03:00-05:00',
      '2026-12-06 03:00',
      '2026-11-08 03:20',
      'run',
    ],
    [
      'of a monthly window begins after 35 days',
      '1st Sun 03:00-05:00',
      '2026-12-06 03:00',
      '2026-11-01 03:20',
      'run',
    ],
    [
      'begins in March, 28 days after February',
      '15 03:00-05:00',
      '2027-03-15 03:00',
      '2027-02-15 03:20',
      'run',
    ],
    [
      'does not begin twice in a window',
      '1st Sun 03:00-05:00',
      '2026-12-06 04:00',
      '2026-12-06 03:20',
      'fresh',
    ],
    [
      'does not begin days after one by hand',
      '1st Sun 03:00-05:00',
      '2026-12-06 03:00',
      '2026-12-01 12:00',
      'fresh',
    ],
  ])('%s', (_, text, moment, passedAt, outcome) => {
    const now = at(moment);
    const due = passedAt === null ? dueOf([], now.getTime()) : passed(passedAt, now);
    const may = mayRun(parseWindow(text), due, now);
    expect(may.run ? 'run' : may.why).toBe(outcome);
    if (!may.run) expect(may.say).toMatch(/opens again \w{3} \d{4}-/);
  });

  it('does not begin after one that failed, until somebody has looked', () => {
    const now = at('2026-11-29 03:00');
    const failed = dueOf(
      [madeReport('2026-10-01T03:20:00Z', 'passed'), madeReport('2026-11-22T03:20:00Z', 'failed')],
      now.getTime(),
    );
    expect(mayRun(parseWindow('Sun 03:00-05:00'), failed, now)).toMatchObject({run: false, why: 'failed'});
  });

  it('is made about each month, whatever the window', () => {
    for (const text of ['Sun 03:00-05:00', '1st Sun 03:00-05:00', '15 03:00-05:00']) {
      const window = parseWindow(text);
      let now = at('2026-01-01 00:00');
      const runs: Date[] = [];
      while (runs.length < 24) {
        now = nextOpening(window, now);
        const last = runs.at(-1);
        const due = dueOf(
          last ? [madeReport(new Date(last.getTime() + 900_000).toISOString(), 'passed')] : [],
          now.getTime(),
        );
        if (mayRun(window, due, now).run) runs.push(now);
      }
      const days = runs
        .slice(1)
        .map((run, index) => Math.round((run.getTime() - runs[index]!.getTime()) / 86_400_000));
      expect(Math.min(...days)).toBeGreaterThanOrEqual(28);
      expect(Math.max(...days)).toBeLessThanOrEqual(35);
    }
  });
});
