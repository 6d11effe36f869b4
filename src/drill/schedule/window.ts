import {Abort, Exit} from '../../errors.js';
import type {Due} from '../due.js';
import {freshMs} from '../due.js';
import {dateText, dayText, isOn, momentText, nextOf, timeText, weekdays, type Day} from './when.js';

/** When a drill may begin without anybody asking for it. Minutes since midnight of the day it opens. */
export interface Window {
  day: Exclude<Day, {on: 'every'}>;
  from: number;
  /** Past 24 × 60 when it closes on the day after. */
  to: number;
}

const dayMinutes = 24 * 60;
/** Minutes; a timer is a little late, and a drill looks at both hosts before it begins. */
const shortest = 10;
const form = /^(?:(1st|2nd|3rd|4th)\s+)?(?:([a-z]{3,9})|(\d{1,2})(?:st|nd|rd|th)?)\s+(\S+?)\s*[-–]\s*(\S+)$/i;

/**
 * `Sun 03:00-05:00`, `1st Sun 03:00-05:00` (of each month) or `15 03:00-05:00` (day 15 of each month); one that ends
 * before it begins ends on the next day.
 * @throws Abort (exit 2) when it is none of these
 */
export function parseWindow(text: string): Window {
  const [, ordinal, name, date, begin = '', end = ''] = form.exec(text.trim()) ?? [];
  if (name === undefined && date === undefined) throw wrong(text, 'is no maintenance window');
  const day = date === undefined ? weekdayOf(text, name ?? '', ordinal) : dateOf(text, date, ordinal);
  const [from, until] = [parseTime(begin), parseTime(end)];
  if (from === undefined) throw wrong(text, `begins at no time of day ("${begin.slice(0, 20)}")`);
  if (until === undefined) throw wrong(text, `ends at no time of day ("${end.slice(0, 20)}")`);
  if (until === from) throw wrong(text, 'ends when it begins');
  const to = until > from ? until : until + dayMinutes;
  if (to - from < shortest) throw wrong(text, `is shorter than ${shortest} minutes`);
  return {day, from, to};
}

/** Minutes since midnight from `3:00` or `03:00`. */
export function parseTime(text: string): number | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

function weekdayOf(text: string, name: string, ordinal: string | undefined): Window['day'] {
  const long = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  const weekday = long.findIndex(
    (one, index) => one === name.toLowerCase() || weekdays[index]?.toLowerCase() === name.toLowerCase(),
  );
  if (weekday < 0) throw wrong(text, `names no day of the week ("${name}")`);
  return {on: 'weekday', weekday, nth: ordinal === undefined ? null : Number(ordinal[0])};
}

function dateOf(text: string, date: string, ordinal: string | undefined): Window['day'] {
  const number = Number(date);
  if (ordinal !== undefined || number < 1 || number > 28)
    throw wrong(text, 'names no day of the month from 1 to 28, which every month has');
  return {on: 'date', date: number};
}

const wrong = (text: string, why: string) =>
  new Abort(`The window "${text.slice(0, 60)}" ${why}.`, {
    next: [
      'Each Sunday: --window "Sun 03:00-05:00"',
      'The first Sunday of each month: --window "1st Sun 03:00-05:00"',
      'Day 15 of each month: --window "15 03:00-05:00"',
    ],
    exit: Exit.usage,
  });

/** As `parseWindow` reads it. */
export const windowText = ({day, from, to}: Window) =>
  `${dayText(day)} ${timeText(from)}-${timeText(to % dayMinutes)}`;

/** The opening of a window that `date` is in, its close being outside; undefined: it is in none. By the local clock. */
export function openingAt({day, from, to}: Window, date: Date): Date | undefined {
  const minute = date.getHours() * 60 + date.getMinutes();
  for (const before of [0, 1]) {
    const noon = new Date(date.getFullYear(), date.getMonth(), date.getDate() - before, 12);
    const since = minute + before * dayMinutes;
    if (!isOn(day, noon) || since < from || since >= to) continue;
    return new Date(noon.getFullYear(), noon.getMonth(), noon.getDate(), 0, from);
  }
  return undefined;
}

/** Whether an unasked drill may begin at `date`, by the local clock. */
export const isInside = (window: Window, date: Date) => openingAt(window, date) !== undefined;

/** The first opening after `after`. */
export const nextOpening = ({day, from}: Window, after: Date) => nextOf({day, minute: from}, after);

/** When the window that opens at `opening` closes. */
export const closeOf = ({to}: Window, opening: Date) =>
  new Date(opening.getFullYear(), opening.getMonth(), opening.getDate(), 0, to);

export type MayRun =
  | {run: true}
  /** `outside`: somebody's timer is late; `fresh`: one has passed lately enough; `failed`: somebody has to look first. */
  | {run: false; why: 'outside' | 'fresh' | 'failed'; say: string};

/**
 * Whether a drill that nobody asks for begins now. A window is used when the next one would come after a drill is
 * due, so that one that opens each week is used every four weeks. Pure.
 */
export function mayRun(window: Window, due: Due, now: Date): MayRun {
  if (!isInside(window, now))
    return {
      run: false,
      why: 'outside',
      say: `It is ${momentText(now)}, outside the window ${windowText(window)}: no drill was begun. It opens again ${momentText(nextOpening(window, now))}.`,
    };
  const {newest, failed, passedMs, dueMs} = due;
  if (failed)
    return {
      run: false,
      why: 'failed',
      say: `A drill failed (the newest is ${newest?.id ?? 'not known'}): none is begun unasked until one that was asked for has passed.`,
    };
  if (passedMs === null || dueMs === null) return {run: true};
  const next = nextOpening(window, now);
  if (now.getTime() - passedMs >= freshMs && next.getTime() > dueMs) return {run: true};
  return {
    run: false,
    why: 'fresh',
    say: `A drill passed on ${dateText(new Date(passedMs))}: none is needed now. The window opens again ${momentText(next)}.`,
  };
}
