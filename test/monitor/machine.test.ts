import {describe, expect, test} from 'vitest';
import type {Happening} from '../../src/monitor/happening.js';
import {demotionHeld} from '../../src/monitor/judge.js';
import {decide, table} from '../../src/monitor/machine.js';
import {freshMemory, stateNames, type Memory} from '../../src/monitor/memory.js';
import {words} from '../../src/monitor/say.js';
import {answers, hear, hearWith, online, probe, report, silent} from './hearing.js';
import {settings} from './settings-of-tests.js';

describe('the table', () => {
  test('has a way out of every state, and only states that exist', () => {
    for (const state of stateNames)
      expect(
        table.some(({from, to}) => from.includes(state) && to !== 'same' && to !== state),
        state,
      ).toBe(true);
    for (const {from, to} of table) {
      expect(from.length).toBeGreaterThan(0);
      expect([...stateNames, 'same']).toContain(to);
    }
  });

  test('the gateway is asked for by exactly the rows that lead to promoting', () => {
    for (const row of table) {
      const asks = row.act.includes('ask-active');
      expect(asks, `${row.event} from ${row.from.join()}`).toBe(
        row.to === 'promoting' || row.event === 'retrying',
      );
    }
  });

  test('whoever leaves the active states asks for standby, or for nothing', () => {
    const active = ['promoting', 'active', 'recovering'];
    for (const row of table) {
      const leaves =
        row.to !== 'same' && !active.includes(row.to) && row.from.every((from) => active.includes(from));
      if (leaves)
        expect(
          row.act.some((act) => act === 'ask-standby' || act === 'ask-nothing'),
          row.event,
        ).toBe(true);
    }
  });

  test('every sentence ends as one, and each of its words is known', () => {
    for (const {say, event} of table) {
      expect(say, event).toMatch(/[.}]$|service$/);
      for (const [, word] of say.matchAll(/\{(\w+)\}/g)) expect(Object.keys(words), say).toContain(word);
    }
    const used = new Set(table.flatMap(({say}) => [...say.matchAll(/\{(\w+)\}/g)].map(([, word]) => word)));
    expect(Object.keys(words).filter((word) => !used.has(word))).toEqual([]);
  });
});

test('one good probe forgets the suspicion', () => {
  const memory = hear(freshMemory(0), probe('refused', 0), probe('hung', 10_000), probe('ok', 20_000));
  expect(memory).toMatchObject({state: 'watching', suspicion: null});
});

test('a gap takes the suspicion and moves the deadlines', () => {
  const before: Memory = {
    ...hear(freshMemory(0), probe('refused', 0)),
    state: 'promoting',
    takeover: {
      promotingMs: 1,
      attempt: 1,
      attemptMs: 1,
      retryMs: 5,
      activeMs: null,
      started: false,
      ready: false,
    },
  };
  const {memory} = decide(before, {on: 'gap', ms: 1000}, settings, 2000);
  expect(memory).toMatchObject({
    state: 'promoting',
    suspicion: null,
    takeover: {attemptMs: 1001, retryMs: 1005},
  });
});

describe('a verdict needs somebody to have been asked after the first bad probe', () => {
  const asked = (startedMs: number, alive = true) => answers(startedMs, silent, {alive, by: 'x'});
  const bad = hear(freshMemory(0), probe('refused', 10_000), probe('refused', 34_000));

  test('asked: promoting', () => {
    expect(hear(bad, asked(35_500), probe('refused', 36_000)).state).toBe('promoting');
  });
  test('asked before it: not yet', () => {
    expect(hear(bad, asked(9_000), probe('refused', 36_000)).state).toBe('suspect');
  });
  test('the way out of this host does not answer: held', () => {
    expect(hear(bad, asked(35_500, false), probe('refused', 36_000))).toMatchObject({
      state: 'suspect',
      held: 'isolated',
    });
  });
  test('the primary is well after all: cleared, whatever anybody says', () => {
    expect(hear(bad, asked(35_500, false), probe('ok', 36_000)).state).toBe('watching');
  });
});

describe('an operator takes over', () => {
  const promote: Happening = {on: 'promote', why: 'a kernel update'};
  const asleep = hear(freshMemory(0), probe('ok', 0));

  test('while the primary is well and the failover paused', () => {
    const paused = hear(asleep, {on: 'pause', untilMs: 1e6, why: 'x', id: 'x'});
    const {memory, sentence} = decide(paused, promote, settings, 1000);
    expect(memory).toMatchObject({state: 'promoting', byHand: true, promotions: []});
    expect(sentence).toContain('a kernel update');
  });

  test('it stays until an operator gives back, however well the primary is', () => {
    const active: Memory = {
      ...asleep,
      state: 'recovering',
      byHand: true,
      takeover: {
        promotingMs: 0,
        attempt: 1,
        attemptMs: 0,
        retryMs: null,
        activeMs: 0,
        started: true,
        ready: true,
      },
    };
    const well = hear(active, ...[0, 1, 2, 3, 4].map((n) => probe('ok', 600_000 + n * 10_000)));
    expect(well).toMatchObject({state: 'recovering', held: 'by-hand'});
    const back = hear(decide(well, {on: 'failback'}, settings, 640_000).memory, probe('ok', 641_000));
    expect(back).toMatchObject({state: 'demoting', byHand: false});
  });

  test('it takes back a wish to give back, and stays then', () => {
    const leaving: Memory = {...asleep, state: 'active', failbackAsked: true};
    const {memory, row, sentence} = decide(leaving, promote, settings, 1000);
    expect(row?.event).toBe('failback-dropped');
    expect(memory).toMatchObject({state: 'active', byHand: true, failbackAsked: false});
    expect(sentence).toContain('a kernel update');
    const well = hear(memory, ...[0, 1, 2, 3, 4].map((n) => probe('ok', 600_000 + n * 10_000)));
    expect(well.state).toBe('recovering');
    expect(demotionHeld({m: well, s: settings})).toBe('by-hand');
  });

  test('there is nothing to do while it is active already', () => {
    const active: Memory = {...asleep, state: 'active'};
    expect(decide(active, promote, settings, 1000)).toMatchObject({
      memory: {state: 'active', byHand: false},
      row: {event: 'promote-refused'},
    });
  });
});

describe('blocked', () => {
  const blocked = (reason: 'partition' | 'failed') => {
    const asked = reason === 'partition' ? silent : report({unit: 'failed'});
    const path = reason === 'partition' ? {alive: true, detail: 'answers'} : null;
    const shown = reason === 'partition' ? ('unreachable' as const) : ('refused' as const);
    let memory: Memory = {...freshMemory(0), state: 'blocked', sinceMs: 0};
    for (let ms = 250_000; ms <= 330_000; ms += 2000)
      memory = hear(memory, answers(ms, asked, online, path), probe(shown, ms + 500));
    return memory.state;
  };

  test('after 5 min it tries again with a primary that is dead', () => {
    expect(blocked('failed')).toBe('promoting');
  });

  test('and not with one that is only cut off', () => {
    expect(blocked('partition')).toBe('blocked');
  });
});

describe('a takeover that ended in blocked leaves nothing to the next', () => {
  const takeover = {
    promotingMs: 0,
    attempt: 2,
    attemptMs: 0,
    retryMs: null,
    activeMs: 0,
    started: true,
    ready: false,
  };
  const latch = {untilMs: 900_000, told: true};
  const left = {failbackAsked: true, byHand: true, latch, degraded: 'x', takeover};

  test('the primary is well again', () => {
    const blocked: Memory = {...freshMemory(0), state: 'blocked', ...left};
    const well = hear(blocked, ...[0, 1, 2, 3, 4].map((n) => probe('ok', 100_000 + n * 10_000)));
    expect(well).toMatchObject({state: 'watching', failbackAsked: false, byHand: false});
    expect(well).toMatchObject({latch: null, degraded: null, takeover: null});
  });

  test('nor does a giving back that was asked for before: manual failback stays manual', () => {
    const dead = (resume: boolean) =>
      hear(
        {...freshMemory(0), state: 'suspect', failbackAsked: true, resume},
        probe('refused', 10_000),
        probe('refused', 34_000),
        answers(35_500, silent),
        probe('refused', 36_000),
      );
    expect(dead(false)).toMatchObject({state: 'promoting', failbackAsked: false});
    // Going on after a reboot is the same takeover.
    expect(dead(true)).toMatchObject({state: 'promoting', failbackAsked: true});
  });
});

describe('a host that rebooted while it was active, and the private network is cut', () => {
  const alive = {alive: true, detail: 'answers'};
  const cut = (onPartition: 'hold' | 'promote', forMs: number) => {
    const s = {...settings, onPartition};
    let memory: Memory = {...freshMemory(0), state: 'suspect', resume: true};
    for (let ms = 0; ms <= forMs; ms += 2000)
      memory = hearWith(
        s,
        memory,
        probe('unreachable', 5000 + ms),
        answers(5500 + ms, silent, online, alive),
      );
    return memory.state;
  };

  test('takes over again after the time that the policy gives a partition', () => {
    expect(cut('promote', 20_000)).toBe('suspect');
    expect(cut('promote', 34_000)).toBe('promoting');
  });

  test('and never where the policy is to hold', () => {
    expect(cut('hold', 120_000)).toBe('suspect');
  });
});

test('deciding changes nothing of what it was given', () => {
  const before = hear(freshMemory(0), probe('refused', 0), answers(500, report({unit: 'failed'})));
  const copy = structuredClone(before);
  decide(before, answers(1500, report({unit: 'failed'})), settings, 1600);
  decide(before, probe('refused', 20_000), settings, 20_000);
  expect(before).toEqual(copy);
});
