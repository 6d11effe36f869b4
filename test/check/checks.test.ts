import {describe, expect, it} from 'vitest';
import type {Level} from '../../src/check/answer.js';
import {rows} from '../../src/check/checks/index.js';
import type {Seen} from '../../src/check/seen.js';
import type {HostFacts} from '../../src/facts/types.js';
import type {LiveTold} from '../../src/sampler/told.js';
import type {WorkspaceSample} from '../../src/screens/watch/model/sample.js';
import type {HostName} from '../../src/ssh/host.js';
import {layout, units} from '../../src/templates/layout.js';
import {account} from '../phases/facts.js';
import {conflictSplit, nowMs, running} from '../screens/watch/model/sample-parts.js';
import {
  edited,
  finishedInput,
  resultsOf,
  seenOf,
  seenWell,
  withFacts,
  withHost,
  without,
  withMonitor,
  withSample,
} from './finished.js';

const day = 86_400_000;
const notify = [{kind: 'command' as const, path: '/usr/local/bin/tell', level: 'warning' as const}];

type Fault = [what: string, change: (seen: Seen) => Seen, level: Level, says: RegExp];
const facts = (host: HostName, change: (facts: HostFacts) => Partial<HostFacts>) => (seen: Seen) =>
  withFacts(seen, host, change(seen.facts[host]!));
const both = (change: (facts: HostFacts) => Partial<HostFacts>) => (seen: Seen) =>
  facts('standby', change)(facts('primary', change)(seen));
const monitor =
  (change: Parameters<typeof withMonitor>[1]) =>
  (seen: Seen): Seen =>
    withMonitor(seen, change);
const workspace = (host: HostName, change: Partial<WorkspaceSample> | null) => (seen: Seen) =>
  withHost(seen, host, {
    workspace: change && {...(seen.sample[host].workspace as WorkspaceSample), ...change},
  });
const telling = (told: LiveTold['telling']) => (seen: Seen) => ({
  ...seen,
  pair: {...seen.pair, notify},
  live: {...seen.live!, telling: told},
});
const target = {name: 'command', kind: 'command', deliveredAt: null, error: null, waiting: 0};
const checkout = (change: Partial<HostFacts['checkouts'][string]>) =>
  facts('standby', ({checkouts}) => ({
    checkouts: {...checkouts, [layout.workspace]: {...checkouts[layout.workspace]!, ...change}},
  }));
const tailscale = (keyExpires?: string) => (seen: Seen) =>
  both(() => ({
    tailscale: {known: true, value: {installed: true, state: 'Running', ...(keyExpires && {keyExpires})}},
  }))(seen);
const iso = (ms: number) => new Date(ms).toISOString();

/** Each row: what it says of a pair that is well, and everything that it is there to notice. */
const table: Record<string, {well: Level | null; of?: (seen: Seen) => Seen; faults: Fault[]}> = {
  split: {
    well: 'ok',
    faults: [
      ['one login on both', (seen) => withSample(seen, {split: conflictSplit}), 'problem', /on both nodes/],
      [
        'a credential that could not be read',
        (seen) =>
          withSample(seen, {split: {state: 'unknown', reasons: [{host: 'primary', reason: 'a vault'}]}}),
        'unknown',
        /a vault/,
      ],
    ],
  },
  'extra-accounts': {
    well: 'ok',
    faults: [
      [
        'another account beside its own',
        facts('standby', () => ({
          accounts: {known: true, accounts: [account('backup'), account('extra', {channel: 'discord'})]},
        })),
        'warning',
        /discord extra/,
      ],
      [
        'none at all',
        facts('standby', () => ({accounts: {known: true, accounts: []}})),
        'problem',
        /own account, irc backup, is not/,
      ],
      [
        'accounts that could not be read',
        facts('standby', () => ({accounts: {known: false, reason: 'no Node'}})),
        'unknown',
        /no Node/,
      ],
    ],
  },
  'split-guard': {
    well: 'ok',
    faults: [
      [
        'a config that it refuses',
        facts('standby', () => ({guard: {known: true, value: {ok: false, reason: 'irc x is not approved'}}})),
        'problem',
        /would refuse.*irc x/,
      ],
      [
        'one that is not installed',
        facts('standby', () => ({guard: {known: false, reason: 'no guard'}})),
        'unknown',
        /no guard/,
      ],
    ],
  },
  crons: {
    well: 'ok',
    faults: [
      [
        'crons that are turned on',
        facts('standby', ({config}) => ({
          config: config.known
            ? {known: true, value: {...config.value!, tree: {...config.value!.tree, cron: {enabled: true}}}}
            : config,
        })),
        'warning',
        /Crons are not turned off/,
      ],
      [
        'no config',
        facts('standby', () => ({config: {known: true, value: null}})),
        'problem',
        /no gateway config/,
      ],
      [
        'a config that cannot be read',
        facts('standby', () => ({config: {known: false, reason: 'broken'}})),
        'unknown',
        /broken/,
      ],
    ],
  },
  'primary-accounts': {
    well: 'ok',
    faults: [
      [
        'a bot that is not connected',
        (seen) =>
          withHost(seen, 'primary', {
            accounts: [
              {
                channel: 'irc',
                account: 'main',
                enabled: true,
                identity: null,
                state: 'unsteady',
                why: 'banned',
              },
            ],
          }),
        'warning',
        /irc main \(banned\)/,
      ],
      [
        'a gateway that could not be asked',
        (seen) => withHost(seen, 'primary', {accounts: {unknown: 'no answer'}}),
        'unknown',
        /no answer/,
      ],
    ],
  },
  monitor: {
    well: 'ok',
    faults: [
      ['a monitor that does not run', monitor({running: false}), 'problem', /does not run/],
      [
        'one that has written nothing',
        (seen) => withSample(seen, {monitor: {known: false, reason: 'nothing since the boot'}}),
        'problem',
        /silent/,
      ],
      [
        'one that hangs: its newest probe is old',
        (seen) => withSample(seen, {health: {...seen.sample.health!, agoMs: 50_000}}),
        'problem',
        /hangs.*50 s ago/,
      ],
      ['one that never probed', (seen) => withSample(seen, {health: null}), 'problem', /has not asked/],
    ],
  },
  'primary-health': {
    well: 'ok',
    faults: [
      [
        'a primary that refuses',
        (seen) => withSample(seen, {health: {...seen.sample.health!, well: false, class: 'refused'}}),
        'problem',
        /refused/,
      ],
      ['a gateway that is not ready', monitor({primaryNotReady: 'discord'}), 'warning', /not ready: discord/],
      ['no probe', (seen) => withSample(seen, {health: null}), 'unknown', /not known/],
    ],
  },
  'monitor-log': {
    well: 'ok',
    faults: [
      ['a disk that takes nothing', monitor({disk: 'ENOSPC'}), 'problem', /ENOSPC/],
      ['no event at all', (seen) => ({...seen, events: 0}), 'warning', /no event/],
    ],
  },
  held: {
    well: 'ok',
    faults: [
      [
        'a pause',
        monitor({paused: true, pausedLeftMs: 60_000, pauseWhy: 'disk'}),
        'warning',
        /paused \(disk\)/,
      ],
      ['a takeover that did not work', monitor({state: 'blocked'}), 'problem', /could not/],
      ['a latch', monitor({state: 'active', latched: true}), 'warning', /too often/],
      ['a takeover by hand', monitor({state: 'active', byHand: true}), 'warning', /operator took over/],
      ['the limit of takeovers', monitor({noTakeoverUntilMs: nowMs + day}), 'warning', /too often/],
      ['a host that is offline', monitor({held: 'isolated'}), 'warning', /isolated/],
      [
        'a takeover that goes on',
        monitor({state: 'promoting', words: 'promoting 3 s'}),
        'warning',
        /promoting 3 s/,
      ],
      [
        'a monitor that is silent',
        (seen) => withSample(seen, {monitor: {known: false, reason: 'silent'}}),
        'unknown',
        /silent/,
      ],
    ],
  },
  ready: {
    well: 'ok',
    faults: [
      ['a rehearsal that said no', monitor({notReady: 'the port is taken'}), 'problem', /the port is taken/],
      [
        'a monitor that is silent',
        (seen) => withSample(seen, {monitor: {known: false, reason: 'silent'}}),
        'unknown',
        /silent/,
      ],
    ],
  },
  'monitor-build': {
    well: 'ok',
    faults: [
      [
        'a newer program here',
        (seen) => ({...seen, version: '0.2.0'}),
        'warning',
        /0\.1\.0, and this is 0\.2\.0/,
      ],
      [
        'another build of one version',
        (seen) => ({...seen, programs: {...seen.programs, monitor: '// other\n'}}),
        'warning',
        /another build of failover-wizard 0\.1\.0/,
      ],
      [
        'none at all',
        facts('standby', ({files}) => ({files: {...files, [layout.monitorProgram]: null}})),
        'problem',
        /no monitor/,
      ],
    ],
  },
  warm: {
    well: null,
    faults: [
      [
        'a warm standby whose gateway does not sleep',
        (seen) => monitor({warm: false})(warmed(seen)),
        'warning',
        /does not sleep/,
      ],
      [
        'one with too little memory',
        (seen) =>
          facts('standby', () => ({memory: {totalBytes: 1.5e9, availableBytes: 1e9}}))(
            monitor({warm: false})(warmed(seen)),
          ),
        'warning',
        /less than 2 GB/,
      ],
      ['one that is warm', (seen) => monitor({warm: true})(warmed(seen)), 'ok', /sleeps/],
      [
        'a sleeping gateway that somebody stopped a moment ago',
        (seen) => asleep('inactive')(monitor({warm: true})(warmed(seen))),
        'warning',
        /does not sleep/,
      ],
    ],
  },
  told: {
    well: 'tip',
    faults: [
      [
        'messages that arrive',
        telling({targets: [target], problem: null}),
        'ok',
        /Told of what happens: command/,
      ],
      [
        'messages that do not arrive',
        telling({targets: [{...target, error: 'exit 1', waiting: 2}], problem: null}),
        'warning',
        /command do not arrive \(exit 1\); 2 wait/,
      ],
      [
        'a file of secrets that is gone',
        telling({targets: [], problem: 'no notify.env'}),
        'warning',
        /notify\.env/,
      ],
      ['a monitor that says nothing of it', telling(null), 'unknown', /does not say/],
    ],
  },
  'openclaw-versions': {
    well: 'ok',
    faults: [
      [
        'an OpenClaw that was updated on the primary alone',
        facts('primary', ({openclaw}) => ({
          openclaw: openclaw.known
            ? {known: true, value: {...openclaw.value!, version: '2026.10.1'}}
            : openclaw,
        })),
        'problem',
        /primary has OpenClaw 2026\.10\.1, the standby 2026\.9\.6/,
      ],
      [
        'none on the standby',
        facts('standby', () => ({openclaw: {known: true, value: null}})),
        'problem',
        /no OpenClaw on the standby/,
      ],
      [
        'one that cannot be told',
        facts('primary', () => ({openclaw: {known: false, reason: 'no Node'}})),
        'unknown',
        /no Node/,
      ],
    ],
  },
  node: {
    well: 'ok',
    faults: [
      [
        'a Node too old on the primary',
        facts('primary', (host) => oldNode(host)),
        'warning',
        /asks for Node >=24.* with 22\.1\.0/,
      ],
      [
        'one on the standby',
        facts('standby', (host) => oldNode(host)),
        'problem',
        /the standby runs it with 22\.1\.0/,
      ],
      [
        'one that is not known',
        facts('primary', () => ({openclaw: {known: false, reason: 'no Node'}})),
        'unknown',
        /no Node/,
      ],
    ],
  },
  'primary-gateway': {
    well: 'ok',
    faults: [
      [
        'one that is stopped',
        (seen) => withHost(seen, 'primary', {gateway: {...running, state: 'stopped'}}),
        'problem',
        /is stopped/,
      ],
      [
        'one that cannot be asked',
        (seen) => withHost(seen, 'primary', {gateway: {unknown: 'no bus'}}),
        'unknown',
        /no bus/,
      ],
    ],
  },
  units: {
    well: 'ok',
    faults: [
      [
        'a sync that failed',
        facts('standby', (host) => ({
          units: {
            ...host.units,
            [units.sync]: {...host.units[units.syncTimer]!, activeState: 'failed', result: 'exit-code'},
          },
        })),
        'warning',
        /openclaw-standby-sync\.service has failed on the standby \(exit-code\)/,
      ],
    ],
  },
  'workspace-pushed': {
    well: 'ok',
    faults: [
      ['one that is a day old', workspace('primary', {syncAgeMs: 2 * day}), 'warning', /not pushed for 2 d/],
      ['one that is late', workspace('primary', {syncAgeMs: 40 * 60_000}), 'warning', /40 min ago/],
      [
        'a push that is refused',
        workspace('primary', {syncAgeMs: null, pushFailed: 'denied'}),
        'warning',
        /does not push.*denied/,
      ],
      [
        'histories that parted, however lately',
        workspace('primary', {pushFailed: 'diverged: by 2'}),
        'warning',
        /diverged/,
      ],
      ['none', workspace('primary', null), 'tip', /not pushed by a timer/],
      [
        'one that was not told',
        (seen) => withHost(seen, 'primary', {workspace: {unknown: 'x'}}),
        'unknown',
        /not known: x/,
      ],
    ],
  },
  'workspace-fetched': {
    well: 'ok',
    faults: [
      ['a fetch that is late', workspace('standby', {syncAgeMs: 3 * 3_600_000}), 'warning', /3 h ago/],
      ['one that never was', workspace('standby', {syncAgeMs: null}), 'warning', /never/],
      ['no copy', workspace('standby', null), 'tip', /no copy/],
      [
        'one that was not told',
        (seen) => withHost(seen, 'standby', {workspace: {unknown: 'x'}}),
        'unknown',
        /not known: x/,
      ],
    ],
  },
  'hand-back': {
    well: 'ok',
    faults: [
      ['a takeover that was not handed back', checkout({inUse: true}), 'warning', /not handed back/],
      ['branches that are not pushed', checkout({unpushed: ['failover/a/1']}), 'warning', /failover\/a\/1/],
      [
        'branches that nobody merged',
        checkout({unmerged: ['failover/a/1', 'failover/a/2', 'failover/a/3', 'failover/a/4']}),
        'tip',
        /failover\/a\/1, failover\/a\/2 and 2 more/,
      ],
    ],
  },
  disk: {
    well: 'ok',
    faults: [
      ['a full disk on the primary', facts('primary', () => disk(100e6)), 'problem', /Only 95 MB/],
      ['one on the standby', facts('standby', () => disk(400e6)), 'problem', /Only 381 MB/],
      ['one that is nearly full', facts('standby', () => disk(2e9)), 'warning', /Only 1\.9 GB of 37 GB/],
      [
        'one that takes nothing',
        facts('standby', () => ({disks: {'/opt': {totalBytes: 9e9, freeBytes: 8e9, readOnly: true}}})),
        'problem',
        /read-only \(\/opt\)/,
      ],
      ['one that was not told', facts('standby', () => ({disks: {}})), 'unknown', /not known/],
    ],
  },
  memory: {
    well: 'ok',
    faults: [
      [
        'a primary that is near its end',
        facts('primary', () => memory(100e6)),
        'warning',
        /Only 95 MB of 3\.7 GB/,
      ],
      [
        'a standby that could not start it',
        facts('standby', () => memory(500e6)),
        'warning',
        /takes 0\.9 GB/,
      ],
      [
        'one that was not told',
        facts('standby', () => ({memory: {totalBytes: 0, availableBytes: 0}})),
        'unknown',
        /not known/,
      ],
    ],
  },
  firewall: {
    well: 'ok',
    of: both(() => ({
      firewall: {known: true, value: {installed: true, enabled: true, closed: true, rules: []}},
    })),
    faults: [
      ['one that is off on the standby', facts('standby', () => firewall(false, true)), 'warning', /is off/],
      [
        'one that lets everything in',
        facts('standby', () => firewall(true, false)),
        'warning',
        /no rule names/,
      ],
      ['none on the primary', facts('primary', () => firewall(false, false)), 'tip', /No firewall of ufw/],
      [
        'one that cannot be read',
        facts('primary', () => ({firewall: {known: false, reason: 'denied'}})),
        'unknown',
        /denied/,
      ],
    ],
  },
  reboot: {
    well: 'ok',
    faults: [
      [
        'one that is due',
        (seen) => withHost(seen, 'primary', {rebootPending: true}),
        'tip',
        /primary wants a reboot/,
      ],
      [
        'one that is not known',
        (seen) => withHost(seen, 'standby', {rebootPending: null}),
        'unknown',
        /not known/,
      ],
    ],
  },
  clocks: {
    well: 'ok',
    faults: [
      ['hosts that are apart', facts('standby', () => ({clockOffsetMs: 9_000})), 'warning', /9 s apart/],
      [
        'a machine of the operator that is wrong',
        both(() => ({clockOffsetMs: 120_000})),
        'tip',
        /this machine is −2:00 off/,
      ],
    ],
  },
  'clock-sync': {
    well: 'ok',
    faults: [
      [
        'one that is not',
        facts('standby', () => ({clockSynced: {known: true, value: false}})),
        'tip',
        /not kept right/,
      ],
      [
        'one that is not known',
        facts('primary', () => ({clockSynced: {known: false, reason: 'no timedatectl'}})),
        'tip',
        /no timedatectl/,
      ],
    ],
  },
  'tailscale-key': {
    well: null,
    faults: [
      ['a key without an end', tailscale(), 'ok', /does not expire/],
      ['one with months', tailscale(iso(nowMs + 90 * day)), 'ok', /another 90 d/],
      ['one that ends soon', tailscale(iso(nowMs + 5 * day)), 'warning', /expires in 5 d/],
      ['one that has ended', tailscale(iso(nowMs - day)), 'problem', /has expired/],
    ],
  },
  lock: {
    well: 'ok',
    faults: [
      [
        'a setup under way',
        facts('standby', () => ({lock: {who: 'me@laptop', when: '14:02', why: 'setup'}})),
        'tip',
        /setup, me@laptop since 14:02/,
      ],
    ],
  },
  drill: {
    well: 'ok',
    faults: [
      ['none ever', (seen) => withSample(seen, {drill: null}), 'tip', /Neither/],
      [
        'none for a month',
        (seen) => withSample(seen, {drill: {...seen.sample.drill!, agoMs: 40 * day, dueInMs: -10 * day}}),
        'tip',
        /not tested for a month.*40 d old/,
      ],
      [
        'one that failed',
        (seen) =>
          withSample(seen, {drill: {...seen.sample.drill!, passed: false, result: 'failed', dueInMs: -1}}),
        'warning',
        /failed/,
      ],
    ],
  },
  'drill-left': {
    well: 'ok',
    faults: [
      [
        'one that was cut off',
        (seen) => ({...seen, drillLeft: {fault: 'hang', beganMs: nowMs}}),
        'warning',
        /drill \(hang\).*did not come to its end/,
      ],
      [
        'one that goes on',
        (seen) => withSample(seen, {drillUnderWay: {id: 'x', fault: 'stop', who: '', machine: ''}}),
        'tip',
        /drill \(stop\) is under way/,
      ],
    ],
  },
  setup: {well: 'ok', faults: []},
};

const asleep = (activeState: string) =>
  facts('standby', (host) => ({
    units: {...host.units, [units.gateway]: {...host.units[units.syncTimer]!, activeState}},
  }));
/** A warm pair whose gateway runs, in systemd's word. */
function warmed(seen: Seen): Seen {
  return asleep('active')({...seen, pair: {...seen.pair, monitor: {...seen.pair.monitor, standby: 'warm'}}});
}
function oldNode({openclaw}: HostFacts): Partial<HostFacts> {
  if (!openclaw.known) return {openclaw};
  return {openclaw: {known: true, value: {...openclaw.value!, engines: '>=24.16.0', nodeVersion: '22.1.0'}}};
}
const disk = (freeBytes: number) => ({disks: {'/': {totalBytes: 40e9, freeBytes, readOnly: false}}});
const memory = (availableBytes: number) => ({memory: {totalBytes: 4e9, availableBytes}});
const firewall = (enabled: boolean, closed: boolean): Partial<HostFacts> => ({
  firewall: {known: true, value: {installed: true, enabled, closed, rules: []}},
});

const well = seenWell();

describe.each(Object.entries(table))('%s', (id, {well: level, of = (seen: Seen) => seen, faults}) => {
  it(level === null ? 'has nothing to say of a pair without it' : `is ${level} for a pair that is well`, () =>
    expect(resultsOf(of(well), id).map((one) => one.level)).toEqual(
      level === null ? [] : resultsOf(of(well), id).map(() => level),
    ),
  );
  it.each(faults)('notices %s', (_, change, expected, says) => {
    const found = resultsOf(change(of(well)), id).filter((one) => says.test(one.says));
    expect(
      found.map((one) => one.level),
      JSON.stringify(resultsOf(change(of(well)), id)),
    ).toEqual(found.map(() => expected));
    expect(found.length).toBeGreaterThan(0);
    // Whatever is not as it should be says what to do about it.
    if (['tip', 'warning', 'problem'].includes(expected)) expect(found[0]!.do).toBeTruthy();
    else expect(found[0]).not.toHaveProperty('do');
  });
});

it('every row of the table is tried here, and each can pass and fail', () => {
  expect(Object.keys(table).toSorted()).toEqual(rows.map(({id}) => id).toSorted());
  for (const [id, {faults}] of Object.entries(table))
    if (id !== 'setup')
      expect(
        faults.some(([, , level]) => level !== 'ok'),
        id,
      ).toBe(true);
});

it('sentences end as sentences, and no name of a check is used twice', () => {
  expect(new Set(rows.map(({id}) => id)).size).toBe(rows.length);
  for (const result of rows.flatMap((row) => row.look(well)))
    expect(result.says, result.id).toMatch(/[.!?]$/);
});

describe('what setup finds wrong with the hosts', () => {
  it('is a check of its own name each, with what setup says to do', () => {
    const input = finishedInput();
    input.primary.users['openclaw']!.linger = false;
    input.pair = {...input.pair, model: {...input.pair.model, secrets: {OPENAI_API_KEY: {env: 'X'}}}};
    expect(resultsOf(seenOf(input), 'setup')).toMatchObject([
      {
        id: 'setup:linger',
        host: 'primary',
        level: 'warning',
        do: expect.stringContaining('linger') as string,
      },
      {
        id: 'setup:secrets',
        host: 'standby',
        level: 'problem',
        says: expect.stringContaining('OPENAI') as string,
      },
    ]);
  });
});

describe('a host that was not read', () => {
  it.each(['primary', 'standby'] as const)(
    'hides nothing of the other one, and every check of the %s is told',
    (host) => {
      const other = host === 'primary' ? 'standby' : 'primary';
      const dark = without(well, host);
      for (const {id, look} of rows) {
        const before = look(well);
        const after = look(dark);
        // Of the other host all is said as before.
        const mine = before.filter((one) => one.host === other).map(({says}) => says);
        expect(
          after.map(({says}) => says),
          id,
        ).toEqual(expect.arrayContaining(mine));
        // Nothing is left out in silence.
        expect(after.length, id).toBeGreaterThanOrEqual(before.length);
        for (const one of after.filter((each) => each.host === host)) {
          expect(one.level, id).toBe('unknown');
          expect(one.says, id).toMatch(/^Not known: .* was not read: no route to it\.$/);
        }
      }
    },
  );

  it('a drill is known from this machine alone; without one nothing is claimed', () => {
    const dark = without(well, 'standby');
    expect(resultsOf(dark, 'drill')).toMatchObject([{level: 'ok'}]);
    expect(resultsOf(withSample(dark, {drill: null}), 'drill')).toMatchObject([{level: 'unknown'}]);
  });
});

it('an edited monitor is no other build of ours', () => {
  const input = finishedInput();
  edited(input, 'standby', layout.monitorProgram);
  expect(resultsOf(seenOf(input), 'monitor-build')).toMatchObject([
    {level: 'warning', says: expect.stringContaining('not the one that setup put there') as string},
  ]);
});
