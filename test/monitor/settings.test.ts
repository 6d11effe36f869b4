import {describe, expect, test} from 'vitest';
import {BadSettings, parseSettings} from '../../src/monitor/settings.js';
import {settings} from './settings-of-tests.js';

const tree = {_: 'Written by …', version: 1, ...settings};
const with_ = (change: (copy: any) => void) => {
  const copy = structuredClone(tree) as any;
  change(copy);
  return JSON.stringify(copy);
};

test('what the templates write is read back', () => {
  expect(parseSettings(JSON.stringify(tree))).toEqual(settings);
});

test('the own address is optional', () => {
  const text = with_((s) => (s.primary.from = '100.64.0.12'));
  expect(parseSettings(text).primary.from).toBe('100.64.0.12');
});

const interrogation = {
  user: 'openclaw-report',
  addresses: [
    {address: '100.64.0.11', port: 22, path: 'private'},
    {address: '2001:db8::11', port: 2222, path: 'public'},
  ],
  connectTimeoutMs: 1500,
  timeoutMs: 3000,
};

test('an interrogation is optional, and absent in the settings of an older version', () => {
  expect(parseSettings(with_((s) => delete s.interrogation)).interrogation).toBeNull();
  expect(parseSettings(with_((s) => (s.interrogation = null))).interrogation).toBeNull();
  expect(parseSettings(with_((s) => (s.interrogation = interrogation))).interrogation).toEqual(interrogation);
});

describe('what is wrong is named with its path', () => {
  test.each<[string, string, string]>([
    ['cut off', JSON.stringify(tree).slice(0, 50), 'The settings are not JSON'],
    ['nothing', '', 'The settings are not JSON'],
    ['a list', '[]', 'monitor must be an object.'],
    ['another version', with_((s) => (s.version = 2)), 'monitor.version must be a whole number from 1 to 1.'],
    [
      'an unknown key',
      with_((s) => (s.probe.intervall = 1)),
      'monitor.probe.intervall is not a setting of the monitor.',
    ],
    ['a missing part', with_((s) => delete s.thresholds), 'monitor.thresholds must be an object.'],
    [
      'a missing number',
      with_((s) => delete s.thresholds.rise),
      'monitor.thresholds.rise must be a whole number from 1 to 100.',
    ],
    [
      'a name for an address',
      with_((s) => (s.primary.address = 'primary.example')),
      'monitor.primary.address must be an IP address.',
    ],
    [
      'port 0',
      with_((s) => (s.primary.port = 0)),
      'monitor.primary.port must be a whole number from 1 to 65535.',
    ],
    [
      'a number as text',
      with_((s) => (s.probe.intervalMs = '5000')),
      'monitor.probe.intervalMs must be a whole number from 1000 to 60000.',
    ],
    ['a hold below zero', with_((s) => (s.holds.hungMs = -1)), 'monitor.holds.hungMs must be'],
    [
      'an unknown profile',
      with_((s) => (s.profile = 'fast')),
      'monitor.profile must be one of: default, classic.',
    ],
    [
      'too many witnesses',
      with_((s) => (s.witnesses = Array.from({length: 9}, () => ({address: '1.1.1.1', port: 53})))),
      'monitor.witnesses must be a list of at most 8.',
    ],
    [
      'a bad witness',
      with_((s) => (s.witnesses = [{address: '1.1.1.1'}])),
      'monitor.witnesses[0].port must be',
    ],
    [
      'a witness that is no host',
      with_((s) => (s.witnesses = [{address: 'https://example.org/', port: 443}])),
      'monitor.witnesses[0].address must be a host name or an IP address.',
    ],
    [
      'a probe longer than its interval',
      with_((s) => Object.assign(s.probe, {timeoutMs: 8000, intervalMs: 5000})),
      'monitor.probe.timeoutMs must not be longer',
    ],
    [
      'a connect longer than the probe',
      with_((s) => Object.assign(s.probe, {timeoutMs: 500})),
      'monitor.probe.timeoutMs must not be shorter',
    ],
    [
      'a promotion longer than 3 min',
      with_((s) => Object.assign(s.promotion, {tries: 3})),
      'monitor.promotion must fit into 180 s',
    ],
    [
      'an option of ssh for a user',
      with_((s) => (s.interrogation = {...interrogation, user: '-oProxyCommand=x'})),
      'monitor.interrogation.user must be the name of a user.',
    ],
    [
      'a name for an address to ask at',
      with_(
        (s) =>
          (s.interrogation = {...interrogation, addresses: [{address: 'claw', port: 22, path: 'public'}]}),
      ),
      'monitor.interrogation.addresses[0].address must be an IP address.',
    ],
    [
      'nowhere to ask',
      with_((s) => (s.interrogation = {...interrogation, addresses: []})),
      'monitor.interrogation.addresses must hold an address',
    ],
    [
      'one path twice',
      with_(
        (s) => (s.interrogation = {...interrogation, addresses: Array(2).fill(interrogation.addresses[0])}),
      ),
      'monitor.interrogation.addresses must name each path at most once.',
    ],
    [
      'a connection that may take longer than everything',
      with_((s) => (s.interrogation = {...interrogation, timeoutMs: 1000})),
      'monitor.interrogation.timeoutMs must not be shorter',
    ],
    ['__proto__', '{"__proto__": {}}', 'monitor.__proto__ is not a setting'],
  ])('%s', (_name, text, sentence) => {
    expect(() => parseSettings(text)).toThrow(BadSettings);
    expect(() => parseSettings(text)).toThrow(sentence);
  });
});
