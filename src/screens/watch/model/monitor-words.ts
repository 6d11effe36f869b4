import {age, clock, duration} from '../../format.js';
import {doubtWords, holdWords} from './reason-words.js';

/** What the words are made from: a moment of the monitor's live sample, its spans already as old as now, in ms. */
export interface Counting {
  running: boolean;
  state: string;
  inStateMs: number;
  held: string | null;
  pausedLeftMs: number | null;
  pauseWhy: string | null;
  byHand: boolean;
  /** An operator's wish to give back outweighs whatever else keeps it active. */
  failbackAsked: boolean;
  degraded: string | null;
  latchedLeftMs: number | null;
  /** What the bad probes mean, since when they are, and how long that is still given; null: no end of it. */
  reason: string | null;
  badForMs: number | null;
  verdictInMs: number | null;
  good: {count: number; forMs: number} | null;
  rise: {count: number; ms: number} | null;
  minActiveInMs: number | null;
  /** Until a takeover that failed is tried again. */
  retryInMs: number | null;
}

/** Whole seconds that have passed, and those that are left: together they never say more than the span. */
const passed = (ms: number) => Math.floor(ms / 1000);
const left = (ms: number) => Math.ceil(Math.max(0, ms) / 1000);

/** State and what it counts. */
export function monitorWords(now: Counting): string {
  if (!now.running) return 'not running';
  const words = stateWords(now);
  if (now.pausedLeftMs === null) return words;
  const why = now.pauseWhy === null ? '' : `: ${now.pauseWhy}`;
  const paused = `paused, ${span(now.pausedLeftMs)} left${why}`;
  return now.state === 'watching' ? paused : `${words}; ${paused}`;
}

/** `18 min`, `40 s`: rounded up, so that nothing is over before it is. */
const span = (ms: number) => {
  const s = left(ms);
  const min = Math.ceil(s / 60);
  return s < 100 ? `${s} s` : min < 120 ? `${min} min` : duration(min * 60_000);
};

function stateWords(now: Counting): string {
  switch (now.state) {
    case 'suspect':
      return suspectWords(now);
    case 'promoting':
      return `promoting ${clock(now.inStateMs)}`;
    case 'active':
      return activeWords(now);
    case 'recovering':
      return recoveringWords(now);
    case 'demoting':
      return `giving back ${clock(now.inStateMs)}`;
    case 'blocked':
      return now.retryInMs === null ? 'blocked' : `blocked, next try in ${span(now.retryInMs)}`;
    default:
      return now.held === null || now.held === 'paused'
        ? now.state
        : `${now.state}, held: ${holdWords(now.held)}`;
  }
}

function suspectWords({inStateMs, reason, badForMs, verdictInMs, held}: Counting): string {
  const forMs = badForMs ?? inStateMs;
  const why = reason === null ? '' : `: ${doubtWords(reason)}`;
  if (held !== null && held !== 'paused') return `suspect, ${passed(forMs)} s, held back: ${holdWords(held)}`;
  if (verdictInMs === null || held !== null) return `suspect, ${passed(forMs)} s${why}`;
  const whole = Math.max(1, Math.round((forMs + verdictInMs) / 1000));
  return `suspect, ${Math.min(whole, passed(forMs))} of ${whole} s${why}`;
}

function activeWords({inStateMs, byHand, failbackAsked, degraded, latchedLeftMs}: Counting): string {
  if (degraded !== null) return 'active, its channel is not connected';
  if (failbackAsked) return `active ${age(inStateMs)}, gives back when the primary is well`;
  if (latchedLeftMs !== null) return `latched, stays active for ${span(latchedLeftMs)}`;
  return byHand ? 'active by hand' : `active ${age(inStateMs)}`;
}

function recoveringWords(now: Counting): string {
  const {good, rise, held, byHand, failbackAsked} = now;
  const latchedLeftMs = failbackAsked ? null : now.latchedLeftMs;
  const minActiveInMs = failbackAsked ? null : now.minActiveInMs;
  if (latchedLeftMs !== null) return `latched, stays active for ${span(latchedLeftMs)}`;
  if (byHand && !failbackAsked) return 'active by hand';
  const risenInMs = rise === null ? 0 : rise.ms - (good?.forMs ?? 0);
  if (held !== null && held !== 'paused' && risenInMs <= 0) return `recovering, held: ${holdWords(held)}`;
  if (minActiveInMs !== null && minActiveInMs > Math.max(0, risenInMs))
    return `recovering, active for ${left(minActiveInMs)} more s`;
  if (rise === null) return 'recovering';
  const whole = Math.round(rise.ms / 1000);
  const forS = Math.min(whole, passed(good?.forMs ?? 0));
  const count = good?.count ?? 0;
  return forS >= whole && count < rise.count
    ? `recovering ${count}/${rise.count} probes`
    : `recovering ${forS}/${whole} s`;
}
