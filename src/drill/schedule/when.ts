/** On which days something comes round, in the operator's own time. */
export type Day =
  | {on: 'every'}
  /** 1 to 28, so that every month has it. */
  | {on: 'date'; date: number}
  /** 0 is Sunday, as `Date` has it; `nth` (1 to 4) is the first, second … of its month, null: each one. */
  | {on: 'weekday'; weekday: number; nth: number | null};

/** A moment that comes round. */
export interface When {
  day: Day;
  /** Minutes since midnight. */
  minute: number;
}

export const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const ordinals = ['1st', '2nd', '3rd', '4th'] as const;

const two = (number: number) => String(number).padStart(2, '0');

/** `03:05` from minutes since midnight. */
export const timeText = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** `Sun`, `1st Sun`, `15`; every day: nothing. */
export function dayText(day: Day): string {
  if (day.on === 'every') return '';
  if (day.on === 'date') return String(day.date);
  return [...(day.nth === null ? [] : [ordinals[day.nth - 1]]), weekdays[day.weekday]].join(' ');
}

/** For sentences: `every day at 10:00`, `on day 15 of each month at 10:00`, `each 1st Sun of a month at 03:00`. */
export function whenText({day, minute}: When): string {
  const at = `at ${timeText(minute)}`;
  if (day.on === 'every') return `every day ${at}`;
  if (day.on === 'date') return `on day ${day.date} of each month ${at}`;
  return day.nth === null ? `each ${dayText(day)} ${at}` : `each ${dayText(day)} of a month ${at}`;
}

/** Whether `date`, in local time, is one of the days. */
export function isOn(day: Day, date: Date): boolean {
  if (day.on === 'every') return true;
  if (day.on === 'date') return date.getDate() === day.date;
  return date.getDay() === day.weekday && (day.nth === null || Math.ceil(date.getDate() / 7) === day.nth);
}

/** The first such moment after `after`. Where the clock is put forward over it, it is as much later, as `Date` has it. */
export function nextOf({day, minute}: When, after: Date): Date {
  // The day before too: one that began yesterday may have been moved over midnight.
  for (let ahead = -1; ahead <= 62; ahead++) {
    const [year, month, date] = [after.getFullYear(), after.getMonth(), after.getDate() + ahead];
    const moment = new Date(year, month, date, Math.floor(minute / 60), minute % 60);
    if (isOn(day, new Date(year, month, date, 12)) && moment > after) return moment;
  }
  throw new Error('a day that never comes');
}

/** `Sun 2026-11-29 03:00`, local. */
export const momentText = (date: Date) =>
  `${weekdays[date.getDay()]} ${dateText(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;

/** `2026-11-29`, local. */
export const dateText = (date: Date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
