import {expect, it} from 'vitest';
import {Abort} from '../../src/errors.js';
import type {ApplyContext} from '../../src/plan/kind.js';
import {mustBeReleased} from '../../src/plan/released.js';
import type {Host} from '../../src/ssh/host.js';
import {account, planInputOf, runningPrimary} from '../phases/facts.js';
import {contextOf, localHost} from './local-host.js';

/** A context whose primary answers `channels status` with these accounts of IRC. */
function contextWith(
  irc: object[],
  facts = primaryWith('main', 'backup'),
): {context: ApplyContext; asked: string[]} {
  const asked: string[] = [];
  const primary: Host = {
    ...localHost(),
    name: 'primary',
    run: async (argv) => {
      asked.push(argv.join(' '));
      const stdout = JSON.stringify({channelAccounts: {irc}});
      return {code: 0, timedOut: false, stdout, stderr: '', tookMs: 1};
    },
  };
  const context = contextOf(localHost());
  const input = planInputOf({primary: facts});
  return {context: {...context, hosts: {...context.hosts, primary}, input}, asked};
}
const primaryWith = (...names: string[]) =>
  runningPrimary({accounts: {known: true, accounts: names.map((name) => account(name))}});

it('a gateway that has let go of the account is asked once for each reading', async () => {
  const {context, asked} = contextWith([{accountId: 'backup', enabled: false, running: false}]);
  await mustBeReleased(context);
  await mustBeReleased(context);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('channels status --json');
});

it('a gateway that still has it, or tries to, is a split conflict', async () => {
  for (const state of [
    {running: true, connected: true},
    {running: true, connected: false},
  ]) {
    const {context} = contextWith([{accountId: 'backup', ...state}]);
    // oxlint-disable-next-line no-await-in-loop
    const error = await mustBeReleased(context, 100).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Abort);
    expect((error as Abort).exit).toBe(5);
    expect((error as Abort).message).toContain('still has its irc account "backup" logged in');
  }
});

it('a stop in the meantime is never taken for a release', async () => {
  const {context} = contextWith([{accountId: 'backup', running: true, connected: true}]);
  context.signal = AbortSignal.abort();
  await expect(mustBeReleased(context)).rejects.toMatchObject({exit: 130});
});

it('a primary that never had the account is not asked', async () => {
  const {context, asked} = contextWith([], primaryWith('main'));
  await mustBeReleased(context);
  expect(asked).toEqual([]);
});
