import {expect, test} from 'vitest';
import {monitorWords, type Counting} from '../../../../src/screens/watch/model/monitor-words.js';

const watching: Counting = {
  running: true,
  state: 'watching',
  inStateMs: 600_000,
  held: null,
  pausedLeftMs: null,
  pauseWhy: null,
  byHand: false,
  failbackAsked: false,
  degraded: null,
  latchedLeftMs: null,
  reason: null,
  badForMs: null,
  verdictInMs: null,
  good: null,
  rise: {count: 3, ms: 30_000},
  minActiveInMs: null,
  retryInMs: null,
};
const suspect: Partial<Counting> = {state: 'suspect', reason: 'silent', badForMs: 2_100, verdictInMs: 9_900};
const recovering: Partial<Counting> = {state: 'recovering', good: {count: 3, forMs: 12_400}};

test.each<[string, Partial<Counting>]>([
  ['watching', {}],
  ['not running', {running: false}],
  ['suspect, 2 of 12 s: silent', suspect],
  ['suspect, 4 s: partition', {state: 'suspect', reason: 'partition', badForMs: 4_000}],
  ['suspect, 2 of 25 s: no answer', {...suspect, reason: 'plain', verdictInMs: 22_900}],
  ['suspect, 0 s', {state: 'suspect', inStateMs: 200}],
  [
    'suspect, 40 s, held back: the standby itself is cut off',
    {...suspect, badForMs: 40_000, held: 'isolated'},
  ],
  [
    'suspect, 40 s: silent; paused, 18 min left: kernel update',
    {
      ...suspect,
      badForMs: 40_000,
      verdictInMs: 0,
      held: 'paused',
      pausedLeftMs: 1_080_000,
      pauseWhy: 'kernel update',
    },
  ],
  ['promoting 0:07', {state: 'promoting', inStateMs: 7_900}],
  ['active 40 min', {state: 'active', inStateMs: 2_410_000}],
  ['active by hand', {state: 'active', byHand: true}],
  ['active by hand', {state: 'recovering', byHand: true}],
  [
    'active 10 min, gives back when the primary is well',
    {state: 'active', byHand: true, failbackAsked: true},
  ],
  ['active, its channel is not connected', {state: 'active', degraded: 'irc: refused', latchedLeftMs: 5}],
  ['latched, stays active for 12 min', {state: 'active', latchedLeftMs: 700_000}],
  ['latched, stays active for 45 s', {...recovering, latchedLeftMs: 44_100}],
  ['recovering 12/30 s', recovering],
  ['recovering 0/30 s', {state: 'recovering'}],
  ['recovering 12/30 s', {...recovering, minActiveInMs: 17_000}],
  ['recovering, active for 40 more s', {...recovering, minActiveInMs: 39_200}],
  ['recovering 12/30 s', {...recovering, minActiveInMs: 39_200, byHand: true, failbackAsked: true}],
  ['recovering 2/3 probes', {state: 'recovering', good: {count: 2, forMs: 31_000}}],
  [
    'recovering, held: failback is manual',
    {state: 'recovering', good: {count: 9, forMs: 40_000}, held: 'manual'},
  ],
  ['recovering', {...recovering, rise: null}],
  ['giving back 0:04', {state: 'demoting', inStateMs: 4_000}],
  ['blocked, next try in 4 min', {state: 'blocked', retryInMs: 239_000}],
  ['blocked', {state: 'blocked'}],
  [
    'paused, 18 min left: kernel update',
    {pausedLeftMs: 1_079_000, pauseWhy: 'kernel update', held: 'paused'},
  ],
  ['paused, 1 s left', {pausedLeftMs: 100}],
  ['paused, 3 h 30 min left: disk', {pausedLeftMs: 12_600_000, pauseWhy: 'disk'}],
  ['watching, held: the standby has just booted', {held: 'booting'}],
  ['watching, held: a word of a newer monitor', {held: 'a word of a newer monitor'}],
])('%s', (words, differing) => {
  expect(monitorWords({...watching, ...differing})).toBe(words);
});
