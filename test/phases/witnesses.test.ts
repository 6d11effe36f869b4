import {describe, expect, it} from 'vitest';
import {monitor} from '../../src/phases/4-monitor.js';
import {monitorSettingsOf} from '../../src/phases/template-input.js';
import {witnessesOf} from '../../src/phases/witnesses.js';
import type {PlanInput} from '../../src/phases/phase.js';
import type {Answers} from '../../src/pair/schema.js';
import {planInputOf} from './facts.js';

const words = (input: PlanInput) => witnessesOf(input).map(({address, port}) => `${address} ${port}`);
const found = (answers: Partial<Answers>) => words(planInputOf({answers}));
const channel = (type: string, settings = {}): Partial<Answers> => ({channel: {type, settings}});
const git = (remote: string): Partial<Answers> => ({workspace: {remote}});

describe('who shows the standby that it is online', () => {
  it('are those whom the pair needs anyway, the channel first', () => {
    const all = ['irc.example.org 6697', 'git.example.org 22', 'nodejs.org 443'];
    expect(found({})).toEqual(all);
    expect(monitorSettingsOf(planInputOf())?.witnesses).toHaveLength(3);
  });
  it.each<[string, Partial<Answers>, string]>([
    ['a service', channel('discord'), 'discord.com 443'],
    ['IRC without TLS', channel('irc', {host: '198.51.100.7', tls: false}), '198.51.100.7 6667'],
    ['a homeserver', channel('matrix', {homeserver: 'https://matrix.example:8448/'}), 'matrix.example 8448'],
    ['an https remote', git('https://git.example/me/w.git'), 'git.example 443'],
    ['an ssh URL', git('ssh://git@git.example:2222/me/w.git'), 'git.example 2222'],
    ['an IPv6 remote', git('git@[2001:db8::5]:me/w.git'), '2001:db8::5 22'],
    [
      'a server of ntfy',
      {notify: [{kind: 'ntfy', topic: {env: 'T'}, server: 'https://push.example'}]},
      'push.example 443',
    ],
    [
      'the own server of a model',
      {model: {primary: 'mine/m', providers: {mine: {baseUrl: 'http://198.51.100.9:9100/v1'}}}},
      '198.51.100.9 9100',
    ],
  ])('%s is one of them', (_what, answers, expected) => expect(found(answers)).toContain(expected));
  it.each(['100.64.0.11', '100.64.0.12', 'localhost', '127.0.0.1'])(
    'neither of the two hosts is: %s',
    (host) => expect(found(git(`git@${host}:w.git`))).not.toContain(`${host} 22`),
  );
  it('a channel without a server of its own, and a local remote, add nobody', () =>
    expect(found({...channel('signal', {account: '+49'}), ...git('/srv/git/w.git')})).toEqual([
      'nodejs.org 443',
    ]));
  it('are exactly those that the operator names, and nobody when the list is empty', () => {
    const named = (...witnesses: string[]) => found({monitor: {witnesses}});
    expect(named('example.org:443', '[2001:db8::1]:53')).toEqual(['example.org 443', '2001:db8::1 53']);
    expect(named()).toEqual([]);
  });
});

describe('what the monitor found out about them', () => {
  const finding = (result: string) => {
    const input = planInputOf();
    const retold = {'way-out': {at: 'x', result, detail: 'git.example.org port 22: no\u001b answer'}};
    input.standby.monitorState = {known: true, value: {memory: {state: 'watching'}, retold}};
    return monitor.findings!(input);
  };
  it.each([
    ['cut-off', 'so it would never take over.'],
    ['router-only', 'would take over from a primary that is well.'],
  ])('%s is a warning', (result, end) => {
    const [only] = finding(result);
    expect(only).toMatchObject({id: 'way-out', host: 'standby', level: 'warning'});
    expect(only?.sentence).toContain('(git.example.org port 22: no');
    expect(only?.sentence).not.toContain('\u001b');
    expect(only?.sentence.endsWith(end)).toBe(true);
  });
  it('online is none', () => expect(finding('online')).toEqual([]));
});
