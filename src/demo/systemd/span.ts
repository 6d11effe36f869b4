const unitsUs: Readonly<Record<string, number>> = {
  us: 1,
  usec: 1,
  ms: 1e3,
  msec: 1e3,
  s: 1e6,
  sec: 1e6,
  second: 1e6,
  seconds: 1e6,
  m: 6e7,
  min: 6e7,
  minute: 6e7,
  minutes: 6e7,
  h: 3.6e9,
  hr: 3.6e9,
  hour: 3.6e9,
  hours: 3.6e9,
  d: 8.64e10,
  day: 8.64e10,
  days: 8.64e10,
  w: 6.048e11,
  week: 6.048e11,
  weeks: 6.048e11,
  M: 2.6298e12,
  month: 2.6298e12,
  months: 2.6298e12,
  y: 3.15576e13,
  year: 3.15576e13,
  years: 3.15576e13,
};

/** µs of a span as systemd.time(7) reads it; a bare number is seconds; undefined: it is none. Pure. */
export function spanUs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'infinity') return Infinity;
  if (!/^(?:\d+(?:\.\d+)?\s*[a-zA-Z]*\s*)+$/.test(trimmed)) return undefined;
  let sum = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-zA-Z]*)/g)) {
    const each = unit === '' ? 1e6 : Object.hasOwn(unitsUs, unit!) ? unitsUs[unit!] : undefined;
    if (each === undefined) return undefined;
    sum += Number(number) * each;
  }
  return Math.round(sum);
}

const steps = [
  ['y', 3.15576e13],
  ['month', 2.6298e12],
  ['w', 6.048e11],
  ['d', 8.64e10],
  ['h', 3.6e9],
  ['min', 6e7],
  ['s', 1e6],
  ['ms', 1e3],
  ['us', 1],
] as const;

/** As `systemctl show` prints a span: `1h 2min 3.004000s`; below a minute the rest is a fraction. Pure. */
export function spanText(us: number): string {
  if (!Number.isFinite(us)) return 'infinity';
  let left = Math.round(us);
  if (left <= 0) return '0';
  const words: string[] = [];
  for (const [name, size] of steps) {
    if (left < size) continue;
    if (left < 6e7 && size > 1 && left % size !== 0) {
      const digits = String(size).length - 1;
      const fraction = String(left % size).padStart(digits, '0');
      words.push(`${Math.floor(left / size)}.${fraction}${name}`);
      break;
    }
    words.push(`${Math.floor(left / size)}${name}`);
    left %= size;
    if (left === 0) break;
  }
  return words.join(' ');
}

/** As in `17s ago`, `4min 2s left`: the two largest parts. Pure. */
export const roughSpan = (us: number): string => {
  const each = us < 1e6 ? 1e3 : 1e6;
  return spanText(Math.max(0, Math.floor(us / each)) * each)
    .split(' ')
    .slice(0, 2)
    .join(' ');
};

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (number: number) => String(number).padStart(2, '0');

/** `Fri 2026-11-27 17:16:45 UTC`: the hosts' clocks show UTC. */
export function stampText(ms: number): string {
  const at = new Date(ms);
  return `${days[at.getUTCDay()]} ${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} UTC`;
}
