import {describe, expect, it} from 'vitest';
import {liveAccount} from '../../src/gateway/channels-status.js';

const status = (account: Record<string, unknown>) =>
  JSON.stringify({channelAccounts: {irc: [{accountId: 'backup', ...account}]}});

describe('whether a channel account is live', () => {
  it.each([
    ['running and connected', {running: true, connected: true}, 'connected'],
    ['running, a channel that has no connection of its own', {running: true}, 'connected'],
    [
      'said to be connected while it recovers',
      {running: true, connected: true, lifecycle: 'recovering'},
      'unsteady',
    ],
    ['not running', {running: false, connected: true}, 'off'],
    ['running but disconnected', {running: true, connected: false}, 'unsteady'],
    ['disabled while it lets go', {enabled: false, running: true, connected: false}, 'off'],
    ['not even started', {enabled: true}, 'off'],
  ])('%s', (_name, account, state) =>
    expect(liveAccount(status(account), 'irc', 'backup').state).toBe(state),
  );
  it('tells the last error, one line of it', () => {
    expect(
      liveAccount(status({running: false, lastError: 'connect ECONNREFUSED\nat x'}), 'irc', 'backup'),
    ).toEqual({state: 'off', why: 'connect ECONNREFUSED'});
  });
  it('finds no account that is not there', () =>
    expect(liveAccount(status({}), 'irc', 'main').state).toBe('absent'));
  it('reads past log lines in front of the JSON', () => {
    expect(liveAccount(`warning: x\n${status({running: true})}`, 'irc', 'backup').state).toBe('connected');
  });
  it.each(['', 'not json', '[]', '{"channelAccounts": 5}'])('does not guess from %j', (text) =>
    expect(liveAccount(text, 'irc', 'backup').state).toBe('unknown'),
  );
});
