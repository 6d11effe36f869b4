import {describe, expect, it} from 'vitest';
import {checkSplit, plannedAccount, plannedConflicts} from '../../src/channels/split.js';
import {accountsOf} from '../../src/channels/program/accounts.js';
import {noFiles} from '../../src/channels/program/files.js';
import type {Accounts} from '../../src/channels/types.js';
import type {Pair} from '../../src/pair/schema.js';
import {channelSecretName} from '../../src/pair/secret-names.js';
import {Secret} from '../../src/secret.js';

const key = 'key of this run';
const node = (channels: object): Accounts => ({
  known: true,
  accounts: accountsOf({config: {channels}, env: {}, files: noFiles, home: '/', stateDir: '/s'}, key)
    .accounts,
});
const irc = (nick: string, rest: object = {}) => ({host: 'irc.example.org', nick, ...rest});
const nothing = node({});
const plan = (channel: Partial<Pair['channel']>): Pair['channel'] => ({
  type: 'irc',
  account: 'backup',
  settings: irc('clawbak') as Pair['channel']['settings'],
  secrets: {},
  ...channel,
});
const tokenName = channelSecretName('telegram', 'botToken');
const telegram = plan({type: 'telegram', account: 'spare', settings: {}, secrets: {botToken: {env: 'X'}}});

describe('the account that is planned', () => {
  it('has the fingerprints that a host would give it', () => {
    const planned = plannedAccount(telegram, {[tokenName]: new Secret('123:secret-token')}, key);
    expect(planned).toMatchObject({
      channel: 'telegram',
      account: 'spare',
      enabled: true,
      identity: {label: 'bot 123'},
    });
    expect(
      checkSplit(node({telegram: {botToken: '123:secret-token'}}), {known: true, accounts: [planned]}).state,
    ).toBe('conflict');
    expect(JSON.stringify(planned)).not.toContain('secret-token');
  });

  it('is not comparable while its secret was not given', () => {
    expect(plannedAccount(telegram, {}, key).unknown).toMatch(/FAILOVER_TELEGRAM_BOT_TOKEN is not set/);
  });

  it('is unknown when the login is a folder on the standby', () => {
    expect(plannedAccount(plan({type: 'whatsapp', settings: {}}), {}, key).unknown).toMatch(/linked/);
  });
});

describe('what the primary still owns', () => {
  const given = {[tokenName]: new Secret('123:secret-token')};
  const cases: [string, Accounts, Accounts, Pair['channel'], Record<string, Secret>, [string, string][]][] = [
    [
      'the same account',
      node({irc: {accounts: {main: irc('m'), backup: irc('clawbak')}}}),
      nothing,
      plan({}),
      {},
      [['irc', 'backup']],
    ],
    [
      'the same login under another name',
      node({irc: {accounts: {old: irc('ClawBak')}}}),
      nothing,
      plan({}),
      {},
      [['irc', 'old']],
    ],
    [
      'nothing: it is switched off there',
      node({irc: {accounts: {backup: irc('clawbak', {enabled: false})}}}),
      nothing,
      plan({}),
      {},
      [],
    ],
    [
      'nothing: it is another login',
      node({irc: {accounts: {backup: irc('other')}}}),
      nothing,
      plan({}),
      {},
      [],
    ],
    [
      'a token that was given now',
      node({telegram: {botToken: '123:secret-token'}}),
      nothing,
      telegram,
      given,
      [['telegram', 'default']],
    ],
    [
      'a token that only the standby has',
      node({telegram: {botToken: '123:secret-token'}}),
      node({telegram: {accounts: {spare: {botToken: '123:secret-token'}}}}),
      telegram,
      {},
      [['telegram', 'default']],
    ],
    [
      'an account of that name that nothing tells apart',
      node({telegram: {accounts: {spare: {botToken: '5:xxxxxxxx'}}}}),
      nothing,
      telegram,
      {},
      [['telegram', 'spare']],
    ],
    ['nothing known of the primary', {known: false, reason: 'x'}, nothing, plan({}), {}, []],
  ];
  it.each(cases)('%s', (_, primary, standby, channel, secrets, expected) => {
    const found = plannedConflicts(primary, standby, channel, secrets, key);
    expect(found.map((conflict) => [conflict.channel, conflict.primaryAccount])).toEqual(expected);
  });

  it('says so in a sentence', () => {
    const [conflict] = plannedConflicts(
      node({irc: {accounts: {backup: irc('clawbak')}}}),
      nothing,
      plan({}),
      {},
      key,
    );
    expect(conflict?.sentence).toBe(
      'the primary still owns irc account "backup", which is planned for the standby.',
    );
  });
});
