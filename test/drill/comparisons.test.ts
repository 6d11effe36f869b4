import {describe, expect, test} from 'vitest';
import {plainOf, usualOf, withComparisons} from '../../src/drill/comparisons.js';
import type {DrillReport} from '../../src/drill/report.js';
import {recorded} from './recorded.js';
import {killed, reportOf, type Differing} from './report-of.js';

const day = (number: number, ready: number | null, differing: Differing = {}): DrillReport =>
  reportOf(`2026-10-${String(number).padStart(2, '0')}T10:00:00.000Z`, {
    ...differing,
    times: {...killed, ready},
  });

describe('what is usual', () => {
  test.each<[string, DrillReport[], number | null]>([
    ['is not known without a drill', [], null],
    ['is what the only one took', [day(1, 17_000)], 17_000],
    ['is the median', [day(1, 17_000), day(2, 30_000), day(3, 18_000)], 18_000],
    ['lies between two', [day(1, 17_000), day(2, 18_001)], 17_501],
    ['is of the newest five', [99, 99, 1, 2, 3, 4, 5].map((s, index) => day(index + 1, s * 1000)), 3000],
    ['leaves out other faults', [day(1, 17_000), day(2, 30_000, {fault: 'stop'})], 17_000],
    ['leaves out what was stopped', [day(1, 17_000), day(2, 30_000, {verdict: {result: 'stopped'}})], 17_000],
    [
      'leaves out what did not get so far',
      [day(1, 17_000), day(2, null, {verdict: {result: 'failed'}})],
      17_000,
    ],
    ['takes one that failed later', [day(1, 17_000, {verdict: {result: 'failed'}})], 17_000],
  ])('%s', (_, reports, ms) => expect(usualOf(reports, 'kill', 'ready')).toBe(ms));
});

describe('the plain rule', () => {
  test.each([
    ['first-bad', null],
    ['verdict', 25_000],
    ['started', 25_200],
    ['ready', 34_900],
    ['connected', 35_100],
    ['answered', 38_300],
    ['rest', null],
    ['undone', null],
  ] as const)('would have reached %s after %s ms', (stage, ms) => {
    expect(plainOf(reportOf('2026-10-20T14:30:00.000Z'), stage)).toBe(ms);
  });
  test('says nothing without a takeover', () => {
    expect(plainOf(recorded('held-partition'), 'verdict')).toBeNull();
  });
});

test('a new report gets both, and is not compared with itself', () => {
  const report = reportOf('2026-10-20T14:30:00.000Z');
  const earlier = [day(1, 16_000), day(2, 18_000), {...report, stages: day(3, 90_000).stages}];
  const {stages, ...rest} = withComparisons(report, earlier);
  expect(stages.find(({id}) => id === 'ready')).toMatchObject({ms: 17_200, usualMs: 17_000, plainMs: 34_900});
  expect(stages.find(({id}) => id === 'rest')).toMatchObject({usualMs: 66_100, plainMs: null});
  expect({...rest, stages: report.stages}).toEqual(report);
});
