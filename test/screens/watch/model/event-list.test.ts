import {describe, expect, test} from 'vitest';
import {
  mostEvents,
  mostLandmarks,
  placeAll,
  withEvent,
  type PlacedEvent,
} from '../../../../src/screens/watch/model/event-list.js';
import {event} from './made-events.js';

const list = (
  events: readonly ReturnType<typeof event>[],
  offsetMs: number | null = 0,
): readonly PlacedEvent[] =>
  events.reduce<readonly PlacedEvent[]>((known, one) => withEvent(known, one, offsetMs), []);
const seqs = (events: readonly PlacedEvent[]) => events.map(({seq}) => seq);

describe('the list of events', () => {
  test('has each once, however often it is told', () => {
    const told = [1, 2, 3, 1, 2, 3, 3, 4].map((seq) => event({seq}));
    expect(seqs(list(told))).toEqual([1, 2, 3, 4]);
  });
  test('is the same list when there is nothing new, so that nobody reckons anew', () => {
    const known = list([event({seq: 1}), event({seq: 2})]);
    expect(withEvent(known, event({seq: 1}), 0)).toBe(known);
  });
  test('is in their order, in whatever order they come', () => {
    expect(seqs(list([5, 2, 9, 1, 7].map((seq) => event({seq}))))).toEqual([1, 2, 5, 7, 9]);
  });
  test('goes by their numbers where the clock was set back between them', () => {
    const told = [event({seq: 1, atMs: 5_000}), event({seq: 3, atMs: 2_000}), event({seq: 2, atMs: 6_000})];
    expect(seqs(list(told))).toEqual([1, 2, 3]);
  });
  test('goes by time from one boot to the next, whose numbers may begin anew', () => {
    const told = [
      event({seq: 8, atMs: 1_000}),
      event({seq: 1, boot: 'b2', atMs: 9_000}),
      event({seq: 9, atMs: 2_000}),
    ];
    expect(list(told).map(({boot, seq}) => `${boot} ${seq}`)).toEqual(['b1 8', 'b1 9', 'b2 1']);
  });
  test('holds the newest, and what is older than all of them does not come back', () => {
    const known = list(Array.from({length: mostEvents + 50}, (_, index) => event({seq: index + 1})));
    expect(known).toHaveLength(mostEvents);
    expect(known[0]!.seq).toBe(51);
    expect(withEvent(known, event({seq: 3}), 0)).toBe(known);
  });
});

describe('what tests and usual times are reckoned from', () => {
  const doubts = (from: number, count: number) =>
    Array.from({length: count}, (_, index) =>
      event({seq: from + index, event: index % 2 === 0 ? 'suspected' : 'cleared'}),
    );
  const way = ['promoting', 'gateway-started', 'tested', 'gateway-ready', 'promoted', 'demoting', 'demoted'];
  const test1 = way.map((name, index) => event({seq: index + 1, event: name}));

  test('stays, once and in order, however many doubts come after it', () => {
    const known = list([...test1, ...doubts(8, 600), ...test1]);
    expect(known).toHaveLength(mostEvents);
    expect(known.slice(0, 7).map(({event: name}) => name)).toEqual(way);
    expect(seqs(known)).toEqual(seqs(known).toSorted((a, b) => a - b));
    expect(new Set(seqs(known)).size).toBe(mostEvents);
    expect(known.at(-1)!.seq).toBe(607);
  });
  test('has its place when it is told last', () => {
    const known = list([...doubts(8, 600), ...test1]);
    expect(known.slice(0, 7).map(({event: name}) => name)).toEqual(way);
    expect(known).toHaveLength(mostEvents);
  });
  test('is bounded itself: the oldest of it goes like everything else', () => {
    const many = Array.from({length: 700}, (_, index) => event({seq: index + 1, event: 'promoted'}));
    const known = list([...many, ...doubts(701, 600)]);
    expect(known).toHaveLength(mostEvents);
    expect(known.filter(({event: name}) => name === 'promoted')).toHaveLength(mostLandmarks);
    expect(known[0]!.seq).toBe(601);
  });
  test('what was dropped between landmarks does not come back', () => {
    const known = list([...test1, ...doubts(8, 600)]);
    expect(withEvent(known, doubts(8, 1)[0]!, 0)).toBe(known);
  });
});

describe("an event's place in this machine's time", () => {
  test('is its own time, less what the standby is ahead', () => {
    expect(list([event({atMs: 10_000})], 3_000)[0]!.localMs).toBe(7_000);
  });
  test('waits for the clock to be known, and is kept from then on', () => {
    const early = list([event({atMs: 10_000})], null);
    expect(placeAll(early, null)).toBe(early);
    const placed = placeAll(early, 3_000);
    expect(placed[0]!.localMs).toBe(7_000);
    expect(placeAll(placed, 9_000)).toBe(placed);
  });
});
