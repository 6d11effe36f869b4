import {describe, expect, it} from 'vitest';
import {askClock, askClocks, clockNotes, clockOf, type Asked} from '../../src/drill/clocks.js';
import type {Host, HostName} from '../../src/ssh/host.js';

/** Questions to a host `offsetMs` ahead; the way there and back takes `there` and `back` ms. */
const asked = (offsetMs: number, ways: readonly (readonly [there: number, back: number])[]): Asked[] =>
  ways.map(([there, back], index) => {
    const sentMs = 1_000_000 + index * 1_000;
    return {sentMs, hostMs: sentMs + there + offsetMs, receivedMs: sentMs + there + back};
  });

describe('how far the clock of a host is ahead', () => {
  it.each([
    ['nothing on the way', 0, [[0, 0]], 0],
    [
      'a near host',
      3_000,
      [
        [2, 2],
        [3, 1],
      ],
      1.5,
    ],
    [
      '300 ms there and back',
      -2_400_000,
      [
        [150, 150],
        [160, 140],
        [140, 160],
      ],
      140,
    ],
    ['300 ms that are all of the way back', 40, [[0, 300]], 150],
    [
      'one that is slow and one that is quick',
      12,
      [
        [400, 900],
        [3, 5],
      ],
      4,
    ],
    [
      'two that are slow each in another direction',
      12,
      [
        [400, 2],
        [2, 400],
      ],
      2,
    ],
  ] as [string, number, [number, number][], number][])('%s', (_, offsetMs, ways, uncertaintyMs) => {
    const clock = clockOf(asked(offsetMs, ways));
    // Whatever the way does, it lies within what is said of it.
    expect(Math.abs(clock.offsetMs - offsetMs)).toBeLessThanOrEqual(clock.uncertaintyMs);
    expect(clock.uncertaintyMs).toBe(uncertaintyMs);
  });

  it('is never known worse for having asked more often', () => {
    const ways = Array.from({length: 20}, (_, n) => [(n * 7919) % 307, (n * 104_729) % 293] as const);
    const known = ways.map((__, n) => clockOf(asked(5_000, ways.slice(0, n + 1))).uncertaintyMs);
    expect(known).toEqual(known.toSorted((a, b) => b - a));
  });

  it('is that of the quickest question where it was set in between', () => {
    const [before] = asked(0, [[20, 20]]);
    const [, after] = asked(60_000, [
      [9, 9],
      [5, 5],
    ]);
    expect(clockOf([before!, after!])).toEqual({offsetMs: 60_000, uncertaintyMs: 5});
  });

  it('is not known without a question', () => expect(() => clockOf([])).toThrow(TypeError));
});

/** A host that says its time, `offsetMs` ahead; both ways take 150 ms of the clock that the test holds. */
function away(name: HostName, offsetMs: number, say = (ms: number) => `${Math.round(ms)}000000\n`) {
  let nowMs = 1_795_732_000_000;
  const host = {
    name,
    run: async () => {
      nowMs += 150;
      const stdout = say(nowMs + offsetMs);
      nowMs += 150;
      return {code: 0, timedOut: false, stdout, stderr: '', tookMs: 300};
    },
  } as unknown as Host;
  return {host, now: () => nowMs};
}

describe('asking a host', () => {
  it('finds its clock behind 300 ms of latency', async () => {
    const {host, now} = away('standby', 3_000);
    expect(await askClock(host, now)).toEqual({offsetMs: 3_000, uncertaintyMs: 150});
  });

  it.each([
    ['a date without nanoseconds', () => '1795732194N\n'],
    ['seconds alone', () => '1795732194\n'],
    ['something else', () => 'Thu Nov 26\n'],
    ['nothing', () => ''],
  ])('whose date says %s leaves it unknown', async (_, say) => {
    const {host, now} = away('standby', 0, say);
    expect(await askClock(host, now)).toEqual({offsetMs: 0, uncertaintyMs: Infinity});
  });

  it('asks both, each for its own', async () => {
    const clocks = await askClocks({
      primary: away('primary', 0, () => `${Date.now() + 5_000}000000`).host,
      standby: away('standby', 0, () => `${Date.now() - 5_000}000000`).host,
    });
    expect(clocks.primary.offsetMs).toBeGreaterThan(4_900);
    expect(clocks.standby.offsetMs).toBeLessThan(-4_900);
  });
});

describe('clocks that are set during a drill', () => {
  const at = (primary: number, standby: number) => ({
    primary: {offsetMs: primary, uncertaintyMs: 2},
    standby: {offsetMs: standby, uncertaintyMs: 2},
  });
  it('are told where the figures would not agree within half a second', () => {
    expect(clockNotes({driftMs: 0, before: at(10, -5), again: at(400, -5)})).toEqual([]);
    expect(clockNotes({driftMs: -900, before: at(0, 0), again: at(0, 3_000)})).toEqual([
      expect.stringContaining('this machine was set, or it slept'),
      'The clock of the standby was set by 3000 ms during the drill.',
    ]);
  });
  it('are not known where the hosts cannot be asked any more', () =>
    expect(clockNotes({driftMs: 0, before: at(0, 0), again: undefined})).toEqual([]));
});
