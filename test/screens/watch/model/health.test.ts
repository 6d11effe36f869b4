import {describe, expect, test} from 'vitest';
import {historyAfter, longestHistory, type History} from '../../../../src/screens/watch/model/health.js';
import type {LiveTold} from '../../../../src/sampler/told.js';
import {liveTold} from './playing.js';

const intervalMs = 5_000;
/** What the probes of a whole day answered: ms, now and then nothing. */
const probes = Array.from({length: 3_000}, (_, index) =>
  index % 37 === 5 ? null : 2 + ((index * 7919) % 97),
);

/** live.json `lateMs` after probe `n`; `since`: the first probe that this monitor made. */
function liveAt(n: number, {lateMs = 400, since = 0, boot = 'b1'} = {}): LiveTold {
  return liveTold({
    boot,
    ms: n * intervalMs + lateMs,
    probe: {class: probes[n] === null ? 'refused' : 'ok', tookMs: probes[n] ?? 1, detail: '', agoMs: lateMs},
    latencies: probes.slice(Math.max(since, n - 29), n + 1),
  });
}
const heard = (lives: readonly LiveTold[]): History =>
  lives.reduce<History | null>((known, live) => historyAfter(known, live, intervalMs), null)!;
const range = (from: number, to: number) => Array.from({length: to - from}, (_, index) => from + index);

describe('the history of the health', () => {
  test('begins with the probes that the monitor remembers', () => {
    expect(heard([liveAt(50)]).values).toEqual(probes.slice(21, 51));
  });
  test('grows by one with each probe, however often a probe is told', () => {
    const lives = range(50, 90).flatMap((n) => [
      liveAt(n),
      liveAt(n, {lateMs: 1_300}),
      liveAt(n, {lateMs: 4_900}),
    ]);
    expect(heard(lives).values).toEqual(probes.slice(21, 90));
  });
  test('the rounding of two numbers is no probe', () => {
    const live = liveAt(50);
    expect(heard([live, {...live, ms: live.ms + 1}, {...live, ms: live.ms - 1}]).values).toHaveLength(30);
  });
  test.each([1, 2, 5, 20, 29])('%d probes that nobody heard of are filled in, none twice', (missed) => {
    expect(heard([liveAt(50), liveAt(51 + missed)]).values).toEqual(probes.slice(21, 52 + missed));
  });
  test('where it does not reach back it begins anew', () => {
    expect(heard([liveAt(50), liveAt(500)]).values).toEqual(probes.slice(471, 501));
  });
  test('a monitor that starts anew takes nothing from it', () => {
    const lives = [
      ...range(50, 60).map((n) => liveAt(n)),
      ...range(60, 64).map((n) => liveAt(n, {since: 60})),
    ];
    expect(heard(lives).values).toEqual(probes.slice(21, 64));
  });
  test('nor does a host that reboots, whose clock begins at 0', () => {
    const lives = [liveAt(1000), liveAt(3, {since: 2, boot: 'b2'})];
    expect(heard(lives).values).toEqual([...probes.slice(971, 1001), ...probes.slice(2, 4)]);
  });
  test('a primary that is always as quick grows by what has passed', () => {
    const same = (n: number) => ({...liveAt(n), latencies: Array.from({length: 30}, () => 4)});
    const length = heard([same(50), same(60)]).values.length;
    expect(length).toBeGreaterThanOrEqual(38);
    expect(length).toBeLessThanOrEqual(40);
  });
  test('is never longer than it is drawn', () => {
    const {values} = heard(range(30, 2_000).map((n) => liveAt(n)));
    expect(values).toHaveLength(longestHistory);
    expect(values).toEqual(probes.slice(2_000 - longestHistory, 2_000));
  });
  test('a monitor that has not probed yet changes nothing', () => {
    const known = heard([liveAt(50)]);
    expect(historyAfter(known, liveTold({probe: null}), intervalMs)).toBe(known);
  });
});
