import {describe, expect, it} from 'vitest';
import type {StageId, StageReport} from '../../src/drill/report.js';
import {verdictOf, type Judged} from '../../src/drill/verdict.js';
import {killed} from './report-of.js';

type Times = Partial<Record<StageId, number | null>>;
const stagesOf = (times: Times, more: Partial<Record<StageId, Partial<StageReport>>> = {}): StageReport[] =>
  Object.entries(times).map(([id, ms]) => ({
    id: id as StageId,
    ms,
    usualMs: null,
    promisedMs: null,
    plainMs: null,
    note: '',
    ...more[id as StageId],
  }));

/** A takeover that went well; `change` is what did not. */
const judged = (change: Partial<Judged> = {}) =>
  verdictOf({
    fault: 'stop',
    expected: 'takeover',
    outcome: 'takeover',
    stages: stagesOf(killed),
    rtoMs: 17_400,
    rpoMs: 180_000,
    targets: {rtoMs: 60_000, rtoFrom: 'pair', rpoMs: 600_000},
    proofs: [{kind: 'channel', ok: true, ms: 17_400, detail: 'irc backup is connected'}],
    left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
    handBackFailed: false,
    told: true,
    forced: false,
    stopped: null,
    wentOn: false,
    problems: [],
    notes: [],
    ...change,
  });
const held: Partial<Judged> = {
  fault: 'partition',
  expected: 'hold',
  outcome: 'held',
  rtoMs: null,
  proofs: [],
  stages: stagesOf({fault: 0, 'first-bad': 5_000, asked: 8_000, held: 45_000}),
};

describe('a drill has passed', () => {
  it.each([
    [
      'with a takeover',
      {},
      /^This pair can be relied on: a bot was there again after 17\.4 s; "gateway ready" took longest, 9\.7 s\.$/,
    ],
    [
      'with a network that was cut and a standby that kept still',
      held,
      /^This pair can be relied on: the network was cut, and the standby kept still\.$/,
    ],
    [
      'with a primary that was back by itself',
      {fault: 'kill', expected: 'either', outcome: 'primary-back', rtoMs: 14_000},
      /^This pair can be relied on: the primary was back by itself after 14\.0 s, before a takeover was due\. Its standby was not needed, and so not tested\.$/,
    ],
    [
      'with an old workspace from which nobody had to start',
      {fault: 'kill', expected: 'either', outcome: 'primary-back', rtoMs: 14_000, rpoMs: 700_000},
      /was not needed, and so not tested\.$/,
    ],
    ['with a takeover where either may come', {fault: 'reboot', expected: 'either'}, /a bot was there again/],
    [
      'at the target to the millisecond',
      {targets: {rtoMs: 17_400, rtoFrom: 'pair', rpoMs: 180_000}},
      /relied on:/,
    ],
    ['without targets', {targets: {rtoMs: null, rtoFrom: 'promise', rpoMs: null}}, /relied on:/],
  ] as const)('%s', (_, change, say) => {
    expect(judged(change as Partial<Judged>)).toMatchObject({result: 'passed', reasons: [], remarks: []});
    expect(judged(change as Partial<Judged>).say).toMatch(say);
  });
});

describe('a drill has passed with remarks', () => {
  const stage = (id: StageId, more: Partial<StageReport>) => stagesOf(killed, {[id]: more});
  it.each([
    [
      'slower than usual',
      {stages: stage('ready', {usualMs: 11_000})},
      '"gateway ready" came after 17.2 s; usually after 11.0 s.',
    ],
    [
      'later than promised',
      {stages: stage('verdict', {promisedMs: 7_000})},
      '"verdict" came after 7.3 s; promised within 7.0 s.',
    ],
    [
      'nobody told',
      {stages: stagesOf({...killed, told: null})},
      'Nobody was seen to be told of the takeover.',
    ],
    ['forced', {forced: true}, 'It was made against a red check (--force).'],
    [
      'a timer that is still armed',
      {left: {primary: 'well', standby: 'asleep', deadMan: 'armed'}},
      'The timer on the primary is still armed; it undoes the fault once more, which does no harm.',
    ],
    [
      'a standby of which nothing is known',
      {left: {primary: 'well', standby: 'unknown', deadMan: 'disarmed'}},
      'How the hosts were left could not be seen.',
    ],
    ['a workspace of unknown age beside a target', {rpoMs: null}, 'How old the workspace was is not known.'],
    ['something on the way', {notes: ['The clock was set.']}, 'The clock was set.'],
  ] as [string, Partial<Judged>, string][])('%s', (_, change, remark) => {
    const verdict = judged(change);
    expect(verdict).toMatchObject({result: 'remarks', reasons: [], remarks: [remark]});
    expect(verdict.say).toMatch(/^This pair can be relied on, with remarks: /);
  });

  it.each([
    ['half as long again, and less than 5 s', stage('connected', {usualMs: 13_000})],
    ['5 s, and less than half as long again', stage('rest', {usualMs: 60_000})],
    ['what nobody knows the usual time of', stage('ready', {usualMs: null})],
    ['what was not reached', stagesOf({...killed, ready: null}, {ready: {usualMs: 1, promisedMs: 1}})],
  ])('not for %s', (__, stages) => expect(judged({stages}).result).toBe('passed'));

  it('says of a stage that is both only how it usually is', () =>
    expect(judged({stages: stage('ready', {usualMs: 5_000, promisedMs: 10_000})}).remarks).toHaveLength(1));

  it('says nothing of who is told where nobody is', () =>
    expect(judged({told: false, stages: stagesOf({...killed, told: null})}).result).toBe('passed'));
});

describe('a drill has failed', () => {
  it.each([
    [
      'slower than the target',
      {targets: {rtoMs: 17_000, rtoFrom: 'pair', rpoMs: null}},
      'A bot was there again after 17.4 s; the target is 17 s.',
    ],
    [
      'an older workspace than the target',
      {targets: {rtoMs: null, rtoFrom: 'promise', rpoMs: 60_000}},
      'The workspace was 3 min old; the target is 1 min.',
    ],
    [
      'a message without an answer',
      {proofs: [{kind: 'message', ok: false, ms: null, detail: 'no answer within 120 s'}]},
      'The message: no answer within 120 s',
    ],
    [
      'a primary that is not well',
      {left: {primary: 'not-well', standby: 'asleep', deadMan: 'armed'}},
      'The primary did not become well again.',
    ],
    // The standby beside it is right to stay.
    [
      'a primary that is not well, and a standby in charge',
      {left: {primary: 'not-well', standby: 'active', deadMan: 'armed'}},
      'The primary did not become well again.',
    ],
    [
      'a standby that does not give back',
      {left: {primary: 'well', standby: 'active', deadMan: 'disarmed'}},
      'The standby did not give back.',
    ],
    [
      'a standby that is anywhere else',
      {left: {primary: 'well', standby: 'other', deadMan: 'disarmed'}},
      'The standby did not come to rest.',
    ],
    [
      'a primary that is not well, and a standby that is anywhere else',
      {left: {primary: 'not-well', standby: 'other', deadMan: 'armed'}},
      'The primary did not become well again.',
    ],
    [
      'a hand-back that failed',
      {handBackFailed: true},
      'What the standby changed in the workspace was not handed back.',
    ],
    ['no takeover', {outcome: 'nothing', rtoMs: null}, 'The standby did not take over.'],
    [
      'a primary that something else brought back',
      {outcome: 'primary-back', rtoMs: 20_000},
      'The primary was back before the standby took over.',
    ],
    ['a takeover without a bot', {rtoMs: null}, 'The standby took over, and its bot was not seen connected.'],
    [
      'a takeover in a partition',
      {...held, outcome: 'takeover'},
      'The standby took over although the primary lives and only the network was cut.',
    ],
    [
      'the same, seen on the way: it is said once',
      {
        ...held,
        outcome: 'takeover',
        problems: ['The standby took over although the primary lives and only the network was cut.'],
      },
      'The standby took over although the primary lives and only the network was cut.',
    ],
    [
      'a cut that nobody noticed',
      {...held, outcome: 'nothing'},
      'The standby did not notice that the network was cut.',
    ],
    [
      'a fault that was not made',
      {outcome: 'nothing', rtoMs: null, problems: ['It could not be made.']},
      'It could not be made.',
    ],
  ] as [string, Partial<Judged>, string][])('%s', (_, change, reason) => {
    const verdict = judged(change);
    expect(verdict).toMatchObject({result: 'failed', reasons: [reason]});
    expect(verdict.say).toMatch(/^This pair cannot be relied on as it is/);
  });

  it('with everything that went wrong, and its remarks beside', () => {
    const verdict = judged({problems: ['One.', 'Two.'], handBackFailed: true, forced: true});
    expect(verdict.reasons).toHaveLength(3);
    expect(verdict.remarks).toHaveLength(1);
  });
});

describe('a drill that was stopped proves nothing', () => {
  it('whatever was seen of it', () => {
    const verdict = judged({
      stopped: 'The operator ended it.',
      outcome: 'nothing',
      rtoMs: null,
      forced: true,
    });
    expect(verdict).toMatchObject({
      result: 'stopped',
      say: 'The drill did not come to its end, so it proves nothing.',
      reasons: ['The operator ended it.'],
    });
  });

  it('and still says what went wrong', () =>
    expect(judged({stopped: 'Ended.', problems: ['Not undone.']}).reasons).toEqual([
      'Ended.',
      'Not undone.',
    ]));
});

describe('what took longest', () => {
  const slowest = (times: Times, change: Partial<Judged> = {}) =>
    judged({stages: stagesOf(times), ...change}).slowest;
  it.each([
    ['is counted from the stage before', killed, {id: 'ready', tookMs: 9_700}],
    ['skips what was not reached', {...killed, ready: null}, {id: 'connected', tookMs: 9_900}],
    [
      'is not how long a gateway drained',
      {stopping: -300_000, fault: 0, 'first-bad': 4_000},
      {id: 'first-bad', tookMs: 4_000},
    ],
    ['is not the way back', {fault: 0, connected: 5_000, rest: 90_000}, {id: 'connected', tookMs: 5_000}],
    ['is nothing where nothing was reached', {fault: 0, connected: null}, null],
    ['is nothing where all came before the fault', {fault: 0, 'first-bad': -500}, null],
  ] as [string, Times, unknown][])('%s', (_, times, expected) => expect(slowest(times)).toEqual(expected));
});
