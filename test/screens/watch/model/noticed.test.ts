import {describe, expect, test} from 'vitest';
import type {AccountsTold, GatewayTold, LinkState} from '../../../../src/sampler/told.js';
import {
  emptyState,
  reduce,
  timelineOf,
  type Input,
  type WatchState,
} from '../../../../src/screens/watch/model/state.js';
import type {HostName} from '../../../../src/ssh/host.js';
import {account} from '../../facts.js';
import {event} from './made-events.js';
import {
  pairFacts,
  primaryAccounts,
  runningGateway,
  startMs,
  stoppedGateway,
  told,
  wellPair,
} from './playing.js';

/** Inputs with the s after the start at which they come. */
type Story = readonly (readonly [s: number, input: Input])[];

const play = (story: Story, from: WatchState = wellPair()) =>
  story.reduce((state, [s, input]) => reduce(state, input, startMs + s * 1000), from);
/** What was noticed, without what the pair said at first. */
const said = (state: WatchState) =>
  timelineOf(state).map(({host, level, sentence}) => `${host} ${level}: ${sentence}`);

const gateway = (differing: Partial<GatewayTold>): Input =>
  told('primary', {kind: 'gateway', gateway: {...runningGateway, upS: 4000, ...differing}});
const stopped = told('primary', {kind: 'gateway', gateway: stoppedGateway});
const link = (host: HostName, state: LinkState): Input => ({on: 'link', host, link: state});
const lost = (host: HostName, error = 'timed out', attempt = 1) =>
  link(host, {state: 'lost', attempt, retryAtMs: 0, error});
const clock = (host: HostName, s: number) => told(host, {kind: 'clock', hostMs: startMs + s * 1000});
const unit = (activeState: string) => told('standby', {kind: 'monitor', activeState});
const machine = (host: HostName, uptimeS: number) =>
  told(host, {
    kind: 'machine',
    machine: {load: 0, memoryBytes: {total: 4e9, available: 3e9}, uptimeS, rebootPending: false},
  });
const accounts = (state: 'connected' | 'off' | 'unsteady', why: string | null = null) =>
  told('primary', {
    kind: 'accounts',
    accounts: {known: true, accounts: primaryAccounts(state, why), tookMs: 40},
  });
const unasked: AccountsTold = {known: false, reason: 'it does not run'};

describe('what this machine notices', () => {
  test.each<[string, Story, string[]]>([
    ['a pair that is well is no news', [], []],
    [
      'a connection that is lost, once, and that it is back',
      [
        [1, lost('primary')],
        [3, link('primary', {state: 'connecting', attempt: 2})],
        [4, lost('primary', 'no route', 2)],
        [40, link('primary', {state: 'up'})],
        [43, clock('primary', 43)],
        [45, clock('primary', 45)],
      ],
      [
        'laptop warning: Lost the connection to the primary: timed out',
        'laptop info: The connection to the primary is back after 43 s.',
      ],
    ],
    [
      'how long nothing was heard, not only how long that was called a loss',
      [
        [1, clock('primary', 1)],
        [11, lost('primary')],
        [17, link('primary', {state: 'up'})],
        [17, clock('primary', 17)],
      ],
      [
        'laptop warning: Lost the connection to the primary: timed out',
        'laptop info: The connection to the primary is back after 16 s.',
      ],
    ],
    [
      'the error of a connection without what a terminal would obey',
      [[1, lost('standby', 'no route\u001B[2J\nto host')]],
      ['laptop warning: Lost the connection to the standby: no route to host'],
    ],
    ['a gateway that stops', [[1, stopped]], ['primary warning: The gateway stopped.']],
    [
      'a gateway that stops slowly, and starts',
      [
        [1, gateway({state: 'stopping'})],
        [3, stopped],
        [9, gateway({state: 'starting', pid: 900, upS: null})],
        [22, gateway({pid: 900, upS: 0})],
      ],
      ['primary warning: The gateway stopped.', 'primary info: The gateway is back after 21 s.'],
    ],
    [
      'a gateway that is another process than before, when it began',
      [[600, gateway({pid: 900, upS: 300})]],
      ['primary warning: The gateway was restarted.'],
    ],
    [
      'a gateway that gave up, with the word of systemd',
      [[1, gateway({state: 'failed', result: 'exit-code', pid: null, upS: null})]],
      ['primary alert: The gateway failed (exit-code).'],
    ],
    [
      'nothing, where systemd could not be asked for a moment',
      [
        [1, gateway({state: 'unknown', result: 'timeout', pid: null, upS: null})],
        [2, gateway({upS: 4001})],
      ],
      [],
    ],
    [
      'an account that is not there any more, once, and that it is back',
      [
        [1, accounts('off', 'auth failed')],
        [2, accounts('unsteady')],
        [20, accounts('connected')],
      ],
      [
        'primary warning: discord default is not connected: auth failed.',
        'primary info: discord default is connected again.',
      ],
    ],
    [
      'not the accounts of a gateway that has only just started, nor of one that does not run',
      [
        [1, stopped],
        [2, told('primary', {kind: 'accounts', accounts: unasked})],
        [3, accounts('off')],
        [20, gateway({pid: 900, upS: 0})],
        [21, accounts('off')],
        [30, accounts('connected')],
      ],
      ['primary warning: The gateway stopped.', 'primary info: The gateway is back after 19 s.'],
    ],
    [
      'a monitor that is stopped; that it is back its own event says',
      [
        [1, unit('deactivating')],
        [2, unit('inactive')],
        [9, unit('activating')],
        [10, unit('active')],
      ],
      ['standby alert: The monitor was stopped.'],
    ],
    [
      'a monitor that ends by itself',
      [
        [1, unit('activating')],
        [2, unit('active')],
      ],
      ['standby alert: The monitor ended; systemd starts it again.'],
    ],
    [
      'a monitor that gives up',
      [[1, unit('failed')]],
      ['standby alert: The monitor failed. See: journalctl -u openclaw-health-monitor.service'],
    ],
    [
      'a host that rebooted',
      [
        [1, machine('primary', 100_001)],
        [300, machine('primary', 12)],
      ],
      ['primary warning: The host rebooted.'],
    ],
    [
      'a reboot of the standby, unless its monitor says so itself',
      [
        [300, machine('standby', 12)],
        [
          302,
          told('standby', {
            kind: 'event',
            event: event({
              event: 'resuming',
              atMs: startMs + 295_000,
              say: 'This host rebooted while active.',
            }),
          }),
        ],
      ],
      ['standby info: This host rebooted while active.'],
    ],
    [
      'a split that becomes a conflict, and is mended',
      [
        [
          600,
          {
            on: 'facts',
            host: 'primary',
            facts: pairFacts('primary', {
              accounts: {known: true, accounts: [account('irc', 'backup', 'clawbak@irc')]},
            }),
          },
        ],
        [1200, {on: 'facts', host: 'primary', facts: pairFacts('primary')}],
      ],
      [
        'laptop alert: Split conflict: irc account "backup" (clawbak@irc) is enabled on both nodes.',
        'laptop info: The split is disjoint: no account and no credential is on both nodes.',
      ],
    ],
    [
      'no facts that are as they were',
      [[600, {on: 'facts', host: 'primary', facts: pairFacts('primary')}]],
      [],
    ],
    ['no facts that failed', [[600, {on: 'facts-failed', host: 'primary', error: 'timed out'}]], []],
  ])('%s', (_, story, sentences) => {
    expect(said(play(story))).toEqual(sentences);
  });

  test('a host that could not be reached from the beginning', () => {
    const story: Story = [
      [0, lost('primary', 'no route')],
      [50, link('primary', {state: 'up'})],
      [50, told('primary', {kind: 'hello', version: 1})],
    ];
    expect(said(play(story, emptyState('default')))).toEqual([
      'laptop warning: No connection to the primary: no route',
      'laptop info: The connection to the primary is there after 50 s.',
    ]);
  });

  test('a restart and a reboot stand at the time at which they were', () => {
    const state = play([
      [600, gateway({pid: 900, upS: 300})],
      [700, machine('primary', 60)],
    ]);
    expect(timelineOf(state).map(({atMs}) => (atMs - startMs) / 1000)).toEqual([300, 640]);
  });

  test('what is noticed has a key of its own, and only the newest of it is kept', () => {
    let state = wellPair();
    for (let s = 1; s <= 1_000; s += 1)
      state = reduce(state, gateway({pid: 1_000 + s, upS: 0}), startMs + s * 1000);
    expect(state.noticed).toHaveLength(200);
    expect(new Set(state.noticed.map(({key}) => key)).size).toBe(200);
    expect(timelineOf(state).at(-1)!.atMs).toBe(startMs + 1_000_000);
  });

  test('what is noticed pushes no test out of the timeline', () => {
    const events = ['promoting', 'tested', 'promoted', ...Array.from({length: 600}, () => 'suspected')];
    let state = wellPair();
    for (const [index, name] of events.entries())
      state = reduce(
        state,
        told('standby', {
          kind: 'event',
          event: event({seq: index + 1, event: name, atMs: startMs + index * 1000}),
        }),
        startMs,
      );
    for (let s = 1; s <= 250; s += 1)
      state = reduce(state, gateway({pid: 1_000 + s, upS: 0}), startMs + (1_000 + s) * 1000);
    const entries = timelineOf(state);
    expect(entries).toHaveLength(500);
    expect(entries.slice(0, 3).map(({event: name}) => name)).toEqual(['promoting', 'tested', 'promoted']);
  });
});
