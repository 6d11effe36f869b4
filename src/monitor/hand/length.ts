import {longestPauseMs} from '../control.js';

const unitMs = {h: 3_600_000, m: 60_000, s: 1000} as const;
const shortestPauseMs = unitMs.m;

/** A length of time: `30m`, `2h`, `90s`, `1h30m`; ms, or one sentence why it is none. */
export function parseSpan(text: string): {ms: number} | {wrong: string} {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m(?:in)?)?(?:(\d{1,6})s)?$/.exec(text.trim());
  if (!match || text.trim() === '') {
    const unit = /^\d+$/.test(text.trim()) ? ` It needs a unit: ${text.trim()}m is minutes.` : '';
    return {wrong: `"${text.slice(0, 40)}" is no length of time: say 30m, 2h, 90s or 1h30m.${unit}`};
  }
  const [, h = 0, m = 0, s = 0] = match;
  return {ms: Number(h) * unitMs.h + Number(m) * unitMs.m + Number(s) * unitMs.s};
}

/** How long a pause is to last; ms, or one sentence why not. */
export function parseLength(text: string): {ms: number} | {wrong: string} {
  const span = parseSpan(text);
  if ('wrong' in span) return span;
  const {ms} = span;
  if (ms < shortestPauseMs)
    return {wrong: 'A pause lasts at least 1m: the monitor needs longer than that to call a primary dead.'};
  if (ms > longestPauseMs)
    return {
      wrong: `A pause lasts at most ${lengthText(longestPauseMs)}, so that one that is forgotten leaves the pair unprotected no longer than that. For more, pause again later.`,
    };
  return span;
}

/** A length from ms without needless zeros: `30 min`, `1 h 30 min`, `90 s`, `4 h`. */
export function lengthText(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  // Up to two minutes seconds are still what one counts in.
  if (s < 120 && s % 60 !== 0) return `${s} s`;
  const min = Math.round(s / 60);
  if (min < 60) return s < 600 && s % 60 !== 0 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${min} min`;
  const rest = min % 60;
  return rest === 0 ? `${min / 60} h` : `${Math.floor(min / 60)} h ${rest} min`;
}

/** Local time of day: `14:02`. */
export function timeOfDay(epochMs: number): string {
  const at = new Date(epochMs);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
