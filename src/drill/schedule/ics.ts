import type {Schedule} from './job.js';
import {nextOf, type When} from './when.js';
import {windowText} from './window.js';

/** Minutes that a drill is given in the calendar. */
const drillMinutes = 30;

/**
 * A calendar file (RFC 5545) with the drill of a pair, each month, or as its window opens. Times are floating: ten
 * o'clock is ten o'clock wherever the calendar is.
 * @param dueMs epoch ms; without a day of the month, the first one is on the day on which the next drill is due
 * @param nowMs epoch ms of the writing
 */
export function calendarFile(
  {pair, remind, run}: Schedule,
  {dueMs, nowMs, version}: {dueMs: number | null; nowMs: number; version: string},
): string {
  const {when, after} = run
    ? {when: {day: run.window.day, minute: run.window.from}, after: nowMs}
    : monthly(remind, {dueMs, nowMs});
  const start = nextOf(when, new Date(after));
  const minutes = run ? run.window.to - run.window.from : drillMinutes;
  const text =
    run === null
      ? `Once a month the way from the primary to the standby is gone for real.\n\nfailover-wizard drill --pair ${pair}`
      : `A drill begins by itself within this window (${windowText(run.window)}) when one is due.\n\nBy hand: failover-wizard drill --pair ${pair}`;
  const alarm = (trigger: string) => [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(`Failover drill of ${pair}`)}`,
    `TRIGGER:${trigger}`,
    'END:VALARM',
  ];
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//failover-wizard//${escaped(version)}//EN`,
    'BEGIN:VEVENT',
    // The same for the pair each time, so that a calendar replaces what it has.
    `UID:drill-${pair}@failover-wizard`,
    `DTSTAMP:${stamp(new Date(nowMs).toISOString())}Z`,
    `DTSTART:${floating(start)}`,
    `DURATION:PT${minutes}M`,
    `RRULE:${ruleOf(when)}`,
    `SUMMARY:${escaped(`Failover drill of ${pair}`)}`,
    `DESCRIPTION:${escaped(text)}`,
    'TRANSP:TRANSPARENT',
    ...alarm('-P1D'),
    ...alarm('PT0S'),
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

const icsDays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** A look every day is nothing for a calendar: it becomes a day that every month has, and is due first. */
function monthly(
  remind: When,
  {dueMs, nowMs}: {dueMs: number | null; nowMs: number},
): {when: When; after: number} {
  if (remind.day.on !== 'every') return {when: remind, after: nowMs};
  const first = new Date(Math.max(dueMs ?? nowMs, nowMs));
  const date = Math.min(28, first.getDate());
  const begin = new Date(first.getFullYear(), first.getMonth(), date).getTime();
  return {when: {...remind, day: {on: 'date', date}}, after: Math.max(nowMs, begin - 1)};
}

function ruleOf({day}: When): string {
  if (day.on === 'every') return 'FREQ=DAILY';
  if (day.on === 'date') return `FREQ=MONTHLY;BYMONTHDAY=${day.date}`;
  const name = icsDays[day.weekday];
  return day.nth === null ? `FREQ=WEEKLY;BYDAY=${name}` : `FREQ=MONTHLY;BYDAY=${day.nth}${name}`;
}

/** `20261127T100000` from an ISO time. */
const stamp = (iso: string) => iso.replaceAll(/[-:]|\.\d+|Z/g, '');

const floating = (date: Date) =>
  stamp(new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString());

const escaped = (text: string) =>
  text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r?\n/g, '\\n');

/** Lines of at most 75 octets; the next ones begin with a blank. Never within a character. */
export function folded(line: string): string {
  const lines: string[] = [];
  let part = '';
  for (const character of line) {
    const room = lines.length === 0 ? 75 : 74;
    if (Buffer.byteLength(part + character) > room) {
      lines.push(part);
      part = '';
    }
    part += character;
  }
  return [...lines, part].join('\r\n ');
}
