import {describe, expect, test} from 'vitest';
import {emptyState, reduce, type Input, type WatchState} from '../../../../src/screens/watch/model/state.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import type {LiveTold, WorkspaceTold} from '../../../../src/sampler/told.js';
import {event} from './made-events.js';
import {
  after,
  commits,
  liveTold,
  pairFacts,
  primaryAccounts,
  runningGateway,
  startMs,
  stoppedGateway,
  told,
  wellPair,
} from './playing.js';

const live = (differing: Partial<LiveTold>) => told('standby', {kind: 'live', live: liveTold(differing)});
const later = (state: WatchState, s: number) => toSample(state, startMs + s * 1000);
const withInputs = (...inputs: Input[]) => after(wellPair(), inputs, startMs);

describe('a sample between two inputs', () => {
  test('is older by what has passed', () => {
    const state = wellPair();
    const [now, then] = [later(state, 0), later(state, 4)];
    expect(then.primary.link).toMatchObject({state: 'up', silentMs: 4_000, stale: false});
    expect(then.primary.gateway).toMatchObject({upS: 3_604});
    expect(then.primary.uptimeS).toBe(now.primary.uptimeS! + 4);
    expect(then.health!.agoMs).toBe(4_500);
    expect(then.primary.workspace).toMatchObject({syncAgeMs: 184_000});
    expect(then.outlook!.rpoMs).toBe(184_000);
    expect(then.monitor).toMatchObject({inStateMs: 604_000, nextProbeInMs: 500});
  });

  test('counts down no further than to nothing, and up no further than to the end', () => {
    const suspect = withInputs(
      live({state: 'suspect', reason: 'silent', badForMs: 2_000, verdictInMs: 10_000, pausedMs: 3_000}),
    );
    expect(later(suspect, 3).monitor).toMatchObject({
      words: 'suspect, 5 of 12 s: silent; paused, 0 s left',
      pausedLeftMs: 0,
    });
    expect(later(suspect, 60).monitor).toMatchObject({
      words: 'suspect, 12 of 12 s: silent; paused, 0 s left',
    });
    const recovering = withInputs(live({state: 'recovering', good: {count: 2, forMs: 6_000}}));
    expect(later(recovering, 6).monitor).toMatchObject({words: 'recovering 12/30 s'});
  });

  test('is made again and again from the same state', () => {
    const state = wellPair();
    expect(later(state, 4)).toEqual(later(state, 4));
  });
});

describe('a connection', () => {
  test('is stale after 6 s without a word, and at once when it is lost', () => {
    expect(later(wellPair(), 6).standby.link.stale).toBe(false);
    expect(later(wellPair(), 6.1).standby.link.stale).toBe(true);
    const lost = withInputs({
      on: 'link',
      host: 'standby',
      link: {state: 'lost', attempt: 3, retryAtMs: startMs + 5_000, error: 'reset\u0007 by peer'},
    });
    expect(later(lost, 1).standby.link).toEqual({
      state: 'lost',
      silentMs: 1_000,
      stale: true,
      upForMs: null,
      afterLoss: false,
      attempt: 3,
      retryInMs: 4_000,
      error: 'reset by peer',
    });
  });
  test('that is back is as old as it was until everything was told again', () => {
    const down: Input[] = [
      {on: 'link', host: 'standby', link: {state: 'lost', attempt: 1, retryAtMs: 0, error: 'reset'}},
      {on: 'link', host: 'standby', link: {state: 'up'}},
    ];
    const back = reduce(withInputs(...down), told('standby', {kind: 'hello', version: 1}), startMs + 90_000);
    const sample = later(back, 90);
    expect(sample.standby.link.stale).toBe(true);
    expect(sample.verdict.words).not.toMatch(/hangs|Reading/);
    const whole = reduce(back, told('standby', {kind: 'whole'}), startMs + 90_100);
    expect(later(whole, 90.2).standby.link.stale).toBe(false);
  });
  test('was in a drill, which is no reason for ever', () => {
    const lost: Input[] = [
      told('primary', {kind: 'drill', drill: {id: 'one', fault: 'reboot', who: 'me', machine: 'laptop'}}),
      {on: 'link', host: 'primary', link: {state: 'lost', attempt: 1, retryAtMs: 0, error: 'reset'}},
    ];
    expect(later(withInputs(...lost), 590).drillUnderWay).toMatchObject({fault: 'reboot'});
    expect(later(withInputs(...lost), 610).drillUnderWay).toBeNull();
  });
  test('before the first word there is nothing that could be old', () => {
    const {primary, standby, verdict} = toSample(emptyState('default'), startMs);
    for (const host of [primary, standby])
      expect(host.link).toMatchObject({state: 'connecting', silentMs: null, stale: false});
    expect(verdict.words).toBe('Reading …');
  });
  test('the verdict waits for both hosts to have told everything, or to be out of reach', () => {
    const host = (name: 'primary' | 'standby'): Input[] => [
      {on: 'facts', host: name, facts: pairFacts(name)},
      {on: 'link', host: name, link: {state: 'up'}},
      told(name, {kind: 'whole'}),
    ];
    const one = after(emptyState('default'), host('standby'), startMs);
    expect(toSample(one, startMs).verdict.sentence).toBe('The primary is still being read.');
    const lost = reduce(
      one,
      {on: 'link', host: 'primary', link: {state: 'lost', attempt: 1, retryAtMs: 0, error: 'no route'}},
      startMs,
    );
    expect(toSample(lost, startMs).verdict.words).toBe('Not protected: no monitor');
    expect(toSample(after(one, host('primary'), startMs), startMs).verdict.state).toBe('not-protected');
  });
  test('a clock of this machine that is set back makes nothing younger than now', () => {
    expect(later(wellPair(), -3_600).standby.link.silentMs).toBe(0);
    expect(later(wellPair(), -3_600).monitor).toMatchObject({inStateMs: 600_000});
  });
});

describe("a host's accounts", () => {
  test('are those of its config, with the word of its gateway on each', () => {
    const state = withInputs(
      told('primary', {
        kind: 'accounts',
        accounts: {known: true, accounts: primaryAccounts('unsteady', 'timeout'), tookMs: 9},
      }),
    );
    expect(later(state, 0).primary.accounts).toMatchObject([
      {
        channel: 'discord',
        account: 'default',
        enabled: true,
        identity: 'bot 123',
        state: 'unsteady',
        why: 'timeout',
      },
      {channel: 'irc', account: 'main', identity: 'clawmain@irc', state: 'connected', why: null},
    ]);
  });
  test('are not asked of a gateway that does not run', () => {
    const state = withInputs(
      told('primary', {
        kind: 'gateway',
        gateway: {...runningGateway, state: 'stopped', pid: null, upS: null},
      }),
    );
    expect(later(state, 0).primary.accounts).toMatchObject([{state: null}, {state: null}]);
  });
  test("of the standby are the monitor's to see, while it is in charge", () => {
    expect(later(wellPair(), 0).standby.accounts).toMatchObject([{account: 'backup', state: null}]);
    const state = withInputs(live({state: 'active', channel: {connected: false, detail: 'refused'}}));
    expect(later(state, 0).standby.accounts).toMatchObject([
      {account: 'backup', state: 'off', why: 'refused'},
    ]);
  });
  test('that its gateway knows alone are there too, also before its config is read', () => {
    const inputs: Input[] = [
      told('primary', {kind: 'gateway', gateway: runningGateway}),
      told('primary', {
        kind: 'accounts',
        accounts: {known: true, accounts: primaryAccounts('connected'), tookMs: 9},
      }),
    ];
    const {accounts} = toSample(after(emptyState('default'), inputs, startMs), startMs).primary;
    expect(accounts).toMatchObject([{account: 'default', identity: null, state: 'connected'}, {}]);
  });
});

describe('how far behind the copy is', () => {
  const standby = (differing: Partial<WorkspaceTold>) =>
    told('standby', {
      kind: 'workspace',
      workspace: {
        head: commits[9]!,
        commitMs: startMs - 900_000,
        dirty: 0,
        syncMs: startMs,
        pushFailed: null,
        upstream: null,
        recent: [],
        ...differing,
      },
    });
  test.each<[string, Partial<WorkspaceTold>, unknown]>([
    ['as far as what it has fetched', {upstream: commits[2]!}, {commits: 2, atLeast: false}],
    ['as far as what it stands on, where it fetches nothing', {}, {commits: 9, atLeast: false}],
    ['not at all', {upstream: commits[0]!}, {commits: 0, atLeast: false}],
    ['more than could be named', {upstream: 'f'.repeat(40)}, {commits: 50, atLeast: true}],
    [
      'not known of a commit that is newer than all that the primary has told',
      {upstream: 'f'.repeat(40), commitMs: startMs},
      null,
    ],
    ['not known without a commit', {head: null}, null],
  ])('%s', (_, differing, expected) => {
    expect(later(withInputs(standby(differing)), 0).standby.workspace).toMatchObject({behind: expected});
  });
  test('is not known where the whole history is shorter, and another', () => {
    const short = told('primary', {
      kind: 'workspace',
      workspace: {
        head: commits[0]!,
        commitMs: 1,
        dirty: 0,
        syncMs: null,
        pushFailed: null,
        upstream: null,
        recent: commits.slice(0, 4),
      },
    });
    expect(later(withInputs(short, standby({upstream: commits[30]!})), 0).standby.workspace).toMatchObject({
      behind: null,
    });
  });
});

describe('the monitor', () => {
  test('is not calm about anything that wants to be looked at', () => {
    const calm = (differing: Partial<LiveTold>) => {
      const {monitor} = later(withInputs(live(differing)), 0);
      return monitor.known && monitor.calm;
    };
    expect(calm({})).toBe(true);
    for (const differing of [
      {state: 'suspect'},
      {held: 'booting'},
      {pausedMs: 1},
      {latchedMs: 1},
      {unready: 'no key'},
      {notReady: 'discord'},
      {disk: 'ENOSPC'},
    ] as const)
      expect(calm(differing), JSON.stringify(differing)).toBe(false);
  });

  test('sleeps warm where the newest word of that job says so', () => {
    const warm = (state: WatchState) => {
      const {monitor} = later(state, 0);
      return monitor.known && monitor.warm;
    };
    const said = (level: 'info' | 'warning') =>
      told('standby', {kind: 'event', event: event({event: 'warm', level, atMs: startMs})});
    expect(warm(wellPair())).toBe(false);
    expect(warm(withInputs(said('info')))).toBe(true);
    expect(warm(after(withInputs(said('info')), [event2(said('warning'))], startMs))).toBe(false);
  });

  test('its two takeovers within 15 min are a limit until the older one is old enough; a test is none', () => {
    const until = (events: readonly Input[]) => {
      const {monitor} = later(withInputs(...events), 0);
      return monitor.known ? monitor.noTakeoverUntilMs : undefined;
    };
    const took = (seq: number, minutesAgo: number, more = {}) =>
      told('standby', {
        kind: 'event',
        event: event({
          seq,
          event: 'promoting',
          from: 'suspect',
          to: 'promoting',
          atMs: startMs - minutesAgo * 60_000,
          ...more,
        }),
      });
    expect(until([took(1, 10)])).toBeNull();
    expect(until([took(1, 10), took(2, 3)])).toBe(startMs + 5 * 60_000);
    expect(until([took(1, 16), took(2, 3)])).toBeNull();
    expect(until([took(1, 10), took(2, 3), took(3, 2, {event: 'tested', from: 'promoting'})])).toBeNull();
    expect(
      until([took(1, 10), took(2, 3, {say: 'An operator asked the standby to take over (x).'})]),
    ).toBeNull();
  });
});

/** The same news, once more. */
function event2(input: Input): Input {
  if (input.on !== 'told' || input.told.kind !== 'event') throw new Error('no event');
  return told('standby', {kind: 'event', event: {...input.told.event, seq: 2}});
}

describe('the heartbeat', () => {
  const target = (name: string, kind: string, minutesAgo: number | null, error: string | null = null) => ({
    name,
    kind,
    deliveredAt: minutesAgo === null ? null : new Date(startMs - minutesAgo * 60_000).toISOString(),
    error,
    waiting: 0,
  });
  test.each<[string, ReturnType<typeof target>[], unknown]>([
    ['nobody is told', [], null],
    [
      'the dead-man ping, also where a message was delivered later',
      [target('chat', 'webhook', 1), target('dead-man', 'ping', 4, 'HTTP 404')],
      {name: 'dead-man', agoMs: 240_000, error: 'HTTP 404'},
    ],
    [
      'else the newest delivery',
      [target('chat', 'webhook', 90), target('phone', 'ntfy', 8), target('pager', 'command', null)],
      {name: 'phone', agoMs: 480_000, error: null},
    ],
    [
      'one that never arrived',
      [target('dead-man', 'ping', null)],
      {name: 'dead-man', agoMs: null, error: null},
    ],
    [
      'a time that is none',
      [{...target('dead-man', 'ping', 1), deliveredAt: 'yesterday'}],
      {name: 'dead-man', agoMs: null, error: null},
    ],
  ])('%s', (_, targets, expected) => {
    expect(later(withInputs(live({telling: {targets, problem: null}})), 0).heartbeat).toEqual(expected);
  });
  test('its time is by the clock of the standby', () => {
    const state = withInputs(
      told('standby', {kind: 'clock', hostMs: startMs + 600_000}),
      live({telling: {targets: [target('dead-man', 'ping', -8)], problem: null}}),
    );
    expect(later(state, 0).heartbeat!.agoMs).toBe(120_000);
  });
});

describe('what a host has not told yet', () => {
  const read = (inputs: readonly Input[]) =>
    later(
      after(
        emptyState('default'),
        [
          {on: 'link', host: 'primary', link: {state: 'up'}},
          {on: 'facts', host: 'primary', facts: pairFacts('primary')},
          ...inputs,
        ],
        startMs,
      ),
      0,
    ).primary;
  const states = ({accounts}: ReturnType<typeof read>) =>
    'unknown' in accounts ? accounts : [...new Set(accounts.map(({state}) => state))];

  test('is not there, rather than none', () => {
    expect(read([]).workspace).toEqual({unknown: 'not told yet'});
    expect(states(read([]))).toEqual(['untold']);
  });
  test('is none when it says so', () => {
    expect(read([told('primary', {kind: 'workspace', workspace: null})]).workspace).toBeNull();
    const unasked: Input = told('primary', {kind: 'accounts', accounts: {known: false, reason: 'off'}});
    expect(states(read([unasked]))).toEqual([null]);
    expect(states(read([told('primary', {kind: 'gateway', gateway: stoppedGateway})]))).toEqual([null]);
  });
});

test('a connection that follows a loss is told from the first one', () => {
  const lost: Input = {
    on: 'link',
    host: 'primary',
    link: {state: 'lost', attempt: 1, retryAtMs: 0, error: 'x'},
  };
  const redial: Input = {on: 'link', host: 'primary', link: {state: 'connecting', attempt: 2}};
  const up: Input = {on: 'link', host: 'primary', link: {state: 'up'}};
  const isAfterLoss = (state: WatchState) => later(state, 0).primary.link.afterLoss;
  expect(isAfterLoss(wellPair())).toBe(false);
  expect(isAfterLoss(withInputs(lost))).toBe(false);
  expect(isAfterLoss(withInputs(lost, redial, up))).toBe(true);
  const heard = withInputs(lost, redial, up, told('primary', {kind: 'clock', hostMs: startMs}));
  expect(isAfterLoss(heard)).toBe(true);
  expect(isAfterLoss(after(emptyState('default'), [lost, redial, up], startMs))).toBe(false);
});
