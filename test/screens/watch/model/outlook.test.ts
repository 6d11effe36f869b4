import {describe, expect, test} from 'vitest';
import type {LiveTold} from '../../../../src/sampler/told.js';
import {noKeptDrills, type KeptDrills} from '../../../../src/screens/watch/model/drill.js';
import {reduce, timelineOf, type WatchState} from '../../../../src/screens/watch/model/state.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import {testEvents} from '../../../../src/screens/watch/view/drill.js';
import {after, liveTold, played, simulatedMs, startMs, told, wellPair} from './playing.js';
import {recordedEvents} from './recorded-events.js';

type Variant = Parameters<typeof played>[1];
const day = 86_400_000;

const outlook = (variant: Variant, live: Partial<LiveTold> = {}, state = wellPair({variant})) =>
  toSample(after(state, [told('standby', {kind: 'live', live: liveTold(live)})], startMs), startMs).outlook;

/** After a story of the simulator, with a monitor that sleeps again. */
async function afterStory(faults: string): Promise<[WatchState, number]> {
  const {inputs, endMs} = await played(faults);
  return [
    inputs.reduce((state, {atMs, input}) => reduce(state, input, atMs), wellPair({}, simulatedMs)),
    endMs,
  ];
}

describe('what would happen if the primary died now', () => {
  test.each<[string, Variant, Partial<LiveTold>, number]>([
    ['half an interval, a timeout, 12 s of silence, and a start as they usually are', 'usual', {}, 30_500],
    [
      'a primary that cannot be asked is given 25 s',
      'usual',
      {interrogation: {works: false, detail: 'refused'}},
      43_500,
    ],
    ['nor has one been asked that is not set up to be', 'no report', {interrogation: null}, 43_500],
    ['the plain rule: three probes, 10 s apart', 'classic', {}, 41_000],
    ['a warm standby that is cold for now starts like a cold one', 'warm', {}, 30_500],
  ])('%s', (_, variant, live, reachableInMs) => {
    expect(outlook(variant, live)).toEqual({reachableInMs, measured: false, rpoMs: 180_000});
  });

  test('a warm standby has its gateway already', () => {
    const asleep = {
      kind: 'event',
      event: {...recordedEvents[0]!, event: 'warm', level: 'info', atMs: startMs, boot: 'w'},
    } as const;
    const state = after(wellPair({variant: 'warm'}), [told('standby', asleep)], startMs);
    expect(outlook('warm', {}, state)).toMatchObject({reachableInMs: 18_000, measured: false});
  });

  test('without the settings of the monitor it is the usual pair', () => {
    const state = wellPair({facts: {standby: {files: {}}}});
    expect(outlook('usual', {}, state)).toMatchObject({reachableInMs: 30_500});
  });

  test('what the pair has shown before counts instead', async () => {
    const [state, endMs] = await afterStory('21@20000+90000#7');
    const {outlook: measured, verdict} = toSample(state, endMs);
    // 12.14 s from the decision to the connected channel.
    expect(measured).toMatchObject({reachableInMs: 27_640, measured: true});
    expect(verdict.sentence).toContain('reachable again in about 28 s');
  });

  test('a start that failed is no measure', async () => {
    const [state, endMs] = await afterStory('62@5000+30000#1 21@20000+200000#7');
    expect(state.events.map(({event}) => event)).toEqual(
      expect.arrayContaining(['attempt-failed', 'promoted']),
    );
    expect(toSample(state, endMs).outlook).toMatchObject({measured: false});
  });

  test('there is none while the standby is not asleep', () => {
    for (const state of ['suspect', 'promoting', 'active', 'recovering', 'demoting', 'blocked'] as const)
      expect(outlook('usual', {state}), state).toBeNull();
  });
});

describe('the newest test', () => {
  const drill = (events: typeof recordedEvents, atMs: number, drills = noKeptDrills) =>
    toSample(
      after(
        wellPair(),
        [...events.map((event) => told('standby', {kind: 'event', event})), {on: 'drills', drills}],
        atMs,
      ),
      atMs,
    ).drill;
  const promotedMs = recordedEvents[11]!.atMs;

  test('is the takeover that was called one: from the first bad probe to the connected channel', () => {
    expect(drill(recordedEvents, promotedMs + 11 * day)).toEqual({
      kind: 'test',
      agoMs: 11 * day,
      tookMs: 48_963,
      result: 'passed',
      passed: true,
      fault: null,
      dueInMs: 19 * day,
    });
  });
  test('is not forgotten for six hundred doubts that came to nothing, nor is its way', () => {
    const last = recordedEvents.at(-1)!;
    const doubts = Array.from({length: 600}, (_, index) => ({
      ...last,
      seq: last.seq + 1 + index,
      ms: last.ms + index * 60_000,
      atMs: last.atMs + index * 60_000,
      event: index % 2 === 0 ? 'suspected' : 'cleared',
      from: index % 2 === 0 ? ('watching' as const) : ('suspect' as const),
      to: index % 2 === 0 ? ('suspect' as const) : ('watching' as const),
      durations: {},
    }));
    const events = [...recordedEvents, ...doubts];
    expect(drill(events, promotedMs + 11 * day)).toMatchObject({
      agoMs: 11 * day,
      tookMs: 48_962,
      passed: true,
    });
    const inputs = events.map((event) => told('standby', {kind: 'event', event}));
    const state = after(wellPair(), inputs, promotedMs + 11 * day);
    expect(toSample(state, promotedMs + 11 * day).outlook).toMatchObject({measured: true});
    expect(testEvents(timelineOf(state)).map(({event}) => event)).toEqual(
      expect.arrayContaining(['promoting', 'tested', 'promoted', 'demoted']),
    );
  });
  test('is overdue after 30 d', () => {
    expect(drill(recordedEvents, promotedMs + 31 * day)!.dueInMs).toBe(-day);
  });
  test('has not passed when the standby could not take over', () => {
    const blocked = {
      ...recordedEvents[11]!,
      event: 'blocked',
      to: 'blocked' as const,
      say: 'It cannot (failed).',
    };
    expect(drill([...recordedEvents.slice(0, 11), blocked], promotedMs)).toMatchObject({
      passed: false,
      tookMs: null,
    });
  });
  describe('with kept reports', () => {
    const kept = (
      endedAtMs: number,
      differing: Partial<NonNullable<KeptDrills['newest']>> = {},
      testedMs: number | null = differing.result === 'failed' ? null : endedAtMs,
    ): KeptDrills => ({
      newest: {endedAtMs, rtoMs: 19_400, result: 'passed', fault: 'kill', ...differing},
      stopped: [],
      testedMs,
    });
    const later = promotedMs + 11 * day;
    test('is the report where that is newer, with what the drill found', () => {
      expect(drill(recordedEvents, later, kept(later - day, {result: 'remarks'}))).toEqual({
        kind: 'drill',
        agoMs: day,
        tookMs: 19_400,
        result: 'remarks',
        passed: true,
        fault: 'kill',
        dueInMs: 29 * day,
      });
      expect(drill([], later, kept(later - 3 * day, {result: 'failed', rtoMs: null}))).toMatchObject({
        passed: false,
        tookMs: null,
      });
    });
    test('that needed no takeover leaves the next one due from the newest that did', () => {
      expect(drill([], later, kept(later - day, {}, later - 12 * day))).toMatchObject({
        agoMs: day,
        passed: true,
        dueInMs: 18 * day,
      });
      // The log's own word is as good.
      expect(drill(recordedEvents, later, kept(later - day, {}, null))).toMatchObject({
        kind: 'drill',
        dueInMs: 19 * day,
      });
    });
    test('that needed none, after none that did, is no month of rest', () => {
      expect(drill([], later, kept(later - day, {}, null))).toMatchObject({passed: true, dueInMs: -day});
    });
    test('that failed is due again at once, whatever passed before', () => {
      const failed = kept(later - day, {result: 'failed', rtoMs: null}, later - 3 * day);
      expect(drill([], later, failed)).toMatchObject({passed: false, dueInMs: -day});
    });
    test('is the takeover of the log where that is newer', () => {
      expect(drill(recordedEvents, later, kept(promotedMs - day))).toMatchObject({
        kind: 'test',
        agoMs: 11 * day,
      });
    });
    test("a drill's own takeover in the log is the drill, whatever the two clocks say", () => {
      for (const apartMs of [80_000, 0, -40_000])
        expect(drill(recordedEvents, later, kept(promotedMs + apartMs)), String(apartMs)).toMatchObject({
          kind: 'drill',
          tookMs: 19_400,
        });
    });
    test('one that was stopped counts for nothing, and neither does its takeover', () => {
      const stopped = [{fromMs: promotedMs - 60_000, toMs: promotedMs + 30_000}];
      expect(drill(recordedEvents, later, {...noKeptDrills, stopped})).toBeNull();
      expect(drill(recordedEvents, later, {...kept(promotedMs - day), stopped})).toMatchObject({
        kind: 'drill',
        agoMs: 12 * day,
      });
    });
  });
  test('while it goes on it is not told, and a real takeover is none', () => {
    expect(drill(recordedEvents.slice(0, 11), promotedMs)).toBeNull();
    expect(
      drill(
        recordedEvents.filter(({event}) => event !== 'tested'),
        promotedMs,
      ),
    ).toBeNull();
  });
});
