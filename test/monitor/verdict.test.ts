import {describe, expect, test} from 'vitest';
import type {Asked, Interrogation, ProbeClass} from '../../src/monitor/evidence.js';
import {learnedStartMs, withRestart} from '../../src/monitor/learn.js';
import {decide} from '../../src/monitor/machine.js';
import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import {ruleOf, rules, type Reason} from '../../src/monitor/verdict.js';
import {answers, hear, hearWith, online, probe, report, reporting, silent, unavailable} from './hearing.js';
import {settings} from './settings-of-tests.js';

const refusedKey: Asked = {kind: 'refused', path: 'private', detail: 'Permission denied'};
const mute: Asked = {kind: 'mute', detail: 'it takes the connection, and no SSH answers in time'};
const slow = (path: 'private' | 'public' = 'private'): Asked => ({
  kind: 'slow',
  path,
  detail: 'its SSH answers',
});
const otherHost: Asked = {kind: 'other-host', detail: 'Host key verification failed'};
const alive: Interrogation['publicPath'] = {alive: true, detail: 'answers'};
const gone: Interrogation['publicPath'] = {alive: false, detail: 'no answer in time'};
const offline = {alive: false, by: 'no witness answers'};

type Case = [
  probe: ProbeClass,
  asked: Asked | null,
  reason: Reason,
  more?: Partial<Interrogation> & {reporting?: boolean; classic?: boolean},
];

// prettier-ignore
const cases: Case[] = [
  ['refused', null, 'plain'],
  ['hung', null, 'plain-hung'],
  ['draining', null, 'draining'],
  ['starting', null, 'starting'],
  ['own-network-bad', null, 'isolated'],
  ['unreachable', null, 'plain'],

  ['refused', report({unit: 'failed', result: 'start-limit-hit'}), 'failed'],
  ['refused', report({unit: 'inactive', exitCode: 78}), 'failed'],
  ['refused', report({unit: 'activating', exitCode: 78}), 'failed'],
  ['refused', report({unit: 'active', exitCode: 78}), 'unbound'],
  ['refused', report({unit: 'inactive'}), 'stopped'],
  ['refused', report({unit: 'activating', result: 'signal'}), 'starting'],
  ['refused', report({unit: 'deactivating'}), 'starting'],
  ['refused', report({unit: 'active'}), 'unbound'],
  ['refused', report({unit: 'active', loopback: 'ok', listens: 'loopback'}), 'unbound'],
  ['refused', report({unit: 'active', loopback: 'starting'}), 'starting'],
  ['refused', report({unit: 'absent'}), 'plain'],
  ['refused', report({unit: 'absent', loopback: 'ok'}), 'unbound'],
  ['refused', report({unit: 'unknown'}), 'plain'],
  ['unreachable', report({unit: 'active', loopback: 'ok'}), 'unbound'],
  ['unreachable', report({unit: 'active', loopback: 'ok'}, 'public'), 'partition'],
  ['unreachable', report({unit: 'active', loopback: 'hung'}, 'public'), 'hung'],
  ['unreachable', report({unit: 'failed', loopback: 'refused'}, 'public'), 'failed'],
  ['unreachable', report({unit: 'active', loopback: 'refused'}, 'public'), 'unbound'],
  // Run by hand, or by another unit than the one that setup knows.
  ['unreachable', report({unit: 'failed', loopback: 'ok'}, 'public'), 'partition'],
  ['unreachable', report({unit: 'inactive', exitCode: 78, loopback: 'ok'}, 'public'), 'partition'],
  ['unreachable', report({unit: 'inactive', loopback: 'ok'}, 'public'), 'partition'],
  ['unreachable', report({unit: 'activating', loopback: 'ok'}, 'public'), 'partition'],
  ['unreachable', report({unit: 'failed', loopback: 'ok'}), 'unbound'],
  ['refused', report({unit: 'failed', loopback: 'ok', listens: 'loopback'}), 'unbound'],
  ['hung', report({unit: 'active', loopback: 'hung'}), 'hung'],
  ['hung', report({unit: 'active', loopback: 'draining'}), 'draining'],
  ['http-bad', report({unit: 'active', loopback: 'bad'}), 'wrong'],
  ['wrong-service', report({unit: 'active', loopback: 'bad'}), 'wrong'],
  ['wrong-service', report({unit: 'inactive', loopback: 'bad'}), 'stopped'],

  ['hung', mute, 'frozen', {publicPath: gone}],
  ['unreachable', mute, 'frozen'],
  ['hung', mute, 'plain-hung', {publicPath: alive}],
  ['refused', mute, 'plain'],
  ['hung', mute, 'plain-hung', {reporting: false}],
  ['hung', slow(), 'hung', {publicPath: gone}],
  ['unreachable', slow(), 'hung'],
  ['unreachable', slow(), 'hung', {publicPath: alive}],
  ['unreachable', slow(), 'hung', {witness: offline}],
  ['hung', slow(), 'hung', {reporting: false}],
  ['refused', slow(), 'plain'],
  ['hung', slow('public'), 'hung'],
  ['unreachable', slow('public'), 'partition'],
  ['unreachable', silent, 'silent', {publicPath: gone}],
  ['unreachable', silent, 'silent'],
  ['hung', silent, 'plain-hung', {publicPath: gone}],
  ['unreachable', silent, 'plain', {reporting: false}],
  ['hung', silent, 'plain-hung', {reporting: false}],
  ['refused', silent, 'plain'],
  ['unreachable', silent, 'partition', {publicPath: alive}],
  ['hung', silent, 'plain-hung', {publicPath: alive}],
  ['unreachable', silent, 'isolated', {witness: offline}],
  ['unreachable', silent, 'partition', {publicPath: alive, witness: offline}],
  ['unreachable', refusedKey, 'plain', {reporting: false}],
  ['refused', refusedKey, 'plain'],
  ['unreachable', otherHost, 'other-host'],
  ['unreachable', otherHost, 'other-host', {publicPath: alive}],
  ['unreachable', unavailable, 'plain'],

  ['refused', report({unit: 'failed'}), 'classic', {classic: true}],
  ['draining', report(), 'draining', {classic: true}],
];

test.each(cases)('%s, %j: %s', (seen, asked, reason, more = {}) => {
  const {reporting = true, classic = false, publicPath = null, witness = online} = more;
  const inquiry = asked && {asked, publicPath, witness};
  expect(ruleOf({probe: seen, inquiry, reporting, classic}, rules).reason).toBe(reason);
});

test('the last rule always fits', () => {
  expect(rules.at(-1)!.when({probe: 'refused', inquiry: null, reporting: false, classic: false})).toBe(true);
});

/** When the standby takes over from a primary that is like this from 0 on, probed and asked every second; ms. */
function deadAfter(
  seen: ProbeClass | ((ms: number) => ProbeClass),
  asked: Asked | ((ms: number) => Asked),
  {
    s = settings,
    until = 400_000,
    from = freshMemory(0),
    publicPath = null as Interrogation['publicPath'],
  } = {},
): number | undefined {
  let memory: Memory = reporting(from);
  for (let ms = 1000; ms <= until; ms += 1000) {
    const now = typeof seen === 'function' ? seen(ms) : seen;
    const said = typeof asked === 'function' ? asked(ms) : asked;
    memory = hearWith(s, memory, probe(now, ms), answers(ms + 300, said, online, publicPath));
    if (memory.state === 'promoting') return ms - 1000 + 300;
  }
  return undefined;
}

describe('how long each reason is given', () => {
  test.each([
    ['a failed unit: two reports', 'refused', report({unit: 'failed'}), 1_300],
    ['stopped by somebody', 'refused', report({unit: 'inactive'}), 30_300],
    ['starting', 'refused', report({unit: 'activating'}), 45_300],
    ['draining', 'draining', report({loopback: 'draining'}), 330_300],
    ['active and refused', 'refused', report(), 60_300],
    ['hung', 'hung', report({loopback: 'hung'}), 60_300],
    ['errors', 'http-bad', report({loopback: 'bad'}), 30_300],
    ['silent on every path', 'unreachable', silent, 12_300],
    ['frozen', 'hung', mute, 12_300],
    ['a host too slow to be asked, hung', 'hung', slow(), 60_300],
    ['a host too slow to be asked, out of reach', 'unreachable', slow(), 60_300],
    ['another host', 'unreachable', otherHost, 60_300],
    ['it cannot be asked, refused', 'refused', unavailable, 25_300],
    ['it cannot be asked, hung', 'hung', unavailable, 90_300],
  ] as const)('%s', (_name, seen, asked, ms) => {
    expect(deadAfter(seen, asked)).toBe(ms);
  });

  test('a cut private network never, unless the policy says so', () => {
    const cut = {publicPath: alive};
    expect(deadAfter('unreachable', silent, cut)).toBeUndefined();
    expect(deadAfter('unreachable', report({unit: 'failed', loopback: 'ok'}, 'public'), cut)).toBeUndefined();
    expect(deadAfter('unreachable', silent, {...cut, s: {...settings, onPartition: 'promote'}})).toBe(30_300);
  });

  test('three bad probes in a row in the classic profile, whatever anybody says', () => {
    const s = {...settings, profile: 'classic' as const};
    expect(deadAfter('refused', report({unit: 'failed'}), {s})).toBe(20_300);
  });
});

describe('signs that change', () => {
  test('a primary that fails in changing ways is dead after the longest of their times', () => {
    const alternating = (ms: number): ProbeClass => (Math.floor(ms / 5000) % 2 ? 'hung' : 'refused');
    expect(deadAfter(alternating, report())).toBe(60_300);
  });

  test('a crash loop: restarting, active and refused, restarting', () => {
    const looping = (ms: number) => report({unit: Math.floor(ms / 7000) % 2 ? 'active' : 'activating'});
    expect(deadAfter('refused', looping)).toBe(60_300);
  });

  test('a milder sign breaks the clearer ones: one report ends 11 s of silence', () => {
    const lossy = (ms: number) => (ms === 11_000 ? report({loopback: 'ok'}) : silent);
    expect(deadAfter('unreachable', lossy)).toBe(11_000 + 12_300);
  });

  test('a starved host that greets now and then is no frozen one', () => {
    const starved = (ms: number) => (ms % 5000 === 0 ? slow() : mute);
    expect(deadAfter('hung', starved)).toBe(60_300);
  });

  test('a unit that fails after a minute of draining is dead two reports later', () => {
    const seen = (ms: number): ProbeClass => (ms <= 60_000 ? 'draining' : 'refused');
    const asked = (ms: number) => (ms <= 60_000 ? report({loopback: 'draining'}) : report({unit: 'failed'}));
    expect(deadAfter(seen, asked)).toBe(61_300);
  });

  test('not to know yet breaks nothing: the silence counts from the first bad probe', () => {
    const memory = hear(
      reporting(freshMemory(0)),
      probe('unreachable', 1000),
      probe('unreachable', 3000),
      answers(5000, silent),
      probe('unreachable', 6000),
      probe('unreachable', 9000),
      answers(9500, silent),
    );
    expect(memory.state).toBe('suspect');
    expect(hear(memory, probe('unreachable', 13_000)).state).toBe('promoting');
  });
});

describe('what a primary needs to start is learned from its own restarts', () => {
  test.each([
    ['nothing known', [], 45_000],
    ['one quick restart does not make it impatient', [12_000], 45_000],
    ['three do', [12_000, 14_000, 16_000], 24_000],
    ['but never below 20 s', [3_000, 3_000, 3_000], 20_000],
    ['one slow restart makes it patient at once', [50_000], 75_000],
    ['but never beyond 2 min', [110_000], 120_000],
  ])('%s', (_name, restarts, ms) => {
    expect(learnedStartMs(settings, {restarts})).toBe(ms);
  });

  test('twenty are kept, and what is too long to be learned from teaches nothing', () => {
    const many = Array.from({length: 25}, (_each, index) => 1000 + index);
    const kept = many.reduce<number[]>((known, ms) => withRestart(known, ms), []);
    expect(kept).toEqual(many.slice(-20));
    expect(withRestart(kept, 600_000)).toEqual(kept);
  });

  test('a restart that was seen as one is remembered with its length; an outage without one is not', () => {
    const start = reporting(freshMemory(0));
    const restarted = hear(
      start,
      probe('refused', 1000),
      answers(1300, report({unit: 'activating'})),
      probe('starting', 15_000),
      probe('ok', 22_000),
    );
    expect(restarted.restarts).toEqual([21_000]);
    expect(hear(start, probe('unreachable', 1000), probe('ok', 8000)).restarts).toEqual([]);
  });

  test('the time that somebody kept it stopped is no restart; the start after it is', () => {
    const stopped = hear(
      reporting(freshMemory(0)),
      probe('refused', 1000),
      answers(1300, report({unit: 'deactivating'})),
      answers(2300, report({unit: 'inactive'})),
      probe('refused', 100_000),
      probe('starting', 110_000),
      probe('ok', 114_000),
    );
    expect(stopped.restarts).toEqual([4_000]);
  });
});

test('a host that has just booted takes over from nobody for a minute, and then does', () => {
  const booted = {...freshMemory(0), bootGraceMs: 60_000};
  expect(deadAfter('refused', report({unit: 'failed'}), {from: booted})).toBe(59_300);
});

describe('whether the primary could be asked is found out while it is well', () => {
  const well = hear(freshMemory(0), probe('ok', 0));

  test('two rounds without the report are told once, and its return', () => {
    const told = [unavailable, unavailable, unavailable, report()].reduce<{memory: Memory; events: string[]}>(
      ({memory, events}, asked, index) => {
        const decision = decide(memory, answers(index * 1000, asked), settings, index * 1000);
        return {memory: decision.memory, events: [...events, ...(decision.row ? [decision.row.level] : [])]};
      },
      {memory: well, events: []},
    );
    expect(told.events).toEqual(['warning', 'info']);
    expect(told.memory.reach).toMatchObject({works: true, failures: 0});
  });

  test('silence of a host that could not be asked before is no sign of death', () => {
    const lost = hear(reporting(well), answers(1, silent), answers(2, silent));
    expect(lost.reach.works).toBe(false);
    expect(hear(lost, probe('unreachable', 1000), answers(1100, silent)).suspicion?.reason).toBe('plain');
  });

  test('the silence of a suspected one takes nothing back', () => {
    const suspected = hear(
      reporting(well),
      probe('unreachable', 1000),
      answers(1100, silent),
      answers(2100, silent),
    );
    expect(suspected.reach.works).toBe(true);
    expect(suspected.suspicion?.reason).toBe('silent');
  });
});
