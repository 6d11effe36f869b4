import {describe, expect, it} from 'vitest';
import {seenOf, type Seen, type SeenInput} from '../../src/drill/seen.js';
import {courseOf} from '../../src/drill/timeline.js';
import type {EventTold} from '../../src/sampler/told.js';
import {played} from '../screens/watch/model/playing.js';
import {recordedEvents} from '../screens/watch/model/recorded-events.js';
import {keptEvents} from './courses.js';

const bounds = {noticedMs: 7_000, connectedMs: 71_000, stillMs: 40_000};

/** What has come of a log up to an event and some time after it. */
function seenAt(
  events: readonly EventTold[],
  faultAtMs: number,
  last: string,
  {
    outcome = 'takeover',
    laterMs = 100,
    readyAtMs = null,
  }: {
    outcome?: SeenInput['expected']['outcome'];
    laterMs?: number;
    readyAtMs?: number | null;
  } = {},
): Seen {
  const index = events.findLastIndex(({event}) => event === last);
  if (index < 0 && last !== 'nothing') throw new RangeError(`nobody told ${last}`);
  const told = events.slice(0, index + 1).filter(({atMs}) => atMs >= faultAtMs - 2_000);
  const nowMs = (told.at(-1)?.atMs ?? faultAtMs) + laterMs;
  const course = courseOf({events: told, offsetMs: 0, fromMs: faultAtMs - 2_000, marks: []});
  return seenOf({course, expected: {...bounds, outcome}, faultAtMs, nowMs, readyAtMs});
}

describe('a primary that was stopped, as a real monitor told of it', () => {
  const faultMs = 1_795_732_246_761;
  it.each([
    ['nothing', 'waiting for the first bad probe'],
    ['suspected', 'the standby asks around'],
    ['asked', expect.stringMatching(/^the standby waits for its verdict: .*stopped/)],
    ['promoting', 'the gateway of the standby is started'],
    ['gateway-started', 'the gateway of the standby gets ready'],
    ['gateway-ready', 'its channel account connects'],
  ])('after %s is waited for: %s', (last, doing) =>
    expect(seenAt(recordedEvents, faultMs, last)).toEqual({step: 'wait', doing}),
  );

  it.each(['promoted', 'primary-back', 'demoted'])('after %s the bot is there', (last) =>
    expect(seenAt(recordedEvents, faultMs, last)).toEqual({step: 'done', how: 'there'}),
  );

  it.each([
    ['nothing', 'The standby did not notice that the primary is down.'],
    ['asked', 'The standby noticed, and did not decide to take over in time.'],
    ['gateway-started', 'The standby decided to take over, and its bot was not there in time.'],
  ])('after %s and nothing for minutes it went wrong: %s', (last, why) => {
    expect(seenAt(recordedEvents, faultMs, last, {laterMs: 120_000}).step).toBe('wait');
    expect(seenAt(recordedEvents, faultMs, last, {laterMs: 225_000})).toEqual({step: 'wrong', why});
  });
});

describe('a primary that is back in time', () => {
  const events = keptEvents('cleared');
  const faultMs = events[1]!.atMs - 1_000;

  it('is as it should be where something restarts it', () =>
    expect(seenAt(events, faultMs, 'cleared', {outcome: 'either'})).toEqual({
      step: 'done',
      how: 'primary-back',
    }));

  it('is wrong where nothing should have', () =>
    expect(seenAt(events, faultMs, 'cleared')).toMatchObject({
      step: 'wrong',
      why: expect.stringContaining('something else brought it back'),
    }));

  it('so quickly that nobody noticed is as it should be, after a moment', () => {
    const quick = (laterMs: number) =>
      seenAt(events, faultMs, 'nothing', {outcome: 'either', laterMs, readyAtMs: faultMs + 4_000});
    expect(quick(23_000).step).toBe('wait');
    expect(quick(25_000)).toEqual({step: 'done', how: 'primary-back'});
  });

  it('is not believed to be once the standby has decided', () => {
    const how = {outcome: 'either', laterMs: 30_000, readyAtMs: 1_795_732_250_000} as const;
    expect(seenAt(recordedEvents, 1_795_732_246_761, 'promoting', how).step).toBe('wait');
  });
});

describe('a standby that does not get there, played by the simulator', () => {
  it('blocked: its gateway is never ready', async () => {
    const {events} = await played('4@20000+260000#1 64@1000+230000#1');
    const faultMs = events.find(({event}) => event === 'suspected')!.atMs;
    // Its two tries are waited for whole, so that it is known what came of them.
    expect(seenAt(events, faultMs, 'gateway-started', {laterMs: 75_000}).step).toBe('wait');
    expect(seenAt(events, faultMs, 'blocked')).toEqual({
      step: 'wrong',
      why: 'The standby did not take over as it should: blocked: the standby could not take over.',
    });
  });

  it('degraded: its channel does not connect', async () => {
    const {events} = await played('4@20000+200000#1 64b@1000+280000#1');
    const faultMs = events.find(({event}) => event === 'suspected')!.atMs;
    expect(seenAt(events, faultMs, 'promoted')).toEqual({
      step: 'wrong',
      why: expect.stringMatching(
        /^The standby did not take over as it should: taken over in .*, and its channel is not connected\.$/,
      ),
    });
  });

  it('held back: for a while it may be let go, then it is not waited for', () => {
    const held: EventTold = {
      ...recordedEvents[6]!,
      event: 'held',
      to: 'suspect',
      say: 'The primary is dead; the standby does not take over: it has taken over twice already.',
    };
    const events = [...recordedEvents.slice(0, 6), held];
    expect(seenAt(events, 1_795_732_246_761, 'held', {laterMs: 19_000}).step).toBe('wait');
    expect(seenAt(events, 1_795_732_246_761, 'held', {laterMs: 21_000})).toEqual({
      step: 'wrong',
      why: 'The standby does not take over: it has taken over twice already.',
    });
  });
});

describe('a network that was cut', () => {
  const events = keptEvents('partition');
  const faultMs = events[1]!.atMs - 2_000;
  const hold = (last: string, laterMs: number) => seenAt(events, faultMs, last, {outcome: 'hold', laterMs});

  it('is first to be noticed', () => {
    expect(hold('nothing', 36_000)).toEqual({step: 'wait', doing: 'waiting for the first bad probe'});
    expect(hold('nothing', 38_000)).toEqual({
      step: 'wrong',
      why: 'The standby did not notice that the network is cut.',
    });
  });

  it('is watched from the first bad probe on, for as long as a dead host is given', () => {
    // The first bad probe was 1 s before it was told.
    expect(hold('suspected', 1_000)).toEqual({
      step: 'wait',
      doing: 'the standby must keep still for 38 s more',
    });
    expect(hold('trouble', 10_000).step).toBe('wait');
    expect(hold('trouble', 37_000)).toEqual({step: 'done', how: 'held'});
  });

  it('proves nothing where the standby asked nobody', () =>
    expect(hold('suspected', 40_000)).toEqual({
      step: 'wrong',
      why: 'The standby noticed, and asked nobody what it means.',
    }));

  it('must stay cut', () =>
    expect(hold('cleared', 100)).toMatchObject({why: expect.stringContaining('was not cut any more')}));

  it('is taken back at once where the standby takes over', () => {
    const seen = seenAt(recordedEvents, 1_795_732_246_761, 'promoting', {outcome: 'hold'});
    expect(seen).toMatchObject({
      step: 'wrong',
      why: expect.stringContaining('took over although the primary lives'),
    });
  });
});
