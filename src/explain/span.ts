import {clock} from '../screens/format.js';

const unitMs = {h: 3_600_000, m: 60_000, s: 1000} as const;

/** A length of time as it is typed: `10s`, `1m30s`, `1.5s`, `900ms`, `2h`; ms, or undefined. */
export function parseSpan(text: string): number | undefined {
  const small = /^(\d{1,9})ms$/.exec(text);
  if (small) return Number(small[1]);
  const match = /^(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,6}(?:\.\d{1,3})?)s)?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, h = 0, m = 0, s = 0] = match;
  return Math.round(Number(h) * unitMs.h + Number(m) * unitMs.m + Number(s) * unitMs.s);
}

/** ms counted from the beginning of a story: `+0.9 s`, `+2:05`, `+1 h 3 min`; ten columns at most. */
export function plus(ms: number): string {
  const size = Math.abs(ms);
  const text = size >= 120_000 && size < 3_600_000 ? clock(size) : spanText(size);
  return `${ms < -50 ? '−' : '+'}${text}`;
}

/** ms for a sentence: `0.9 s`, `30 s`, `2 min 5 s`, `1 h 3 min`. */
export function spanText(ms: number): string {
  const tenths = Math.round(ms / 100);
  if (tenths < 1200)
    return `${tenths % 10 === 0 && tenths >= 100 ? tenths / 10 : (tenths / 10).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  const min = Math.floor(s / 60);
  if (min < 60) return s % 60 === 0 ? `${min} min` : `${min} min ${s % 60} s`;
  return min % 60 === 0 ? `${min / 60} h` : `${Math.floor(min / 60)} h ${min % 60} min`;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Local day from epoch ms: `Fri 27 Nov 2026`. */
export function dayOf(epochMs: number): string {
  const at = new Date(epochMs);
  return `${days[at.getDay()]} ${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}`;
}
