import {describe, expect, it} from 'vitest';
import {scheduleOf, type Asked} from '../../../src/drill/schedule/asked.js';
import {calendarFile, folded} from '../../../src/drill/schedule/ics.js';

interface Component {
  name: string;
  fields: Record<string, string>;
  parts: Component[];
}

/** A reader of RFC 5545 that refuses what is not of its form. */
function parse(text: string): Component {
  if (!text.endsWith('\r\n') || /[^\r]\n|\r[^\n]/.test(text)) throw new Error('a line does not end in CRLF');
  const raw = text.slice(0, -2).split('\r\n');
  for (const line of raw) if (Buffer.byteLength(line) > 75) throw new Error(`longer than 75 octets: ${line}`);
  const lines: string[] = [];
  for (const line of raw) {
    if (line.startsWith(' ')) lines[lines.length - 1] += line.slice(1);
    else lines.push(line);
  }
  const root: Component = {name: '', fields: {}, parts: []};
  const open = [root];
  for (const line of lines) {
    const match = /^([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)$/.exec(line);
    if (!match) throw new Error(`no content line: ${line}`);
    const [, name = '', , value = ''] = match;
    const inner = open.at(-1)!;
    if (name === 'BEGIN') {
      const part = {name: value, fields: {}, parts: []};
      inner.parts.push(part);
      open.push(part);
    } else if (name === 'END') {
      if (open.pop()?.name !== value) throw new Error(`ends what is not open: ${value}`);
    } else {
      if (name in inner.fields) throw new Error(`twice: ${name}`);
      inner.fields[name] = value;
    }
  }
  if (open.length !== 1 || root.parts.length !== 1) throw new Error('not one calendar');
  return root.parts[0]!;
}

const text = (value = '') => value.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));

const nowMs = new Date(2026, 10, 27, 12, 0).getTime();
const made = (asked: Asked, dueMs: number | null = null, pair = 'home') =>
  parse(calendarFile(scheduleOf(asked, pair), {dueMs, nowMs, version: '0.1.0'}));

describe('the calendar file', () => {
  it('has one event with two alarms', () => {
    const calendar = made({});
    expect(calendar).toMatchObject({name: 'VCALENDAR', fields: {VERSION: '2.0', PRODID: expect.any(String)}});
    const [event] = calendar.parts;
    expect(event?.name).toBe('VEVENT');
    expect(event?.fields).toMatchObject({
      UID: 'drill-home@failover-wizard',
      DTSTAMP: expect.stringMatching(/^\d{8}T\d{6}Z$/),
      SUMMARY: 'Failover drill of home',
    });
    expect(text(event?.fields['DESCRIPTION'])).toMatch(/\n\nfailover-wizard drill --pair home$/);
    expect(event?.parts.map(({name, fields}) => [name, fields['ACTION'], fields['TRIGGER']])).toEqual([
      ['VALARM', 'DISPLAY', '-P1D'],
      ['VALARM', 'DISPLAY', 'PT0S'],
    ]);
  });

  const due = (month: number, date: number) => new Date(2026, month - 1, date, 14, 0).getTime();
  it.each<[string, Asked, number | null, string, string, string]>([
    [
      'each month on a day',
      {day: '5', at: '7:05'},
      null,
      '20261205T070500',
      'FREQ=MONTHLY;BYMONTHDAY=5',
      'PT30M',
    ],
    [
      'from tomorrow month on, where the time of today is over',
      {},
      null,
      '20261227T100000',
      'FREQ=MONTHLY;BYMONTHDAY=27',
      'PT30M',
    ],
    [
      'today still, where it is not',
      {at: '23:00'},
      null,
      '20261127T230000',
      'FREQ=MONTHLY;BYMONTHDAY=27',
      'PT30M',
    ],
    [
      'first on the day on which one is due',
      {},
      due(12, 10),
      '20261210T100000',
      'FREQ=MONTHLY;BYMONTHDAY=10',
      'PT30M',
    ],
    [
      'rather before than after one is due',
      {},
      due(12, 30),
      '20261228T100000',
      'FREQ=MONTHLY;BYMONTHDAY=28',
      'PT30M',
    ],
    [
      'soon where one is overdue',
      {at: '23:00'},
      due(10, 3),
      '20261127T230000',
      'FREQ=MONTHLY;BYMONTHDAY=27',
      'PT30M',
    ],
    [
      'as a window opens each month',
      {window: '1st Sun 03:00-05:00'},
      null,
      '20261206T030000',
      'FREQ=MONTHLY;BYDAY=1SU',
      'PT120M',
    ],
    [
      'as a window opens each week',
      {window: 'Sat 23:00-01:00'},
      null,
      '20261128T230000',
      'FREQ=WEEKLY;BYDAY=SA',
      'PT120M',
    ],
  ])('comes round %s', (_, asked, dueMs, start, rule, length) => {
    const fields = made(asked, dueMs).parts[0]?.fields;
    expect({start: fields?.['DTSTART'], rule: fields?.['RRULE'], length: fields?.['DURATION']}).toEqual({
      start,
      rule,
      length,
    });
  });

  it('is the same event when it is made again, and another for another pair', () => {
    expect(made({day: '1'}).parts[0]?.fields['UID']).toBe(made({day: '2'}).parts[0]?.fields['UID']);
    expect(made({}, null, 'other').parts[0]?.fields['UID']).not.toBe(made({}).parts[0]?.fields['UID']);
  });

  it('escapes text and folds lines', () => {
    const long = 'a'.repeat(32);
    expect(made({window: '1st Sun 03:00-05:00'}, null, long).parts[0]?.fields['DESCRIPTION']).toContain(
      'by itself',
    );
    expect(calendarFile(scheduleOf({}, 'home'), {dueMs: null, nowMs, version: '1;2,3\\4'})).toContain(
      '//1\\;2\\,3\\\\4//',
    );
  });

  it.each(['x'.repeat(74), 'x'.repeat(75), 'x'.repeat(76), 'x'.repeat(400), 'é😀'.repeat(60)])(
    'folds %s within 75 octets, never within a character',
    (line) => {
      const lines = folded(line).split('\r\n');
      expect(Math.max(...lines.map((one) => Buffer.byteLength(one)))).toBeLessThanOrEqual(75);
      expect(lines.map((one, index) => (index === 0 ? one : one.slice(1))).join('')).toBe(line);
      expect(folded(line)).not.toContain('\ufffd');
    },
  );
});
