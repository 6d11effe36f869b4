import {describe, expect, it} from 'vitest';
import {mayGoOn, preflight} from '../../src/drill/preflight.js';
import {faultNames, type FaultName} from '../../src/drill/report.js';
import {behindBy2, standbyHost} from '../screens/watch/model/sample-parts.js';
import {variants} from '../simulator/sequence.js';
import {inputOf, look, primary, seen, type Change} from './preflight-input.js';

describe('worth a warning, and nothing against it', () => {
  it.each([
    ['nobody is told', {told: false}, 'told'],
    [
      'clocks that are known badly',
      {clocks: {primary: {offsetMs: 0, uncertaintyMs: 251}, standby: {offsetMs: 0, uncertaintyMs: 1}}},
      'clocks',
    ],
    [
      'a clock that nobody told',
      {clocks: {primary: {offsetMs: 0, uncertaintyMs: Infinity}, standby: {offsetMs: 0, uncertaintyMs: 1}}},
      'clocks',
    ],
    ['versions that are not known', primary({version: null}), 'version'],
    ['workspaces that are not known', primary({workspace: null}), 'workspace'],
    [
      'a workspace of unknown age',
      seen({outlook: {reachableInMs: 1, measured: true, rpoMs: null}}),
      'workspace',
    ],
    ['disks that are not known', primary({diskBytes: null}), 'disk'],
    [
      'an account that is off already',
      primary({
        accounts: [
          {channel: 'irc', account: 'main', enabled: true, identity: null, state: 'unsteady', why: null},
        ],
      }),
      'accounts',
    ],
    ['a gateway that nothing restarts', {fault: 'kill', primary: {...look, restarts: false}}, 'restart'],
    ['a standby without a second path', {fault: 'partition', settings: variants['private only']}, 'cut'],
  ] as [string, Change, string][])('%s', (_, change, id) => {
    const checks = preflight(inputOf(change));
    expect(checks.filter(({sign}) => sign !== 'ok').map((each) => [each.id, each.sign])).toEqual([
      [id, 'warn'],
    ]);
    expect(mayGoOn(checks, false)).toBe(true);
  });

  it('a copy that is behind is told as it is', () => {
    const checks = preflight(inputOf(seen({standby: standbyHost({workspace: behindBy2})})));
    expect(checks.find(({id}) => id === 'workspace')).toMatchObject({
      sign: 'ok',
      say: expect.stringContaining('2 commits behind'),
    });
  });
});

describe('the time until a fault undoes itself', () => {
  const red = (fault: FaultName, revertS: number) =>
    preflight(inputOf({fault, revertS})).find(({id}) => id === 'revert')!;
  it.each(faultNames)('has to be enough for a %s, and what it asks for is', (fault) => {
    const short = red(fault, 60);
    expect(short.sign).toBe('stop');
    const minutes = Number(/^--revert-after (\d+)m$/.exec(short.next!)![1]);
    expect(red(fault, minutes * 60).sign).toBe('ok');
    expect(red(fault, (minutes - 1) * 60).sign).toBe('stop');
  });
});

it('a message is not talked of where the standby is to keep still', () => {
  const ids = preflight(inputOf({fault: 'partition', probeProblem: 'x'})).map(({id}) => id);
  expect(ids).not.toContain('message');
});
