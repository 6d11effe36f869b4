import {describe, expect, test} from 'vitest';
import {monthAfter, trendsOf} from '../../src/drill/trend.js';
import {recorded} from './recorded.js';
import {killed, reportOf, yearOfDrills} from './report-of.js';

test.each([
  ['2026-01', '2026-02'],
  ['2026-12', '2027-01'],
])('after %s comes %s', (month, next) => expect(monthAfter(month)).toBe(next));

describe('the months', () => {
  test('have the median of each step, also where there were several drills or none', () => {
    const ready = (day: string, ms: number) =>
      reportOf(`2026-${day}T10:00:00.000Z`, {times: {...killed, ready: ms}});
    const [trend] = trendsOf([
      ready('09-01', 16_500),
      ready('09-15', 20_500),
      ready('09-20', 17_500),
      ready('11-01', 18_500),
    ]);
    expect(trend!.fault).toBe('kill');
    expect(trend!.months.map(({month, drills, steps}) => [month, drills, steps.ready])).toEqual([
      ['2026-09', 3, 10_000],
      ['2026-10', 0, null],
      ['2026-11', 1, 11_000],
    ]);
    expect(trend!.months[0]).toMatchObject({
      rtoMs: 17_400,
      steps: {noticed: 3100, verdict: 4200, started: 200, answered: 3200, rest: 42_100},
    });
  });
  test('keep faults apart, and know nothing of what was stopped', () => {
    const stopped = reportOf('2026-09-01T10:00:00.000Z', {fault: 'reboot', verdict: {result: 'stopped'}});
    const trends = trendsOf([stopped, recorded('held-partition'), recorded('passed-stop')]);
    expect(trends.map(({fault}) => fault)).toEqual(['stop', 'partition']);
    expect(trends[1]!.months[0]).toMatchObject({
      rtoMs: null,
      steps: {noticed: 4000, verdict: null, rest: null},
    });
  });
});

describe('what takes longer', () => {
  const slower = (reports: ReturnType<typeof yearOfDrills>) => trendsOf(reports)[0]!;
  test('is the step itself, not everything behind it', () => {
    const {slower: found, compared} = slower(yearOfDrills());
    expect(compared).toBe(true);
    expect(found).toEqual([{step: 'ready', beforeMs: 10_300, nowMs: 13_300, month: '2026-05', daysAgo: 184}]);
  });
  test('is nothing where it is as it was', () => {
    expect(slower(yearOfDrills(0))).toMatchObject({compared: true, slower: []});
  });
  test('is not known before a quarter of a year has passed', () => {
    expect(slower(yearOfDrills().slice(-3))).toMatchObject({compared: false, slower: []});
  });
  test('is not one bad day', () => {
    const year = yearOfDrills(0);
    const bad = reportOf('2026-11-20T14:30:00.000Z', {times: {...killed, ready: 60_000}});
    expect(slower([...year.slice(0, -1), bad])).toMatchObject({slower: []});
  });
  test('is compared with what there is, where nothing is of half a year ago', () => {
    const year = yearOfDrills();
    const few = [year[0]!, ...year.slice(-3)];
    expect(slower(few).slower[0]).toMatchObject({step: 'ready', month: '2025-12', daysAgo: 335});
  });
});
