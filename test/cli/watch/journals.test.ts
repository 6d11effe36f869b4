import {expect, test} from 'vitest';
import {followLog} from '../../../src/cli/watch/journals.js';
import {journals} from '../../../src/screens/watch/view/log.js';
import {runningPrimary} from '../../phases/facts.js';

test('the log of a gateway comes from whatever runs it there', () => {
  const primary = followLog('primary-gateway', runningPrimary());
  expect(primary.host).toBe('primary');
  expect(primary.argv.join(' ')).toContain('_SYSTEMD_USER_UNIT=openclaw-gateway.service');
  expect(followLog('standby-gateway', undefined)).toMatchObject({
    host: 'standby',
    argv: expect.arrayContaining(['--unit=openclaw.service']),
  });
  expect(followLog('monitor', undefined).argv).toContain('--unit=openclaw-health-monitor.service');
  expect(followLog('workspace-push', undefined).host).toBe('primary');
});

test('what follows a log is nothing that a setup waits for', () => {
  for (const {what} of journals)
    expect(followLog(what, runningPrimary()).argv.slice(0, 3)).toEqual(['env', '-u', 'FAILOVER_WIZARD_RUN']);
});

test('a gateway that was started by hand has no log that is known', () => {
  const byHand = runningPrimary({
    gateway: {known: true, value: {form: 'foreground', active: true, listeners: []}},
  });
  expect(() => followLog('primary-gateway', byHand)).toThrow('no service manager runs it');
  expect(() => followLog('primary-gateway', undefined)).toThrow('has not been read yet');
});
