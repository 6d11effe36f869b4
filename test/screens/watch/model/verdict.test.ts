import {describe, expect, test} from 'vitest';
import type {HostFacts} from '../../../../src/facts/types.js';
import type {LiveTold, WorkspaceTold} from '../../../../src/sampler/told.js';
import {emptyState, reduce, type Input} from '../../../../src/screens/watch/model/state.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import type {HostName} from '../../../../src/ssh/host.js';
import {account} from '../../facts.js';
import {savedState} from '../../saved-state.js';
import {watchFacts} from '../../watch-facts.js';
import {
  after,
  commits,
  firstWords,
  liveTold,
  pairFacts,
  startMs,
  stoppedGateway,
  told,
  wellPair,
} from './playing.js';

const minute = 60_000;

interface Given {
  facts?: Partial<Record<HostName, Partial<HostFacts>>>;
  /** What the monitor's live sample says differently. */
  live?: Partial<LiveTold>;
  /** More words of the hosts. */
  inputs?: readonly Input[];
  /** ms that pass in which nothing is heard of these hosts; the others go on. */
  silent?: Partial<Record<HostName, number>>;
}

function verdict({facts, live, inputs = [], silent = {}}: Given) {
  const nowMs = startMs + Math.max(0, ...Object.values(silent));
  let state = wellPair({
    ...(facts && {facts}),
    inputs: live ? [told('standby', {kind: 'live', live: liveTold(live)}), ...inputs] : inputs,
  });
  // Hosts that go on say everything once more.
  const hosts = (['primary', 'standby'] as const).filter((host) => silent[host] === undefined);
  const again = nowMs === startMs ? [] : hosts;
  for (const host of again)
    for (const one of firstWords(host, nowMs)) state = reduce(state, told(host, one), nowMs);
  return toSample(state, nowMs).verdict;
}

const workspace = (host: HostName, minutes: number | null, differing: Partial<WorkspaceTold> = {}): Input =>
  told(host, {
    kind: 'workspace',
    workspace: {
      head: commits[0]!,
      commitMs: startMs - 400_000,
      dirty: 0,
      syncMs: minutes === null ? null : startMs - minutes * minute,
      pushFailed: null,
      upstream: commits[0]!,
      recent: [],
      ...differing,
    },
  });

const bothOwn: Given['facts'] = {
  primary: {
    accounts: {known: true, accounts: [account('irc', 'main', 'a'), account('irc', 'backup', 'clawbak@irc')]},
  },
};
const hidden: Given['facts'] = {
  primary: {
    accounts: {
      known: true,
      accounts: [
        {
          ...account('telegram', 'default', 'x'),
          credentials: [{field: 'token', unresolved: 'exec reference', from: 'exec'}],
        },
      ],
    },
  },
};
const down = {
  probe: {class: 'refused', tookMs: 2, detail: 'connection refused', agoMs: 500},
} as const satisfies Partial<LiveTold>;
const clockAhead = (host: HostName, ms: number): Input => told(host, {kind: 'clock', hostMs: startMs + ms});
const lost = (host: HostName, error: string): Input => ({
  on: 'link',
  host,
  link: {state: 'lost', attempt: 1, retryAtMs: startMs + 1000, error},
});
const telling = (error: string | null): Partial<LiveTold> => ({
  telling: {
    targets: [{name: 'dead-man', kind: 'ping', deliveredAt: '2026-11-20T13:58:00.000Z', error, waiting: 0}],
    problem: null,
  },
});

describe('the verdict', () => {
  test.each<[string, Given, string, RegExp]>([
    [
      'all is well',
      {},
      'Protected',
      /^If the primary died now you would be reachable again in about 31 s, with a workspace 3 min old\.$/,
    ],
    [
      'the standby fetches, and the primary has not pushed for long',
      {inputs: [workspace('primary', 31)]},
      'Not protected: workspace old',
      /^The primary last pushed its workspace 31 min ago\. .*openclaw-workspace-push/,
    ],
    [
      'the histories parted',
      {inputs: [workspace('primary', 6, {pushFailed: 'diverged: the remote has 1 commits'})]},
      'Not protected: workspace not pushed',
      /^The primary does not push its workspace: diverged: the remote has 1 commits$/,
    ],
    [
      'one push failed',
      {inputs: [workspace('primary', 6, {pushFailed: 'no way out'})]},
      'Protected',
      /workspace 6 min old/,
    ],
    [
      'no push works any more',
      {inputs: [workspace('primary', 40, {pushFailed: 'no way out'})]},
      'Not protected: workspace not pushed',
      /no way out$/,
    ],
    [
      'the first push has never worked',
      {inputs: [workspace('primary', null, {pushFailed: 'no way out'})]},
      'Not protected: workspace not pushed',
      /no way out$/,
    ],
    [
      'the standby has not fetched for long',
      {inputs: [workspace('standby', 31)]},
      'Not protected: workspace old',
      /^The standby last fetched the workspace 31 min ago\./,
    ],
    ['nothing was ever pushed', {inputs: [workspace('primary', null)]}, 'Protected', /workspace 2 min old/],
    [
      'there is no workspace',
      {
        inputs: [
          told('primary', {kind: 'workspace', workspace: null}),
          told('standby', {kind: 'workspace', workspace: null}),
        ],
      },
      'Protected',
      /in about 31 s\.$/,
    ],
    [
      'the clock of the primary is an hour ahead',
      {
        inputs: [
          clockAhead('primary', 3_600_000),
          workspace('primary', null, {syncMs: startMs + 3_600_000 - 3 * minute}),
        ],
      },
      'Protected',
      /workspace 3 min old\. The clocks of the two hosts are 1 h apart\.$/,
    ],
    [
      'the primary is gone and nothing is decided',
      {live: {...down, state: 'suspect'}},
      'Primary down',
      /refused, connection refused.*finding out/,
    ],
    [
      'the primary is gone and the standby waits for it',
      {live: {...down, state: 'suspect', badForMs: 2000, verdictInMs: 23_400, reason: 'stopped'}},
      'Primary down',
      /^The primary's gateway is not well \(refused, connection refused\): somebody stopped its unit\. Unless it is well again, the standby takes over in 24 s\.$/,
    ],
    [
      'only the private network is cut',
      {live: {...down, state: 'suspect', reason: 'partition'}},
      'Not protected: network cut',
      /: the primary lives, only the private network is cut\. The standby takes over nothing\.$/,
    ],
    [
      'the standby itself is cut off',
      {live: {...down, state: 'suspect', reason: 'isolated'}},
      'Not protected: standby cut off',
      /: the standby itself is cut off\. The standby takes over nothing\.$/,
    ],
    [
      'the gateway of the primary has stopped and nobody has asked for its health since',
      {
        inputs: [told('primary', {kind: 'gateway', gateway: stoppedGateway})],
      },
      'Primary down',
      /^The primary's gateway has just stopped\./,
    ],
    [
      'the standby would fail to take over, and knows it',
      {live: {unready: 'the split guard: irc main is not approved'}},
      'Not protected: standby not ready',
      /^The standby could not take over now: the split guard: irc main is not approved\.$/,
    ],
    ['the standby is starting', {live: {...down, state: 'promoting'}}, 'Taking over', /standby is starting/],
    ['the standby has taken over', {live: {...down, state: 'active'}}, 'Standby is active', /own channel/],
    [
      'it has, but its channel is not there',
      {live: {state: 'active', degraded: 'irc: refused'}},
      'Standby is active',
      /irc: refused/,
    ],
    [
      'it stays because of flapping',
      {live: {state: 'active', latchedMs: 5000}},
      'Standby is active',
      /too often/,
    ],
    [
      'both have the account while it is active',
      {live: {state: 'recovering'}, facts: bothOwn},
      'Standby is active: split conflict',
      /irc account "backup"/,
    ],
    [
      'an operator took over, with the primary well',
      {live: {state: 'recovering', byHand: true}},
      'Standby is active',
      /An operator took over.*failover-wizard demote/,
    ],
    [
      'an operator took over, and asked to give back',
      {live: {state: 'recovering', byHand: true, failbackAsked: true}},
      'Standby is active',
      /goes back to sleep/,
    ],
    [
      'it waits for an operator to give back',
      {live: {state: 'recovering', held: 'manual'}},
      'Standby is active',
      /Failback is manual.*failover-wizard demote/,
    ],
    [
      'an operator takes over',
      {live: {state: 'promoting', byHand: true}},
      'Taking over',
      /^An operator asked/,
    ],
    ['the primary is back', {live: {state: 'recovering'}}, 'Standby is active', /goes back to sleep when/],
    ['the standby goes back', {live: {state: 'demoting'}}, 'Standby is active', /going back to sleep/],
    [
      'the takeover failed',
      {live: {...down, state: 'blocked'}},
      'Not protected: standby blocked',
      /could not/,
    ],
    [
      'the monitor is paused',
      {live: {pausedMs: 60_000, pausedWhy: 'disk swap'}},
      'Not protected: paused',
      /paused \(disk swap\)/,
    ],
    ['the monitor is held', {live: {held: 'isolated'}}, 'Not protected: held back', /isolated/],
    [
      'it took over too often',
      {facts: {standby: limit('2026-11-20T14:20:00.000Z')}},
      'Not protected: too many takeovers',
      /not do so again until \d\d:20:00/,
    ],
    [
      'it took over too often, but long enough ago',
      {facts: {standby: limit('2026-11-20T13:59:59.000Z')}},
      'Protected',
      /reachable again/,
    ],
    ['two logins', {facts: bothOwn}, 'Not protected: split conflict', /irc account "backup"/],
    ['nobody knows the split', {facts: hidden}, 'Not protected: split unknown', /exec reference/],
    [
      'the monitor has never run',
      {inputs: [told('standby', {kind: 'live', live: null})]},
      'Not protected: no monitor',
      /written nothing/,
    ],
    [
      'the unit of the monitor is down',
      {inputs: [told('standby', {kind: 'monitor', activeState: 'failed'})]},
      'Not protected: monitor down',
      /does not run/,
    ],
    [
      'nobody has looked at the primary yet',
      {live: {probe: null}},
      'Not protected: primary not seen',
      /Nothing says/,
    ],
    [
      'the monitor writes nothing any more, although its unit runs',
      {live: {probe: {class: 'ok', tookMs: 4, detail: '', agoMs: 50_000}}},
      'Not protected: monitor hangs',
      /for 50 s/,
    ],
    [
      'no file can be written on the standby',
      {live: {disk: 'ENOSPC'}},
      'Not protected: disk full',
      /neither its state nor its events \(ENOSPC\)/,
    ],
    ['its disk is read-only', {live: {disk: 'EROFS'}}, 'Not protected: disk takes nothing', /EROFS/],
    [
      'the standby has no OpenClaw of its own yet',
      {facts: {standby: {openclaw: {known: true, value: null}}}},
      'Protected',
      /reachable/,
    ],
    [
      'the standby is silent',
      {inputs: [lost('standby', 'timed out')], silent: {standby: 60_000}},
      'Not protected: standby silent',
      /timed out/,
    ],
    [
      'the standby is silent since it was active',
      {live: {state: 'active'}, inputs: [lost('standby', 'timed out')], silent: {standby: 60_000}},
      'Not protected: standby silent',
      /timed out\. When it was last heard it was active\.$/,
    ],
    [
      'the standby has been silent for a moment',
      {inputs: [lost('standby', 'timed out')], silent: {standby: 25_000}},
      'Protected',
      /old\.$/,
    ],
    [
      'a stream that says nothing, and was not lost',
      {silent: {standby: 60_000}},
      'Not protected: standby silent',
      /nothing was heard for 1 min/,
    ],
    [
      'only this machine lost the primary',
      {inputs: [lost('primary', 'no route')], silent: {primary: 3_600_000}},
      'Protected',
      /workspace 2 min old\. This machine does not reach the primary; the standby does\.$/,
    ],
    [
      'this machine lost both for a moment',
      {silent: {primary: 20_000, standby: 20_000}},
      'Protected',
      /old\.$/,
    ],
    [
      'this machine lost both',
      {
        inputs: [lost('primary', 'no route'), lost('standby', 'no route')],
        silent: {primary: 45_000, standby: 45_000},
      },
      'Not known: no connection',
      /reaches neither host: its own network is the likely reason; what follows is 45 s old\.$/,
    ],
    [
      'this machine lost both in the middle of a takeover',
      {live: {state: 'promoting'}, silent: {primary: 45_000, standby: 45_000}},
      'Not known: no connection',
      /45 s old/,
    ],
    [
      'the dead-man ping fails',
      {live: telling('HTTP 404')},
      'Protected',
      /old\. The standby's heartbeat to dead-man fails: HTTP 404\.$/,
    ],
    ['the dead-man ping arrives', {live: telling(null)}, 'Protected', /old\.$/],
    [
      'the primary lives, and its channels do not',
      {live: {notReady: 'discord'}},
      'Protected',
      /The primary's gateway is alive, but not ready \(discord\): its bot may be deaf\.$/,
    ],
    [
      'the primary wants a reboot',
      {inputs: [machine('primary', true)]},
      'Protected',
      /old\. The primary wants a reboot\.$/,
    ],
    [
      'everything is to be known at once, and two things are',
      {
        live: {...telling('HTTP 404'), notReady: 'discord'},
        inputs: [machine('primary', true), machine('standby', true)],
      },
      'Protected',
      /deaf\. The standby's heartbeat to dead-man fails: HTTP 404\.$/,
    ],
  ])('%s', (_, given, words, sentence) => {
    const {words: said, sentence: explained} = verdict(given);
    expect(said).toBe(words);
    expect(explained).toMatch(sentence);
  });

  test('different versions are named', () => {
    const openclaw = watchFacts('primary').openclaw;
    if (!openclaw.known || !openclaw.value) throw new Error('no OpenClaw');
    const old = {known: true as const, value: {...openclaw.value, version: '2026.8.1'}};
    expect(verdict({facts: {primary: {openclaw}, standby: {openclaw: old}}}).sentence).toBe(
      'The primary runs OpenClaw 2026.9.6, the standby has 2026.8.1.',
    );
  });

  test('accounts that were read with two keys are not called disjoint', () => {
    const facts = {standby: {...pairFacts('standby'), key: 'another'}};
    expect(verdict({facts}).words).toBe('Not protected: split unknown');
  });

  test('old data is never called protected', () => {
    for (const silence of [31_000, 60_000, 86_400_000])
      for (const hosts of [['standby'], ['primary', 'standby']] as const) {
        const silent = Object.fromEntries(hosts.map((host) => [host, silence]));
        expect(verdict({silent}).state, `${hosts.join()} for ${silence} ms`).not.toBe('protected');
      }
  });
});

function limit(noTakeoverUntil: string) {
  return {monitorState: {known: true as const, value: savedState({}, noTakeoverUntil)}};
}

function machine(host: HostName, rebootPending: boolean): Input {
  const memoryBytes = {total: 4e9, available: 3e9};
  return told(host, {kind: 'machine', machine: {load: 0, memoryBytes, uptimeS: 100_001, rebootPending}});
}

describe('a drill', () => {
  const drill = {id: '2026-11-20T1400', fault: 'stop', who: 'me', machine: 'laptop'} as const;
  const begun = told('primary', {kind: 'drill', drill});
  const over = told('primary', {kind: 'drill', drill: null});
  const suspect = {...down, state: 'suspect', verdictInMs: 23_400, reason: 'stopped'} as const;

  test.each<[string, Given, string, RegExp]>([
    [
      'not begun yet',
      {inputs: [begun]},
      'Protected',
      /^This is a drill \(stop\) by me@laptop\. If the primary died/,
    ],
    ['its fault', {live: suspect, inputs: [begun]}, 'Drill: primary down', /^This is a drill .*in 24 s\.$/],
    ['its takeover', {live: {...down, state: 'promoting'}, inputs: [begun]}, 'Drill: taking over', /drill/],
    ['the standby', {live: {...down, state: 'active'}, inputs: [begun]}, 'Drill: standby is active', /drill/],
    [
      'by nobody who is known',
      {inputs: [told('primary', {kind: 'drill', drill: {...drill, who: '', machine: ''}})]},
      'Protected',
      /^This is a drill \(stop\)\. If/,
    ],
    ['the end of it', {live: suspect, inputs: [begun, over]}, 'Primary down', /takes over in 24 s\.$/],
  ])('is said to be one: %s', (_name, given, words, sentence) => {
    expect(verdict(given)).toMatchObject({words, sentence: expect.stringMatching(sentence) as string});
  });

  test('does not make light of what is really bad', () => {
    const bad = verdict({live: {unready: 'the split guard: irc main'}, inputs: [begun]});
    expect(bad).toEqual(verdict({live: {unready: 'the split guard: irc main'}}));
    expect(bad.tone).toBe('bad');
  });
});

test('of two hosts that were both out of reach, the one that comes back first says nothing of the other', () => {
  const gone = (['primary', 'standby'] as const).reduce(
    (state, host) => reduce(state, lost(host, 'no route'), startMs + 1_000),
    wellPair(),
  );
  const backMs = startMs + 45_000;
  const words = (atMs: number) => {
    let state = reduce(gone, {on: 'link', host: 'primary', link: {state: 'up'}}, backMs);
    for (const one of firstWords('primary', atMs)) state = reduce(state, told('primary', one), atMs);
    return toSample(state, atMs).verdict.words;
  };
  expect(words(backMs + 2_000)).toBe('Not known: no connection');
  expect(words(backMs + 9_000)).toBe('Not protected: standby silent');
});

describe('at the first look', () => {
  const up = (host: HostName): Input => ({on: 'link', host, link: {state: 'up'}});
  const read = (host: HostName): Input[] => [
    up(host),
    ...firstWords(host, startMs).map((one) => told(host, one)),
    {on: 'facts', host, facts: pairFacts(host)},
  ];
  const look = (inputs: readonly Input[], afterMs: number) =>
    toSample(after(emptyState('default'), inputs, startMs), startMs + afterMs).verdict;

  test('a dead standby beside a primary that is up for 1 s is said to be silent', () => {
    expect(look([lost('standby', 'No route to host.'), ...read('primary')], 1_000)).toMatchObject({
      state: 'not-protected',
      words: 'Not protected: standby silent',
      tone: 'bad',
    });
  });

  const error = 'The primary (root@100.64.0.11) did not finish the handshake.';
  test('a primary that this machine cannot reach, and the standby sees well, is said so', () => {
    const verdict = look(
      [...read('standby'), lost('primary', error), {on: 'facts-failed', host: 'primary', error}],
      1_000,
    );
    expect(verdict).toMatchObject({state: 'not-protected', words: 'Not known: primary not read'});
    expect(verdict.sentence).toBe(
      'This machine does not reach the primary, so the split cannot be checked; the standby sees the primary well.',
    );
  });
  test('one that the standby does not see well either is down', () => {
    const bad = told('standby', {kind: 'live', live: liveTold(down)});
    expect(look([...read('standby'), bad, lost('primary', error)], 1_000).words).toBe('Primary down');
  });
  test('one that tells, and whose facts cannot be read, leaves the split unknown', () => {
    const words = firstWords('primary', startMs).map((one) => told('primary', one));
    const failed: Input = {on: 'facts-failed', host: 'primary', error};
    expect(look([...read('standby'), up('primary'), ...words, failed], 1_000)).toMatchObject({
      words: 'Not protected: split unknown',
      sentence: 'The split is unknown: the primary (root@100.64.0.11) did not finish the handshake.',
    });
  });
});
