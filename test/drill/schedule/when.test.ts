import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {cronFields} from '../../../src/drill/schedule/cron.js';
import {intervalsOf} from '../../../src/drill/schedule/plist.js';
import {onCalendar} from '../../../src/drill/schedule/units.js';
import {momentText, nextOf, whenText, type When} from '../../../src/drill/schedule/when.js';

const sunday = (nth: number | null): When => ({day: {on: 'weekday', weekday: 0, nth}, minute: 185});
const daily: When = {day: {on: 'every'}, minute: 600};
const fifth: When = {day: {on: 'date', date: 5}, minute: 425};

describe('a moment that comes round', () => {
  it.each([
    [daily, 'every day at 10:00', '*-*-* 10:00:00', '0 10 * * *', [{Hour: 10, Minute: 0}]],
    [
      fifth,
      'on day 5 of each month at 07:05',
      '*-*-05 07:05:00',
      '5 7 5 * *',
      [{Day: 5, Hour: 7, Minute: 5}],
    ],
    [
      sunday(null),
      'each Sun at 03:05',
      'Sun *-*-* 03:05:00',
      '5 3 * * 0',
      [{Weekday: 0, Hour: 3, Minute: 5}],
    ],
    [
      sunday(2),
      'each 2nd Sun of a month at 03:05',
      'Sun *-*-08..14 03:05:00',
      '5 3 8-14 * *',
      [8, 9, 10, 11, 12, 13, 14].map((Day) => ({Day, Hour: 3, Minute: 5})),
    ],
  ])('%j is said as each program wants it', (when, words, calendar, cron, intervals) => {
    expect(whenText(when)).toBe(words);
    expect(onCalendar(when)).toBe(calendar);
    expect(cronFields(when).fields).toBe(cron);
    expect(intervalsOf(when)).toEqual(intervals);
  });

  it('asks for the day of the week itself where cron would take either', () => {
    expect(cronFields(sunday(1)).test).toBe('[ "$(date +%w)" = 0 ] || exit 0; ');
    expect(cronFields(sunday(null)).test).toBe('');
  });

  it('comes after the moment, never at it', () => {
    const ten = new Date(2026, 10, 27, 10, 0);
    expect(momentText(nextOf(daily, ten))).toBe('Sat 2026-11-28 10:00');
    expect(momentText(nextOf(daily, new Date(ten.getTime() - 1)))).toBe('Fri 2026-11-27 10:00');
    expect(momentText(nextOf(fifth, new Date(2026, 11, 31)))).toBe('Tue 2027-01-05 07:05');
  });

  it('is by the local clock, also over a change of it', () => {
    const program = `
      import {nextOf, momentText} from './src/drill/schedule/when.ts';
      import {isInside, parseWindow} from './src/drill/schedule/window.ts';
      const night = {day: {on: 'weekday', weekday: 0, nth: null}, minute: 150};
      const twice = nextOf(night, new Date('2026-10-24T12:00:00Z'));
      const skipped = nextOf(night, new Date('2026-03-28T12:00:00Z'));
      console.log(JSON.stringify([
        momentText(twice), twice.toISOString(), momentText(skipped), skipped.toISOString(),
        isInside(parseWindow('Sun 02:00-04:00'), skipped),
        momentText(nextOf({day: {on: 'every'}, minute: 600}, new Date('2026-03-28T12:00:00Z'))),
      ]));`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: {...process.env, TZ: 'Europe/Berlin'},
    });
    expect(JSON.parse(out)).toEqual([
      'Sun 2026-10-25 02:30',
      '2026-10-25T00:30:00.000Z',
      // 02:30 is not there on that night.
      'Sun 2026-03-29 03:30',
      '2026-03-29T01:30:00.000Z',
      true,
      'Sun 2026-03-29 10:00',
    ]);
  });
});
