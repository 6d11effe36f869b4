import {describe, expect, it} from 'vitest';
import {linesOf, nothingSaid, type Said} from '../../../src/cli/watch/lines.js';
import type {TimelineEntry, WatchSample} from '../../../src/screens/watch/model/sample.js';
import {failoverSample, timeline, wellSample} from '../../screens/watch/model/samples.js';

const entry = (key: string, differing: Partial<TimelineEntry> = {}): TimelineEntry => ({
  key,
  atMs: 1_700_000_000_000,
  host: 'standby',
  level: 'info',
  sentence: `sentence ${key}`,
  ...differing,
});

function say(...steps: readonly {sample: WatchSample; timeline: readonly TimelineEntry[]}[]): string[][] {
  let said: Said = nothingSaid;
  return steps.map((step) => {
    const next = linesOf(said, step);
    said = next.said;
    return next.lines.map(({text}) => text);
  });
}

describe('the live view in sentences', () => {
  it('begins with the verdict, and not with what happened before', () => {
    const [first = []] = say({sample: wellSample(), timeline: timeline(20)});
    expect(first).toEqual([expect.stringMatching(/^Protected\. If the primary died now/)]);
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
      {sample: wellSample(), timeline: [entry('a')]},
      {sample: failoverSample('starting'), timeline: [entry('a'), entry('b'), entry('c', {host: 'laptop'})]},
      {sample: failoverSample('starting'), timeline: [entry('b'), entry('c', {host: 'laptop'})]},
    );
    expect(second).toEqual(['standby: sentence b', 'sentence c', expect.stringMatching(/^Taking over\. /)]);
    expect(third).toEqual([]);
  });
});
