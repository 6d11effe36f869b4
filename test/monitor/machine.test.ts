import {describe, expect, test} from 'vitest';
import type {ProbeClass} from '../../src/monitor/evidence.js';
import type {Happening} from '../../src/monitor/happening.js';
import {decide, table} from '../../src/monitor/machine.js';
import {freshMemory, stateNames, type Memory} from '../../src/monitor/memory.js';
import {settings} from './settings-of-tests.js';

const probe = (shown: ProbeClass, startedMs: number): Happening => ({
  on: 'probe',
  startedMs,
  probe: {class: shown, tookMs: 1, detail: ''},
});
const witness = (startedMs: number, alive = true): Happening => ({
  on: 'witness',
  startedMs,
  witness: {alive, by: 'x'},
});
/** Hears one thing after the other, each at its own time. */
const hear = (memory: Memory, ...seen: Happening[]) =>
  seen.reduce(
    (before, one) => decide(before, one, settings, 'startedMs' in one ? one.startedMs : 0).memory,
    memory,
  );

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
});

describe('counting', () => {
  test('failures that come faster than 10 s are seen and not counted', () => {
    const memory = hear(
      freshMemory(0),
      probe('refused', 0),
      probe('refused', 1000),
      probe('refused', 5000),
      probe('refused', 10_000),
      probe('refused', 11_000),
    );
    expect(memory.bad).toMatchObject({count: 2, firstMs: 0, countedMs: 10_000});
  });

  test('one good probe forgets all of them', () => {
    const memory = hear(freshMemory(0), probe('refused', 0), probe('hung', 10_000), probe('ok', 20_000));
    expect(memory).toMatchObject({state: 'watching', bad: null, grace: {startingMs: null, drainingMs: null}});
  });

  test('starting and draining have clocks of their own, which refused probes in between do not reset', () => {
    const memory = hear(
      freshMemory(0),
      probe('draining', 0),
      probe('refused', 10_000),
      probe('starting', 20_000),
      probe('refused', 30_000),
      probe('starting', 60_000),
    );
    expect(memory.grace).toEqual({startingMs: 20_000, drainingMs: 0});
    expect(memory.bad!.count).toBe(2);
    expect(hear(memory, probe('starting', 65_000)).bad!.count).toBe(3);
  });

  test('a gap takes the counts and moves the deadlines', () => {
    const before: Memory = {
      ...freshMemory(0),
      state: 'promoting',
      bad: {count: 3, firstMs: 0, countedMs: 20_000},
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
    expect(memory).toMatchObject({state: 'promoting', bad: null, takeover: {attemptMs: 1001, retryMs: 1005}});
  });
});

describe('a verdict needs a witness that was asked after the failure', () => {
  const twice = hear(freshMemory(0), probe('refused', 0), probe('refused', 10_000));

  test('asked with the third failure: promoting', () => {
    expect(hear(twice, witness(20_000), probe('refused', 20_000)).state).toBe('promoting');
  });
  test('asked before it: held', () => {
    expect(hear(twice, witness(10_000), probe('refused', 20_000))).toMatchObject({
      state: 'suspect',
      held: 'isolated',
    });
  });
  test('nobody answered: held', () => {
    expect(hear(twice, witness(20_000, false), probe('refused', 20_000)).state).toBe('suspect');
  });
  test('the primary is well after all: cleared, whatever the witness says', () => {
    expect(hear(twice, witness(20_000, false), probe('ok', 20_000)).state).toBe('watching');
  });
});

test('deciding changes nothing of what it was given', () => {
  const before = hear(freshMemory(0), probe('refused', 0), probe('refused', 10_000));
  const copy = structuredClone(before);
  decide(before, witness(20_000), settings, 20_000);
  decide(before, probe('refused', 20_000), settings, 20_000);
  expect(before).toEqual(copy);
});
