import {describe, expect, it} from 'vitest';
import {fingerprint} from '../../src/channels/fingerprint.js';
import {checkSplit} from '../../src/channels/split.js';
import {accountsOf} from '../../src/channels/program/accounts.js';
import {noFiles} from '../../src/channels/program/files.js';
import type {Accounts} from '../../src/channels/types.js';

const key = 'key of this run';
const node = (channels: object, env: Record<string, string> = {}): Accounts => ({
  known: true,
  accounts: accountsOf({config: {channels}, env, files: noFiles, home: '/', stateDir: '/s'}, key).accounts,
});
const irc = (nick: string, rest: object = {}) => ({
  host: 'irc.example.org',
  port: 6667,
  tls: false,
  nick,
  ...rest,
});
const nothing = node({});

describe('conflicts', () => {
  const cases: {name: string; primary: Accounts; standby: Accounts; because: string; sentence: RegExp}[] = [
    {
      name: 'the same account on both',
      primary: node({irc: {accounts: {main: irc('a'), backup: irc('clawbak')}}}),
      standby: node({irc: {accounts: {backup: irc('clawbak')}}}),
      because: 'identity',
      sentence: /^irc account "backup" \(clawbak@irc\.example\.org:6667\) is enabled on both nodes\.$/,
    },
    {
      name: 'the same login under another name',
      primary: node({discord: {token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b'}}),
      standby: node({discord: {accounts: {spare: {token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.renewed.c'}}}}),
      because: 'identity',
      sentence:
        /"default" \(bot 123456789012345678\) of the primary and discord account "spare".* are the same login/,
    },
    {
      name: 'inline here, from the environment there',
      primary: node({telegram: {botToken: '123:secret'}}),
      standby: node({telegram: {accounts: {b: {botToken: '${T}'}}}}, {T: '123:secret'}),
      because: 'identity',
      sentence: /telegram account "default" \(bot 123\) of the primary and telegram account "b"/,
    },
    {
      name: 'only in the environment of the default account',
      primary: node({}, {TELEGRAM_BOT_TOKEN: '123:secret'}),
      standby: node({telegram: {botToken: '123:secret'}}),
      because: 'identity',
      sentence: /is enabled on both nodes/,
    },
    {
      name: 'inherited from the top level',
      primary: node({slack: {botToken: 'xoxb-1-2-x', accounts: {a: {}}}}),
      standby: node({slack: {accounts: {z: {botToken: 'xoxb-1-2-x'}}}}),
      because: 'identity',
      sentence: /slack account "a" \(bot 1-2\) of the primary and slack account "z"/,
    },
    {
      name: 'the same credential with another identity',
      primary: node({irc: irc('a', {nickserv: {password: 'shared-password'}})}),
      standby: node({irc: irc('b', {nickserv: {password: 'shared-password'}})}),
      because: 'credential',
      sentence: /use the same credential \(nickserv\.password\)/,
    },
    {
      name: 'the same token under another field',
      primary: node({slack: {botToken: 'xoxb-1-2-x', appToken: 'xapp-1'}}),
      standby: node({slack: {botToken: 'xoxb-3-4-y', userToken: 'xapp-1'}}),
      because: 'credential',
      sentence: /\(appToken on the primary, userToken on the standby\)/,
    },
    {
      name: 'the same token in another channel',
      primary: node({mattermost: {baseUrl: 'https://m.example.org', botToken: 'one-token'}}),
      standby: node({newchat: {token: 'one-token'}}),
      because: 'credential',
      sentence: /mattermost account "default".* newchat account "default"/,
    },
  ];
  it.each(cases)('$name', ({primary, standby, because, sentence}) => {
    const split = checkSplit(primary, standby);
    expect(split.state).toBe('conflict');
    if (split.state !== 'conflict') return;
    expect(split.conflicts[0]).toMatchObject({because, sentence: expect.stringMatching(sentence)});
  });

  it('names every one, and one per pair of accounts', () => {
    const both = node({irc: {accounts: {a: irc('a', {password: 'x1'}), b: irc('b')}}});
    const split = checkSplit(both, both);
    expect(
      split.state === 'conflict' && split.conflicts.map((c) => [c.primaryAccount, c.standbyAccount]),
    ).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('a conflict is told even when something else is unknown', () => {
    const unknown = node({discord: {token: {source: 'exec', provider: 'v', id: 'x'}}, irc: irc('same')});
    expect(checkSplit(unknown, node({irc: irc('same')})).state).toBe('conflict');
  });
});

describe('disjoint', () => {
  const cases: [string, Accounts, Accounts][] = [
    ['two empty nodes', nothing, nothing],
    ['other nicks on one server', node({irc: irc('a')}), node({irc: irc('b')})],
    ['other channels', node({irc: irc('a')}), node({discord: {token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b'}})],
    [
      'the primary has it switched off',
      node({irc: {accounts: {backup: irc('x', {enabled: false})}}}),
      node({irc: {accounts: {backup: irc('x')}}}),
    ],
    ['the channel is off there', node({irc: irc('x', {enabled: false})}), node({irc: irc('x')})],
    [
      'the same name, another login',
      node({telegram: {botToken: '1:aaaaaaaa'}}),
      node({telegram: {botToken: '2:bbbbbbbb'}}),
    ],
  ];
  it.each(cases)('%s', (_, primary, standby) => {
    expect(checkSplit(primary, standby).state).toBe('disjoint');
  });
});

describe('unknown is not disjoint', () => {
  const exec = {source: 'exec', provider: 'vault', id: 'x'};
  const cases: [string, Accounts, Accounts, 'primary' | 'standby', RegExp][] = [
    ['accounts of a node', {known: false, reason: 'no Node'}, nothing, 'primary', /^no Node$/],
    [
      'a token of the primary',
      node({discord: {token: exec}}),
      nothing,
      'primary',
      /^discord account "default": token cannot/,
    ],
    ['a token of the standby', nothing, node({discord: {token: exec}}), 'standby', /vault/],
    [
      'one of two credentials',
      node({irc: irc('a', {password: exec})}),
      node({irc: irc('b')}),
      'primary',
      /irc account "default" \(a@.*password cannot be compared/,
    ],
  ];
  it.each(cases)('%s', (_, primary, standby, host, reason) => {
    expect(checkSplit(primary, standby)).toEqual({
      state: 'unknown',
      reasons: [{host, reason: expect.stringMatching(reason)}],
    });
  });

  it('but what is switched off need not be known', () => {
    expect(checkSplit(node({discord: {enabled: false, token: exec}}), nothing).state).toBe('disjoint');
  });
});

it('another key gives other fingerprints, so facts of two runs never match by accident', () => {
  const other: Accounts = {
    known: true,
    accounts: accountsOf(
      {config: {channels: {irc: irc('a')}}, env: {}, files: noFiles, home: '/', stateDir: '/'},
      'other',
    ).accounts,
  };
  expect(checkSplit(node({irc: irc('a')}), other).state).toBe('disjoint');
});

describe('secrets that the standby pulls', () => {
  const primary = node({
    irc: {
      accounts: {
        main: irc('clawmain', {password: 'plain words'}),
        off: irc('x', {enabled: false, password: 'idle'}),
      },
    },
  });
  const standby = node({irc: {accounts: {backup: irc('clawbak')}}});
  const pulled = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fingerprint(key, value)]));

  it('are a conflict when a credential of the primary is among them, whatever they are called', () =>
    expect(checkSplit(primary, standby, pulled({TOOL: 'x', HARMLESS: 'plain words'}))).toMatchObject({
      state: 'conflict',
      conflicts: [
        {
          because: 'credential',
          sentence:
            'irc account "main" (clawmain@irc.example.org:6667) of the primary has the credential (password) that the standby pulls as HARMLESS.',
        },
      ],
    }));
  it('are none otherwise', () =>
    expect(checkSplit(primary, standby, pulled({TOOL: 'x', OLD: 'idle'}))).toMatchObject({
      state: 'disjoint',
    }));
});
