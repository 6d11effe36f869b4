import {describe, expect, it} from 'vitest';
import {commandOf, help} from '../../../src/monitor/hand/command.js';
import {requestOf, wordsOf} from '../../../src/monitor/hand/request-words.js';
import type {Request} from '../../../src/monitor/hand/requests.js';

const act = (act: object, more: object = {}) => ({name: 'act', act, dryRun: false, json: false, ...more});

describe('what is typed on the standby', () => {
  it.each([
    ['', {name: 'status'}],
    ['status', {name: 'status'}],
    ['why', {name: 'why'}],
    ['help', {name: 'help'}],
    ['promote --help', {name: 'help'}],
    ['events', {name: 'events', follow: false, count: 20, json: false}],
    ['events -f -n 5', {name: 'events', follow: true, count: 5, json: false}],
    ['pause 30m', act({name: 'pause', ms: 1_800_000, why: ''})],
    ['pause 1h30m kernel update', act({name: 'pause', ms: 5_400_000, why: 'kernel update'})],
    ['resume --json', act({name: 'resume'}, {json: true})],
    [
      'promote --confirm home the disk is full',
      act({name: 'promote', why: 'the disk is full'}, {confirm: 'home'}),
    ],
    ['demote --dry-run', act({name: 'demote'}, {dryRun: true})],
  ])('%j', (line, command) => expect(commandOf(line.split(' ').filter(Boolean))).toEqual(command));

  it.each([
    ['pause', 'For how long? For example: openclaw-failover pause 30m'],
    ['pause 30', '"30" is no length of time: say 30m, 2h, 90s or 1h30m. It needs a unit: 30m is minutes.'],
    ['pause 5h', expect.stringMatching(/^A pause lasts at most 4 h/)],
    ['promtoe', 'There is no command "promtoe".'],
    ['constructor', 'There is no command "constructor".'],
    ['demote now', 'demote takes no further words: "now".'],
    ['promote --yes', "Unknown option '--yes'."],
    ['events -n none', '-n takes a number of events, from 1.'],
  ])('%j is refused in a sentence', (line, wrong) => expect(commandOf(line.split(' '))).toEqual({wrong}));

  it('has a help that fits a phone', () => {
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  });
});

describe('a request in words', () => {
  it.each<[Request]>([
    [{name: 'pause', ms: 90_000, why: 'a b  c'}],
    [{name: 'resume'}],
    [{name: 'promote', why: "it's --odd"}],
    [{name: 'demote'}],
    [{name: 'tested'}],
    [{name: 'hold', ms: 300_000}],
    [{name: 'release'}],
    [{name: 'withdraw', what: 'promote'}],
  ])('%j comes back as it was', (request) => expect(requestOf(wordsOf(request))).toEqual(request));
  it.each([['pause'], ['pause x why'], ['hold -1'], ['withdraw all'], ['resume now'], ['run'], ['']])(
    '%j asks for nothing',
    (line) => expect(requestOf(line.split(' '))).toBeUndefined(),
  );
});
