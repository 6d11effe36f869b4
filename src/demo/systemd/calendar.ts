const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const named: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: '*-*-* 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
};

/** How far it is looked ahead, in days: February 29. */
const farDays = 366 * 8;

type Fits = (value: number) => boolean;

/**
 * The first moment after `afterMs` (epoch ms) that an `OnCalendar=` means, in UTC, as the hosts' clocks are; of
 * systemd.time(7) everything but `~` and other time zones. undefined: it means none, or cannot be read. Pure.
 */
export function nextOf(text: string, afterMs: number): number | undefined {
  const parts =
    /^(?:([a-z,.]+)\s+)?(?:([\d*,./]+-[\d*,./]+(?:-[\d*,./]+)?)\s*)?(?:([\d*,./]+):([\d*,./]+)(?::([\d*,./]+))?)?(?:\s*UTC)?$/i.exec(
      named[text.trim().toLowerCase()] ?? text.trim(),
    );
  if (!parts) return undefined;
  const [, weekdays, date = '*-*-*', hours = '0', minutes = '0', seconds = '0'] = parts;
  const dates = date.split('-');
  const [year, month, day] = (dates.length === 2 ? ['*', ...dates] : dates).map((one, at) =>
    fits(one, at === 0 ? 1970 : 1),
  );
  const weekday = weekdays === undefined ? () => true : fitsDay(weekdays.toLowerCase());
  const times = timesOf(fits(hours, 0), fits(minutes, 0), fits(seconds, 0));
  const first = new Date(afterMs);
  for (let ahead = 0; ahead < farDays; ahead += 1) {
    const at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate() + ahead));
    if (!year!(at.getUTCFullYear()) || !month!(at.getUTCMonth() + 1) || !day!(at.getUTCDate())) continue;
    if (!weekday(at.getUTCDay())) continue;
    const found = times.find((ms) => at.getTime() + ms > afterMs);
    if (found !== undefined) return at.getTime() + found;
  }
  return undefined;
}

/** ms of the day, in order. */
function timesOf(hour: Fits, minute: Fits, second: Fits): number[] {
  const upTo = (end: number, fit: Fits) => Array.from({length: end}, (_, at) => at).filter((one) => fit(one));
  const seconds = upTo(60, second);
  return upTo(24, hour).flatMap((h) =>
    upTo(60, minute).flatMap((m) => seconds.map((s) => ((h * 60 + m) * 60 + s) * 1000)),
  );
}

/** `*`, `5`, `1,3`, `1..7`, `0/15`. */
function fits(text: string, lowest: number): Fits {
  const tests = text.split(',').map((part): Fits => {
    const [range = '', step] = part.split('/');
    const [low = '', high] = range.split('..');
    const from = low === '*' ? lowest : Number(low);
    const to = high !== undefined ? Number(high) : low === '*' || step !== undefined ? Infinity : from;
    return (value) =>
      value >= from && value <= to && (step === undefined || (value - from) % Number(step) === 0);
  });
  return (value) => tests.some((test) => test(value));
}

function fitsDay(text: string): Fits {
  const of = (name: string) => days.indexOf(name.slice(0, 3));
  const tests = text.split(',').map((part): Fits => {
    const [from = '', to] = part.split('..');
    if (to === undefined) return (value) => value === of(from);
    // A week begins on Monday.
    const at = (day: number) => (day + 6) % 7;
    return (value) => at(value) >= at(of(from)) && at(value) <= at(of(to));
  });
  return (value) => tests.some((test) => test(value));
}
