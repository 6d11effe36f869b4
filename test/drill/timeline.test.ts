import {describe, expect, it} from 'vitest';
import {courseOf, placed, type Course, type OwnMark} from '../../src/drill/timeline.js';
import type {StageId} from '../../src/drill/report.js';
import type {EventTold} from '../../src/sampler/told.js';
import {played} from '../screens/watch/model/playing.js';
import {recordedEvents} from '../screens/watch/model/recorded-events.js';
import {clockSet, keptEvents} from './courses.js';

/** epoch ms; when the gateway of the recorded pair was stopped, 2.4 s before the first bad probe. */
const faultMs = 1_795_732_246_761;
const minute = 60_000;

const courseAt = (
  events: readonly EventTold[],
  faultAtMs: number,
  {offsetMs = 0, marks = []}: {offsetMs?: number; marks?: readonly OwnMark[]} = {},
) => courseOf({events, offsetMs, fromMs: faultAtMs - 2_000, marks});
/** ms since the fault of everything that was reached. */
const spans = ({timeline}: Course, faultAtMs: number): Partial<Record<StageId, number>> =>
  Object.fromEntries(Object.entries(timeline).map(([id, {atMs}]) => [id, atMs - faultAtMs]));

const recordedSpans = {
  'first-bad': 2_400,
  asked: 2_747,
  verdict: 33_411,
  started: 33_689,
  ready: 51_094,
  connected: 51_363,
  back: 83_727,
  demoting: 173_405,
  rest: 175_786,
};

describe('a takeover and the way back, as a real monitor told of it', () => {
  it('are stages since the fault', () => {
    const course = courseAt(recordedEvents, faultMs);
    const found = spans(course, faultMs);
    for (const [id, ms] of Object.entries(recordedSpans))
      expect(Math.abs(found[id as StageId]! - ms), id).toBeLessThan(5);
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(recordedSpans).toSorted());
    expect(course.outcome).toBe('takeover');
    expect(course.timeline.verdict?.note).toMatch(/stopped/);
    expect(course.timeline.asked?.note).toMatch(/stopped/);
  });

  it.each([
    ['3 s ahead', 3_000],
    ['40 min behind', -40 * minute],
    ['a quarter of a second behind', -250],
  ])('are the same on a standby whose clock is %s', (_, offsetMs) => {
    const there = clockSet(recordedEvents, offsetMs);
    const course = courseAt(there, faultMs, {offsetMs});
    expect(spans(course, faultMs)).toEqual(spans(courseAt(recordedEvents, faultMs), faultMs));
  });

  it.each([
    ['forth by an hour, before the verdict', 60 * minute, 6],
    ['back by an hour, before the verdict', -60 * minute, 6],
    ['back by two hours, while the standby is in charge', -120 * minute, 13],
  ])('are the same where that clock is set %s: within a boot the steady one counts', (_, ms, seq) => {
    const course = courseAt(clockSet(recordedEvents, ms, seq), faultMs);
    expect(spans(course, faultMs)).toEqual(spans(courseAt(recordedEvents, faultMs), faultMs));
  });

  it('begin with the fault: nothing of a takeover before it is in them', () => {
    const later = recordedEvents.at(-1)!.atMs + 5 * minute;
    const course = courseAt(recordedEvents, later);
    expect(course).toMatchObject({
      timeline: {},
      outcome: 'nothing',
      takeover: undefined,
      giveBack: undefined,
    });
    // Of the same boot, and told right before.
    expect(placed({events: recordedEvents.slice(0, 3), offsetMs: 0, fromMs: faultMs - 2_000})).toEqual([]);
  });

  it('have what this machine saw and did itself in them', () => {
    const marks: OwnMark[] = [
      {id: 'fault', atMs: faultMs, note: ''},
      {id: 'answered', atMs: faultMs + 54_000, note: 'pong'},
    ];
    const {timeline} = courseAt(recordedEvents, faultMs, {marks});
    expect(timeline.fault).toEqual({atMs: faultMs, note: ''});
    expect(timeline.answered).toEqual({atMs: faultMs + 54_000, note: 'pong'});
  });

  it('go on after a reboot of the standby, by its wall clock', () => {
    const again = recordedEvents.map((event) =>
      event.seq < 14 ? event : {...event, boot: 'boot-9', ms: event.ms - 20_000_000},
    );
    expect(spans(courseAt(again, faultMs), faultMs)).toMatchObject({
      connected: expect.any(Number),
      rest: 175_786,
    });
  });
});

describe('when the bot was there', () => {
  const saying = (connectedAtMs: number, offsetMs = 0) =>
    clockSet(recordedEvents, offsetMs).map((event) =>
      event.event === 'promoted' ? {...event, connectedAtMs: connectedAtMs + offsetMs} : event,
    );
  const connected = (events: readonly EventTold[], offsetMs = 0) =>
    spans(courseAt(events, faultMs, {offsetMs}), faultMs).connected;
  const looked = connected(recordedEvents)!;

  it.each([0, 3_000, -40 * minute])("is the gateway's own word, by its clock (%i ms ahead)", (offsetMs) =>
    expect(connected(saying(faultMs + 50_000, offsetMs), offsetMs)).toBe(50_000),
  );
  it.each([
    ['before the decision: that is of an older connection', 20_000],
    ['before the fault', -3_600_000],
    ['later than it was seen', 90_000],
  ])('is when it was seen, where that word is %s', (_, ms) =>
    expect(connected(saying(faultMs + ms))).toBe(looked),
  );
});

describe('of several stories, the drill is', () => {
  const last = recordedEvents.at(-1)!;
  const shifted = (events: readonly EventTold[], ms: number, seq: number): EventTold[] =>
    events.map((event) => ({...event, atMs: event.atMs + ms, ms: event.ms + ms, seq: event.seq + seq}));
  const doubt = (atMs: number, seq: number): EventTold[] =>
    (['suspected', 'cleared'] as const).map((name, index) => ({
      ...last,
      event: name,
      seq: seq + index,
      atMs: atMs + index * 1_000,
      ms: last.ms + atMs - last.atMs + index * 1_000,
      from: index === 0 ? ('watching' as const) : ('suspect' as const),
      to: index === 0 ? ('suspect' as const) : ('watching' as const),
      durations: {},
    }));
  const alone = courseAt(recordedEvents, faultMs);
  const story = recordedEvents.filter(({atMs}) => atMs >= faultMs);

  it('the takeover, and no doubt before it or after it', () => {
    const before = doubt(faultMs - 1_500, 1);
    const after = doubt(last.atMs + 20_000, last.seq + 10);
    const course = courseAt([...before, ...story, ...after], faultMs);
    expect(course.outcome).toBe('takeover');
    expect(course.takeover?.decidedMs).toBe(alone.takeover?.decidedMs);
    expect(spans(course, faultMs)).toEqual(spans(alone, faultMs));
  });

  it('the first takeover, with its own figures, and not the one that follows it', () => {
    const own = faultMs + 50_000;
    const saying = (atMs: number) => (event: EventTold) =>
      event.event === 'promoted' ? {...event, connectedAtMs: atMs} : event;
    const again = shifted(story, 20 * minute, 100);
    const course = courseAt([...story.map(saying(own)), ...again.map(saying(own + 20 * minute))], faultMs);
    expect(spans(course, faultMs)).toEqual({...spans(alone, faultMs), connected: 50_000});
  });

  it('the newest doubt, where nothing was decided', () => {
    const course = courseAt([...doubt(faultMs, 1), ...doubt(faultMs + minute, 3)], faultMs);
    expect(course.outcome).toBe('primary-back');
    expect(course.timeline['first-bad']!.atMs - faultMs).toBeGreaterThanOrEqual(minute - 5_000);
  });

  it('the way back that came to rest, where another was begun before', () => {
    const demoting = story.findIndex(({event}) => event === 'demoting');
    const [back, relapse] = [story.slice(0, demoting), story[demoting - 1]!];
    const gone: EventTold = {
      ...relapse,
      event: 'primary-gone',
      from: 'recovering',
      to: 'active',
      seq: relapse.seq + 50,
    };
    const course = courseAt([...back, gone, ...shifted(story.slice(demoting - 1), minute, 100)], faultMs);
    expect(course.timeline.rest!.atMs - alone.timeline.rest!.atMs).toBe(minute);
  });
});

describe('no takeover', () => {
  it('a primary that is back in time: cleared', () => {
    const events = keptEvents('cleared');
    const at = events[1]!.atMs - 1_000;
    const course = courseAt(events, at);
    expect(course.outcome).toBe('primary-back');
    expect(spans(course, at)).toEqual({'first-bad': 1_000, asked: 2_200, back: 25_000});
    expect(course.timeline.back?.note).toBe('no takeover was needed');
  });

  it('is no merit of a primary that the drill brought back', () => {
    const events = keptEvents('cleared');
    const at = events[1]!.atMs - 1_000;
    const marks: OwnMark[] = [
      {id: 'undone', atMs: at + 14_000, note: ''},
      {id: 'primary-ready', atMs: at + 20_000, note: ''},
    ];
    expect(courseAt(events, at, {marks}).outcome).toBe('nothing');
    expect(courseAt(events, at, {marks: marks.slice(1)}).outcome).toBe('primary-back');
  });

  it('a network that is cut: the standby asks, and decides nothing', () => {
    const events = keptEvents('partition').slice(0, 3);
    const at = events[1]!.atMs - 1_000;
    const course = courseAt(events, at);
    expect(spans(course, at)).toEqual({'first-bad': 0, asked: 3_020});
    expect(course.timeline.asked?.note).toMatch(/network|cut|partition/i);
    expect(course.outcome).toBe('nothing');
    const held: OwnMark[] = [{id: 'held', atMs: at + 45_000, note: ''}];
    expect(courseAt(events, at, {marks: held}).outcome).toBe('held');
    // Also when all is over.
    expect(courseAt(keptEvents('partition'), at, {marks: held}).outcome).toBe('held');
  });

  it('a standby that was held back has reached no verdict', () => {
    const held: EventTold = {
      ...recordedEvents[6]!,
      event: 'held',
      to: 'suspect',
      say: 'The primary is dead; the standby does not take over: the failover is paused.',
    };
    const {timeline, takeover} = courseAt([...recordedEvents.slice(3, 6), held], faultMs);
    expect(timeline.verdict).toBeUndefined();
    expect(takeover?.marks.at(-1)).toMatchObject({lasts: true, note: 'the failover is paused'});
  });
});

describe('a takeover that comes to nothing, played by the simulator', () => {
  it('blocked: its gateway is never ready', async () => {
    const {events} = await played('4@20000+260000#1 64@1000+230000#1');
    const at = events.find(({event}) => event === 'suspected')!.atMs;
    const until = events.findIndex(({event}) => event === 'blocked') + 1;
    const course = courseAt(events.slice(0, until), at);
    expect(Object.keys(course.timeline).toSorted()).toEqual(['asked', 'first-bad', 'started', 'verdict']);
    expect(course).toMatchObject({outcome: 'takeover', takeover: {outcome: {tone: 'bad'}}});
  });

  it('degraded: its channel does not connect, and the bot is not there', async () => {
    const {events} = await played('4@20000+200000#1 64b@1000+280000#1');
    const at = events.find(({event}) => event === 'suspected')!.atMs;
    const course = courseAt(events, at);
    expect(course.timeline.connected).toBeUndefined();
    expect(course.timeline.ready).toBeDefined();
    expect(course.takeover?.outcome?.tone).toBe('warn');
    // The way back is the same.
    expect(course.timeline.rest).toBeDefined();
  });
});

describe('what the standby changed in the workspace', () => {
  const events = keptEvents('stopped');
  const at = events[1]!.atMs - 1_000;

  it('is handed back once it was put aside, on a branch that is named', () => {
    const {timeline} = courseAt(events, at);
    expect(timeline['handed-back']).toMatchObject({note: 'failover/claw-standby/20261125T225300Z'});
    expect(timeline['handed-back']!.atMs).toBeLessThanOrEqual(timeline.rest!.atMs);
  });

  it('is not handed back where that failed', () => {
    const failed = events.map((event) =>
      event.event === 'handback' ? {...event, level: 'alert' as const} : event,
    );
    const course = courseAt(failed.slice(0, -1), at);
    expect(course.timeline['handed-back']).toBeUndefined();
    expect(course.giveBack?.marks.map(({name}) => name)).toContain('not handed back');
  });
});
