import {describe, expect, it} from 'vitest';
import {expectedOf, promisesOf} from '../../src/drill/expect.js';
import {impactOf, spanWords} from '../../src/drill/impact.js';
import {faultNames, stageIds, type FaultName} from '../../src/drill/report.js';
import {stagesFor} from '../../src/drill/stages.js';
import type {Variant} from '../simulator/sequence.js';
import {variants} from '../simulator/sequence.js';
import {settings} from '../monitor/settings-of-tests.js';

describe('what must come of a fault', () => {
  it.each([
    ['stop', 'usual', true, 'takeover', 30_000],
    ['stop', 'no report', true, 'takeover', 30_000],
    ['stop', 'classic', true, 'takeover', 20_000],
    ['kill', 'usual', true, 'either', 45_000],
    ['kill', 'usual', false, 'takeover', 900],
    ['kill', 'no report', true, 'either', 45_000],
    // Nobody tells the standby that nothing restarts it.
    ['kill', 'no report', false, 'takeover', 25_000],
    ['kill', 'classic', false, 'takeover', 20_000],
    ['hang', 'usual', true, 'takeover', 60_000],
    ['hang', 'no report', true, 'takeover', 90_000],
    ['partition', 'private only', true, 'takeover', 12_000],
    ['partition', 'no report', true, 'takeover', 25_000],
    ['partition', 'promote on partition', true, 'takeover', 30_000],
    ['partition', 'classic', true, 'takeover', 20_000],
    ['reboot', 'usual', true, 'either', 30_000],
  ] as [FaultName, Variant, boolean, string, number][])(
    '%s of a pair with %s (restarted: %s): %s, within the time that the monitor gives it',
    (fault, variant, restarts, outcome, holdMs) => {
      const expected = expectedOf(fault, variants[variant], restarts);
      expect(expected.outcome).toBe(outcome);
      // Noticed within a probe, and one more round with its questions.
      const {intervalMs, suspectIntervalMs} = variants[variant].probe;
      expect(expected.noticedMs).toBe(intervalMs + 2_000);
      expect(expected.decidedMs).toBe(expected.noticedMs + holdMs + suspectIntervalMs + 3_000);
      expect(expected.connectedMs).toBe(expected.decidedMs + 30_000);
    },
  );

  it('is that the standby keeps still, where it can tell a cut network from a dead host', () => {
    const expected = expectedOf('partition', variants.usual, true);
    expect(expected).toMatchObject({outcome: 'hold', rtoMs: 0, awayMs: 0});
    // Longer than a host that is really gone is given.
    expect(expected.stillMs).toBe(40_000);
  });

  it('waits with the monitor: a slower one is expected to be slower', () => {
    const slow = {...settings, holds: {...settings.holds, stoppedMs: 90_000}};
    expect(expectedOf('stop', slow, true).rtoMs - expectedOf('stop', settings, true).rtoMs).toBe(60_000);
  });

  it.each([
    ['kill', true, 86_000],
    ['kill', false, 41_900],
    ['stop', true, 71_000],
  ] as [FaultName, boolean, number][])(
    '%s (restarted: %s): a bot is there again within %i ms',
    (fault, restarts, ms) => expect(expectedOf(fault, variants.usual, restarts).rtoMs).toBe(ms),
  );
});

describe('what is promised for each stage', () => {
  it.each(faultNames)('of a %s comes in the order of the stages', (fault) => {
    const promised = promisesOf(expectedOf(fault, variants.usual, true));
    const ms = stageIds.flatMap((id) => promised[id] ?? []);
    expect(ms).toEqual(ms.toSorted((a, b) => a - b));
    expect(ms.length).toBeGreaterThanOrEqual(2);
  });

  it('of a network that is cut is how long it is watched', () =>
    expect(promisesOf(expectedOf('partition', variants.usual, true))).toEqual({
      'first-bad': 7_000,
      held: 47_000,
    }));
});

describe('the stages that lie ahead', () => {
  const all = {message: true, told: true};
  it.each([
    [
      'stop',
      'takeover',
      all,
      ['stopping', 'answered', 'told', 'rest', 'primary-ready'],
      ['held', 'handed-back'],
    ],
    ['kill', 'either', all, ['verdict', 'connected'], ['stopping', 'held']],
    ['stop', 'takeover', {message: false, told: false}, ['connected'], ['answered', 'told']],
    [
      'partition',
      'hold',
      all,
      ['asked', 'held', 'undone', 'back'],
      ['verdict', 'connected', 'primary-ready', 'rest', 'told'],
    ],
    ['partition', 'takeover', all, ['verdict', 'connected', 'rest'], ['held', 'primary-ready']],
  ] as const)('of a %s with %s, %j', (fault, expected, told, there, missing) => {
    const stages = stagesFor(fault, expected, told);
    expect(stages).toEqual(expect.arrayContaining([...there]));
    for (const id of missing) expect(stages).not.toContain(id);
    expect(stages).toEqual(stageIds.filter((id) => stages.includes(id)));
  });
});

describe('what a fault does to the users', () => {
  const impact = (fault: FaultName, restarts = true, variant: Variant = 'usual') =>
    impactOf({
      fault,
      expected: expectedOf(fault, variants[variant], restarts),
      gateway: 'user unit claw of ops',
      account: 'irc backup',
      revertS: 600,
    });

  it.each(faultNames)('a %s: three sentences, with how it ends when nobody is left', (fault) => {
    const said = impact(fault);
    expect(said).toHaveLength(3);
    for (const say of said) expect(say).toMatch(/^[A-Z].*\.$/);
    expect(said[2]).toMatch(
      fault === 'reboot' ? /nothing can undo a reboot/ : /undoes it by itself after 10 min\.$/,
    );
  });

  it.each([
    ['stop', true, 'usual', /user unit claw of ops.*finishes what it is answering/],
    ['kill', true, 'usual', /restarted by its own host/],
    ['kill', false, 'usual', /Nothing restarts it/],
    ['hang', true, 'usual', /accepts messages, and answers none/],
    ['partition', true, 'usual', /must keep still; it is watched for about 40 s/],
    ['partition', true, 'private only', /the standby takes over beside it after about 1 min at most/],
    ['reboot', true, 'usual', /everything on it is away/],
  ] as [FaultName, boolean, Variant, RegExp][])('%s (restarted: %s, %s)', (fault, restarts, variant, words) =>
    expect(impact(fault, restarts, variant).join(' ')).toMatch(words),
  );

  it.each([
    [600, '10 min'],
    [90, '90 s'],
    [60, '1 min'],
  ])('%i s are %s', (s, words) => expect(spanWords(s)).toBe(words));
});
