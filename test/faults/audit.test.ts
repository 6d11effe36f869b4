import {describe, expect, it} from 'vitest';
import type {EventName, MonitorEvent} from '../../src/monitor/events.js';
import type {StateName} from '../../src/monitor/memory.js';
import {audit, type Sample} from '../lab/faults/audit.js';

let seq = 0;
function event(ms: number, name: EventName, from: StateName, to: StateName = from, more = {}): MonitorEvent {
  seq += 1;
  return {
    time: '2026-01-01T00:00:00.000Z',
    ms,
    boot: 'a',
    seq,
    event: name,
    level: 'info',
    from,
    to,
    evidence: {role: {want: 'standby', seq: 1}, promotions: 0},
    durations: {inStateMs: 0},
    say: '',
    ...more,
  };
}

/** A takeover from the first bad probe to the bot, and back. */
const takeover = (atMs: number): MonitorEvent[] => [
  event(atMs, 'suspected', 'watching', 'suspect'),
  event(atMs + 5_000, 'promoting', 'suspect', 'promoting'),
  event(atMs + 15_000, 'promoted', 'promoting', 'active'),
  event(atMs + 60_000, 'primary-back', 'active', 'recovering'),
  event(atMs + 100_000, 'demoting', 'recovering', 'demoting'),
  event(atMs + 103_000, 'demoted', 'demoting', 'watching'),
];

/** As one log: in the given order, without a hole. */
const log = (...events: MonitorEvent[]) => events.map((one, index) => ({...one, seq: index + 1}));

const samples = (...list: [number, StateName | undefined, boolean][]): Sample[] =>
  list.map(([ms, state, runs]) => ({ms, state, runs}));

describe('the audit of a row', () => {
  it('finds nothing in a takeover and its return', () => {
    expect(
      audit({events: takeover(0), samples: samples([0, 'active', true], [9_000, 'active', true])}),
    ).toEqual([]);
  });

  it('finds a gateway that runs while the standby sleeps', () => {
    const seen = samples([0, 'watching', true], [2_000, 'watching', true], [4_000, 'watching', true]);
    expect(audit({events: [], samples: seen})).toEqual([expect.stringContaining('I1')]);
  });

  it('gives a gateway three seconds to stop, and asks nothing while the monitor is silent', () => {
    const seen = samples([0, 'watching', true], [2_900, 'watching', true], [3_100, 'watching', false]);
    expect(audit({events: [], samples: seen})).toEqual([]);
    expect(audit({events: [], samples: samples([0, undefined, true], [60_000, undefined, true])})).toEqual(
      [],
    );
  });

  it('finds a hole in the numbers of the events, and one that came twice', () => {
    const [one, , three] = takeover(0);
    const text = audit({events: [one!, {...three!, from: 'suspect'}], samples: []});
    expect(text).toEqual([expect.stringContaining('I8')]);
    expect(audit({events: [one!, {...one!, from: 'suspect'}], samples: []})).toEqual([
      expect.stringContaining('I8'),
    ]);
  });

  it('finds a state that changed without an event', () => {
    const events = [
      event(0, 'suspected', 'watching', 'suspect'),
      event(1_000, 'promoted', 'promoting', 'active'),
    ];
    expect(audit({events, samples: []})).toEqual([expect.stringContaining('leaves promoting')]);
  });

  it('finds a takeover that never ends', () => {
    const events = [
      event(0, 'promoting', 'suspect', 'promoting'),
      event(100_000, 'retrying', 'promoting'),
      event(181_000, 'blocked', 'promoting', 'blocked'),
    ];
    expect(audit({events, samples: []})).toEqual(['I3: promoting for 181000 ms']);
  });

  it('finds a third takeover within a quarter of an hour', () => {
    const events = log(...takeover(0), ...takeover(200_000), ...takeover(400_000));
    expect(audit({events, samples: []})).toEqual([expect.stringContaining('I9: 3 takeovers')]);
    const spread = log(...takeover(0), ...takeover(200_000), ...takeover(910_000));
    expect(audit({events: spread, samples: []})).toEqual([]);
  });

  it('counts going on after a reboot with the takeover before it', () => {
    const events = log(
      ...takeover(0),
      ...takeover(200_000).slice(0, 3),
      event(300_000, 'resuming', 'active', 'suspect', {boot: 'b'}),
      event(301_000, 'promoting', 'suspect', 'promoting', {boot: 'b'}),
    );
    expect(audit({events, samples: []})).toEqual([]);
  });

  it('finds a restart that changes the role', () => {
    const events = log(...takeover(0).slice(0, 3), event(20_000, 'started', 'active', 'watching'));
    expect(audit({events, samples: []})).toEqual([expect.stringContaining('I10')]);
  });

  it('leaves out what a row breaks on purpose', () => {
    const seen = samples([0, 'watching', true], [4_000, 'watching', true]);
    expect(audit({events: [], samples: seen}, ['role'])).toEqual([]);
  });
});
