import {describe, expect, it} from 'vitest';
import {linesOf, nothingSaid, type Said} from '../../../src/cli/watch/lines.js';
import type {TimelineEntry, WatchSample} from '../../../src/screens/watch/model/sample.js';
import {failoverSample, timeline, wellSample} from '../../screens/watch/model/samples.js';

const beganMs = 1_700_000_000_000;

const entry = (key: string, differing: Partial<TimelineEntry> = {}): TimelineEntry => ({
  key,
  atMs: beganMs + 1000,
  host: 'standby',
  level: 'info',
  sentence: `sentence ${key}`,
  ...differing,
});

function say(...steps: readonly {sample: WatchSample; timeline: readonly TimelineEntry[]}[]): string[][] {
  let said: Said = nothingSaid(beganMs);
  return steps.map((step) => {
    const next = linesOf(said, step);
    said = next.said;
    return next.lines.map(({text}) => text);
  });
}

describe('the live view in sentences', () => {
  it('begins with the verdict, and not with what happened before', () => {
    const [first = []] = say({
      sample: wellSample(),
      timeline: timeline(20).map((each) => ({...each, atMs: beganMs - 1})),
    });
    expect(first).toEqual([expect.stringMatching(/^Protected\. If the primary died now/)]);
  });

  it('calls nothing news that happened before the watching began, also of a host that is reached later', () => {
    const old = entry('old', {atMs: beganMs - 1000});
    const [, second] = say(
      {sample: wellSample(), timeline: []},
      {sample: wellSample(), timeline: [old, entry('new')]},
    );
    expect(second).toEqual(['standby: sentence new']);
  });

  it('says nothing while nothing changes: ages and estimates move by themselves', () => {
    const sample = wellSample();
    const later = {
      ...sample,
      verdict: {
        ...sample.verdict,
        sentence: sample.verdict.sentence.replaceAll(/\d+ (s|min)/g, '59 $1'),
      },
    };
    expect(later.verdict.sentence).not.toBe(sample.verdict.sentence);
    expect(say({sample, timeline: []}, {sample: later, timeline: []})[1]).toEqual([]);
  });

  it('says each event once, whose it is, and then what that makes of the pair', () => {
    const [, second, third] = say(
      {sample: wellSample(), timeline: [entry('a', {atMs: beganMs - 1})]},
      {
        sample: failoverSample('starting'),
        timeline: [entry('a', {atMs: beganMs - 1}), entry('b'), entry('c', {host: 'laptop'})],
      },
      {sample: failoverSample('starting'), timeline: [entry('b'), entry('c', {host: 'laptop'})]},
    );
    expect(second).toEqual(['standby: sentence b', 'sentence c', expect.stringMatching(/^Taking over\. /)]);
    expect(third).toEqual([]);
  });
});
