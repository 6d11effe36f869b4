import {expect, test} from 'vitest';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {freshMemory} from '../../src/monitor/memory.js';
import {restore, takeoversIn, withTakeovers} from '../../src/monitor/restore.js';
import {settings} from './settings-of-tests.js';

const event = (name: string, ms: number, boot = 'now', reason: string | undefined = 'silent') =>
  ({event: name, ms, boot, evidence: {reason}}) as unknown as MonitorEvent;

test('a lost state file does not forget takeovers: the log of this boot tells them, without tests and those by hand', () => {
  expect(
    takeoversIn(
      [
        event('promoting', 1, 'before'),
        event('promoting', 2),
        event('promoted', 3),
        event('promoting', 4),
        event('tested', 5),
        {...event('promoting', 6), evidence: {}} as MonitorEvent,
        event('promoting', 7),
      ],
      'now',
    ),
  ).toEqual([2, 7]);
});

test('a monitor that comes up active without its state file stays latched where the log shows two takeovers', () => {
  const active = {...freshMemory(300_000), state: 'active' as const};
  expect(withTakeovers(active, [100_000, 200_000], settings, 300_000).latch).toEqual({
    untilMs: 1_000_000,
    told: false,
  });
  expect(withTakeovers(active, [200_000], settings, 300_000).latch).toBeNull();
  expect(withTakeovers(freshMemory(300_000), [100_000, 200_000], settings, 300_000).latch).toBeNull();
});

const unit = {state: 'stopped', result: 'success', exitCode: 0} as const;
const found = {role: undefined, unit, wallMs: 0};

test.each([
  ['has just booted', 20_000, 60_000],
  ['has been up for long', 2_000_000, null],
])('without a state file a host that %s knows that from its clock', (_how, nowMs, graceMs) => {
  const memory = restore({...found, saved: undefined, rebooted: false}, settings, nowMs);
  expect(memory.bootGraceMs).toBe(graceMs);
});

test('a reboot forgets no recent crash of the gateway, nor lengthens an old one', () => {
  const saved = {...freshMemory(0), crashes: [100_000, 800_000], sinceMs: 900_000};
  expect(restore({...found, saved, rebooted: true}, settings, 20_000).crashes).toEqual([20_000]);
});
