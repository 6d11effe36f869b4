import {expect, test} from 'vitest';
import {decide} from '../../src/monitor/machine.js';
import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import {restore} from '../../src/monitor/restore.js';
import {settings} from './settings-of-tests.js';

const warm = {...settings, standby: 'warm' as const};
const running = {state: 'running' as const, result: 'success', exitCode: 0};
const asleep = {role: 'standby' as const, seq: 1, code: 0};

test("a warm standby's gateway may run while it sleeps; a cold one's may not", () => {
  const seen = {on: 'unit' as const, unit: running, handled: asleep};
  expect(decide(freshMemory(0), seen, warm, 1000).row).toBeUndefined();
  expect(decide(freshMemory(0), seen, settings, 1000).row?.event).toBe('drift');
});

test('it has given back when root says that it sleeps again, though its gateway runs', () => {
  const demoting: Memory = {
    ...freshMemory(0),
    state: 'demoting',
    role: {want: 'standby', seq: 3},
    demotingMs: 0,
  };
  const hear = (seq: number, code: number) =>
    decide(demoting, {on: 'unit', unit: running, handled: {...asleep, seq, code}}, warm, 1000).memory.state;
  expect(hear(2, 0)).toBe('demoting');
  expect(hear(3, 1)).toBe('demoting');
  expect(hear(3, 0)).toBe('watching');
});

test.each([
  ['the role says standby', {want: 'standby' as const, seq: 7}, 'watching'],
  ['the role says active', {want: 'active' as const, seq: 7}, 'active'],
  ['there is no role', undefined, 'watching'],
])('without a state file, its gateway running, and %s: %s', (_name, role, state) => {
  const found = {saved: undefined, rebooted: false, role, unit: running, wallMs: 0};
  expect(restore(found, warm, 1000).state).toBe(state);
});
