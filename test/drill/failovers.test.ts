import {describe, expect, test} from 'vitest';
import {failoversOf} from '../../src/drill/failovers.js';
import type {EventTold} from '../../src/sampler/told.js';
import {recordedEvents} from '../screens/watch/model/recorded-events.js';
import {reportOf} from './report-of.js';

/** What a monitor wrote during a real takeover, had nobody called it a test. */
const real = recordedEvents.filter(({event}) => event !== 'tested');
const promoted = real.find(({event}) => event === 'promoted')!;
const moved = (events: readonly EventTold[], days: number, boot: string): EventTold[] =>
  events.map((event) => ({...event, boot, atMs: event.atMs + days * 86_400_000}));

describe('real failovers', () => {
  test('are the takeovers that were no tests, counted from the last good probe', () => {
    const [found, ...more] = failoversOf(real, []);
    expect(more).toEqual([]);
    expect(found!.stages).toMatchObject({started: expect.any(Number) as number});
    const {stages, beganAt} = found!;
    expect(Date.parse(beganAt) + stages.connected!).toBe(promoted.atMs);
    const inOrder = [stages['first-bad'], stages.verdict, stages.started, stages.ready, stages.connected];
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a! - b!));
    expect(inOrder).not.toContain(null);
  });
  test('say what they were taken for, and which drill is like that', () => {
    const taken = (reason: string | null) => {
      const [found] = failoversOf(
        real.map((event) => ({...event, reason})),
        [],
      );
      return [found!.reason, found!.like];
    };
    expect(taken('stopped')).toEqual(['gateway stopped', 'stop']);
    expect(taken('failed')).toEqual(['gateway failed', 'kill']);
    expect(taken('silent')).toEqual(['host lost', null]);
    expect(taken('constructor')).toEqual(['constructor', null]);
    expect(taken(null)).toEqual(['not known', null]);
  });
  test('are no tests', () => expect(failoversOf(recordedEvents, [])).toEqual([]));
  test('are no drills, whose takeover nobody could call a test', () => {
    const drill = reportOf(new Date(promoted.atMs - 60_000).toISOString());
    expect(failoversOf(real, [drill])).toEqual([]);
    expect(failoversOf(real, [reportOf('2026-01-01T00:00:00.000Z')])).toHaveLength(1);
  });
  test('are not what went on, was cleared, or could not take over', () => {
    const until = real.findIndex(({event}) => event === 'promoted');
    expect(failoversOf(real.slice(0, until), [])).toEqual([]);
    const blocked = {...promoted, event: 'blocked', to: 'blocked'};
    expect(failoversOf([...real.slice(0, until), blocked], [])).toEqual([]);
  });
  test('are each told once, oldest first, whatever the order of the files', () => {
    const later = moved(real, 40, 'later');
    const found = failoversOf([...later, ...real, ...real], []);
    expect(found).toHaveLength(2);
    expect(Date.parse(found[1]!.beganAt) - Date.parse(found[0]!.beganAt)).toBe(40 * 86_400_000);
  });
  test('are not pushed out by thousands of doubts', () => {
    const last = real.at(-1)!;
    const doubts = Array.from({length: 3000}, (_, index): EventTold => ({
      ...last,
      boot: 'doubts',
      seq: index,
      ms: index * 60_000,
      atMs: last.atMs + index * 60_000,
      event: index % 2 === 0 ? 'suspected' : 'cleared',
      durations: {},
    }));
    expect(failoversOf([...real, ...doubts], [])[0]!.stages.verdict).not.toBeNull();
  });
});
