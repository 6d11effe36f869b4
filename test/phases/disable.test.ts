import {describe, expect, it} from 'vitest';
import {disable, disablePatch, lastingConflicts} from '../../src/phases/5-disable.js';
import type {SplitConflict} from '../../src/channels/types.js';
import {account, bareStandby, planInputOf, runningPrimary} from './facts.js';

const conflict = (primaryAccount: string, channel = 'irc'): SplitConflict => ({
  channel,
  primaryAccount,
  standbyAccount: 'backup',
  because: 'identity',
  sentence: `${channel} ${primaryAccount} is on both`,
});
const withChannels = (irc: Record<string, unknown>) => {
  const primary = runningPrimary();
  if (primary.config.known) primary.config.value!.tree.channels = {irc};
  return primary;
};

describe('phase 5', () => {
  it('disables exactly the account that the standby gets', () => {
    const [change] = [...disable.plan(planInputOf({planned: [conflict('backup')]}))];
    expect(change).toMatchObject({
      id: 'primary:config-patch:irc:backup',
      patch: {channels: {irc: {accounts: {backup: {enabled: false}}}}},
      gone: {channel: 'irc', account: 'backup'},
      takesEffect: 'reload',
    });
  });
  it('restarts a gateway that does not reload its config, and says so', () => {
    const primary = withChannels({accounts: {main: {}, backup: {}}});
    if (primary.config.known) primary.config.value!.tree.gateway = {reload: {mode: 'off'}};
    const [change] = [...disable.plan(planInputOf({primary, planned: [conflict('backup')]}))];
    expect(change).toMatchObject({takesEffect: 'restart', disruptive: true});
    expect(change!.title).toContain('restart: its reload mode is off');
  });
  it('leaves the primary alone when it does not have the account', () => {
    expect([...disable.plan(planInputOf())].map(({host}) => host)).not.toContain('primary');
  });
  it('tells about an account that the standby gives up and the primary does not have back', () => {
    const primary = runningPrimary({
      accounts: {known: true, accounts: [account('main'), account('old', {enabled: false})]},
    });
    const has = (...names: string[]) =>
      bareStandby({accounts: {known: true, accounts: names.map((name) => account(name))}});
    const told = (standby: ReturnType<typeof bareStandby>) =>
      disable.findings!(planInputOf({primary, standby})).map(({id}) => id);
    expect(told(has('old'))).toEqual(['given-up:irc:old']);
    expect(told(has('backup'))).toEqual([]);
    expect(told(has())).toEqual([]);
    const stranger = {...account('old'), identity: {fp: 'another', label: 'another bot'}};
    expect(told(bareStandby({accounts: {known: true, accounts: [stranger]}}))).toEqual([]);
  });
  it('disables a lone default account at the top level', () => {
    expect(disablePatch(withChannels({nick: 'claw'}), 'irc', 'default').patch).toEqual({
      channels: {irc: {enabled: false}},
    });
  });
  it('keeps the named accounts when the default one beside them goes', () => {
    expect(disablePatch(withChannels({nick: 'claw', accounts: {main: {}}}), 'irc', 'default').patch).toEqual({
      channels: {irc: {accounts: {default: {enabled: false}}}},
    });
  });
  it('refuses to leave the primary without any account', () => {
    const primary = runningPrimary({
      accounts: {known: true, accounts: [account('backup'), account('old', {enabled: false})]},
    });
    const findings = disable.findings!(planInputOf({primary, planned: [conflict('backup')]}));
    expect(findings.map(({id, level}) => [id, level])).toEqual([['last-account', 'blocks']]);
  });
});

describe('conflicts that no phase ends', () => {
  it.each([
    ['the account itself, handed over in phase 5', [conflict('backup')], 0],
    ['the same login under another name', [conflict('main')], 1],
    ['the same token in another channel', [conflict('backup', 'discord')], 1],
  ])('%s', (_name, planned, count) => {
    expect(lastingConflicts(planInputOf({planned, standby: bareStandby()}))).toHaveLength(count);
  });
});
