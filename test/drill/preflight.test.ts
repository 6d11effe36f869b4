import {describe, expect, it} from 'vitest';
import {mayGoOn, preflight} from '../../src/drill/preflight.js';
import {faultNames} from '../../src/drill/report.js';
import {conflictSplit, lost, nowMs, primaryHost, standbyHost} from '../screens/watch/model/sample-parts.js';
import {inputOf, look, monitor, primary, seen, type Change} from './preflight-input.js';

const workspace = primaryHost().workspace as Extract<
  NonNullable<ReturnType<typeof primaryHost>['workspace']>,
  {dirty: unknown}
>;

describe('the checklist of a pair that is well', () => {
  it.each(faultNames)('is green before a %s, a sentence for each line', (fault) => {
    const checks = preflight(inputOf({fault}));
    expect(checks.filter(({sign}) => sign !== 'ok')).toEqual([]);
    for (const {say} of checks) expect(say).toMatch(/^[A-Z].*\.$/);
    expect(mayGoOn(checks, false)).toBe(true);
  });

  it('begins with what is most fundamental, and has each line once', () => {
    const ids = preflight(inputOf()).map(({id}) => id);
    expect(ids.slice(0, 4)).toEqual(['reachable', 'alone', 'split', 'monitor']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** What stands against a drill: the line, whether --force goes past it, and words of it. */
const against: [string, Change, string, boolean, RegExp][] = [
  [
    'a host out of reach',
    primary({link: lost(24_000, 'The connection timed out.')}),
    'reachable',
    false,
    /timed out/,
  ],
  [
    'a drill of somebody else',
    {
      primary: {
        ...look,
        revertS: 300,
        mark: {id: 'x', fault: 'hang', startedAt: '2026-11-20T14:00:00.000Z', who: 'anna', machine: 'desk'},
      },
    },
    'alone',
    false,
    /of anna@desk \(hang, since .*undoes itself in 5 min/,
  ],
  [
    'a network that is still cut',
    {primary: {...look, cut: true}},
    'alone',
    false,
    /Another drill is under way/,
  ],
  ['the test of a setup', {primary: {...look, setupTest: true}}, 'alone', false, /test of a setup/],
  ['a split in conflict', seen({split: conflictSplit}), 'split', false, /both nodes/],
  [
    'no monitor',
    seen({monitor: {known: false, reason: 'it was never heard of'}}),
    'monitor',
    false,
    /never heard of/,
  ],
  ['a monitor that does not run', monitor({running: false}), 'monitor', false, /does not run/],
  ['a pause', monitor({paused: true, pauseWhy: 'update'}), 'monitor', false, /paused \(update\)/],
  [
    'a monitor that is not at rest',
    monitor({state: 'suspect', words: 'suspect, 2 of 12 s'}),
    'monitor',
    false,
    /suspect, 2 of 12 s/,
  ],
  ['a full disk of the monitor', monitor({disk: 'ENOSPC'}), 'monitor', false, /ENOSPC/],
  ['a primary that is not well', seen({health: null}), 'monitor', false, /no probe yet/],
  ['too many takeovers', monitor({noTakeoverUntilMs: nowMs + 600_000}), 'monitor', false, /10 min/],
  ['a takeover that would not work', monitor({notReady: 'no git'}), 'takeover', true, /no git/],
  [
    'a gateway that does not run',
    primary({gateway: {...(primaryHost().gateway as object), state: 'failed'} as never}),
    'gateway',
    false,
    /is failed/,
  ],
  ['an unknown gateway', primary({gateway: {unknown: 'no systemd'}}), 'gateway', false, /no systemd/],
  [
    'a config that OpenClaw refuses',
    {standby: {configProblem: 'unknown key', client: null}},
    'config',
    true,
    /unknown key/,
  ],
  ['two versions', primary({version: '2026.9.7'}), 'version', true, /2026\.9\.7, the standby 2026\.9\.6/],
  [
    'a push that failed',
    primary({workspace: {...workspace, pushFailed: 'no route'}}),
    'workspace',
    true,
    /no route/,
  ],
  ['a workspace older than its target', {rpoMs: 60_000}, 'workspace', true, /3 min old; the target is 1 min/],
  [
    'a disk of the primary that is nearly full',
    primary({diskBytes: {total: 48e9, free: 150 * 2 ** 20}}),
    'disk',
    true,
    /150 MB left/,
  ],
  [
    'a disk of the standby that is nearly full',
    seen({standby: standbyHost({diskBytes: {total: 48e9, free: 450 * 2 ** 20}})}),
    'disk',
    true,
    /standby has 450 MB/,
  ],
  ['no systemd', {primary: {...look, timers: false}}, 'revert', false, /no systemd/],
  ['a timer that runs too soon', {revertS: 120}, 'revert', false, /after 2 min is too soon/],
  ['a probe that cannot send', {probeProblem: 'no such file'}, 'message', true, /no such file/],
  [
    'a gateway that does not come up with its host',
    {fault: 'reboot', primary: {...look, atBoot: false}},
    'boot',
    false,
    /does not come up/,
  ],
  [
    'a gateway of which that is not known',
    {fault: 'reboot', primary: {...look, atBoot: null}},
    'boot',
    false,
    /not known/,
  ],
  [
    'no way to cut a network',
    {fault: 'partition', primary: {...look, canCut: false}},
    'cut',
    false,
    /neither nft nor ip/,
  ],
  [
    'a way in that would be cut as well',
    {fault: 'partition', primary: {...look, client: '100.64.0.12'}},
    'cut',
    false,
    /would be cut off as well/,
  ],
  [
    'a way in that is not known',
    {fault: 'partition', primary: {...look, client: null}},
    'cut',
    false,
    /might be cut off/,
  ],
  [
    'a standby of unknown address',
    {fault: 'partition', addresses: {primary: '100.64.0.11', standby: ''}},
    'cut',
    false,
    /address of the standby is not known/,
  ],
];

describe('a machine whose own connection would be cut with the network', () => {
  const four = {primary: '100.64.0.11', standby: '100.64.0.12'};
  const six = {primary: 'fd7a::11', standby: 'FD7A:0:0::12'};
  const found = (addresses: typeof four, there: string, here: string) =>
    preflight(
      inputOf({
        fault: 'partition',
        addresses,
        primary: {...look, client: there},
        standby: {configProblem: null, client: here},
      }),
    ).find(({id}) => id === 'cut');

  it.each([
    [four, '198.51.100.7', '100.64.0.11', 'the standby through the private address of the primary'],
    [four, '198.51.100.7', '::ffff:100.64.0.11', 'the standby through the private address of the primary'],
    [six, '2001:db8::7', 'fd7a:0:0:0::0011', 'the standby through the private address of the primary'],
    [four, '::FFFF:100.64.0.12', '198.51.100.7', 'the primary through the private address of the standby'],
    [six, 'fd7a::12', '2001:db8::7', 'the primary through the private address of the standby'],
    [six, 'fd7a::12%eth0', '2001:db8::7', 'the primary through the private address of the standby'],
  ])('(%j; %s, %s) is told so', (addresses, there, here, say) => {
    expect(found(addresses, there, here)).toMatchObject({sign: 'stop', say: expect.stringContaining(say)});
    expect(found(addresses, there, here)?.forceable).toBeUndefined();
  });

  it.each([
    [four, '100.64.0.13', '100.64.0.13'],
    [four, '100.64.0.1', '100.64.0.112'],
    [six, 'fd7a::1', 'fd7a::1:12'],
  ])('is none that comes from elsewhere (%j; %s, %s)', (addresses, there, here) => {
    expect(found(addresses, there, here)?.sign).not.toBe('stop');
  });
});

describe('against a drill stands', () => {
  it.each(against)('%s', (_, change, id, may, words) => {
    const checks = preflight(inputOf(change));
    const red = checks.filter(({sign}) => sign === 'stop');
    expect(red.map((each) => each.id)).toEqual([id]);
    expect(red[0]!.say).toMatch(words);
    expect(mayGoOn(checks, false)).toBe(false);
    expect(mayGoOn(checks, true)).toBe(may);
  });

  it('everything at once, told whole; one line that cannot be forced is enough', () => {
    const checks = preflight(
      inputOf({rpoMs: 60_000, standby: {configProblem: 'x', client: null}, primary: {...look, cut: true}}),
    );
    expect(checks.filter(({sign}) => sign === 'stop').map(({id}) => id)).toEqual([
      'alone',
      'config',
      'workspace',
    ]);
    expect(mayGoOn(checks, true)).toBe(false);
  });
});
