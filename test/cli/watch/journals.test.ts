import {expect, test} from 'vitest';
import {followArgv, journals} from '../../../src/cli/watch/journals.js';
import {runningPrimary} from '../../phases/facts.js';

const of = (id: string) => journals.find((each) => each.id === id)!;

test('the log of a gateway comes from whatever runs it there', () => {
  expect(followArgv(of('primary-gateway'), runningPrimary()).join(' ')).toContain(
    '_SYSTEMD_USER_UNIT=openclaw-gateway.service',
  );
  expect(followArgv(of('standby-gateway'), undefined)).toContain('--unit=openclaw.service');
  expect(followArgv(of('monitor'), undefined)).toContain('--unit=openclaw-health-monitor.service');
});

test('what follows a log is nothing that a setup waits for', () => {
  for (const journal of journals)
    expect(followArgv(journal, runningPrimary()).slice(0, 3)).toEqual(['env', '-u', 'FAILOVER_WIZARD_RUN']);
});

test('a gateway that was started by hand has no log that is known', () => {
  const byHand = runningPrimary({
    gateway: {known: true, value: {form: 'foreground', active: true, listeners: []}},
  });
  expect(() => followArgv(of('primary-gateway'), byHand)).toThrow('is not known');
  expect(() => followArgv(of('primary-gateway'), undefined)).toThrow('is not known');
});
