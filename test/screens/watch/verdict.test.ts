import {describe, expect, test} from 'vitest';
import type {Split} from '../../../src/channels/types.js';
import type {HostFacts} from '../../../src/facts/types.js';
import type {Memory, StateName} from '../../../src/monitor/memory.js';
import {toSample, type Reading} from '../../../src/screens/watch/sample.js';
import {conflict, disjoint, unknown} from '../recorded.js';
import {savedState} from '../saved-state.js';
import {watchFacts} from '../watch-facts.js';

const nowMs = 1_700_000_000_000;

interface Given {
  primary?: Partial<HostFacts>;
  standby?: Partial<HostFacts>;
  readings?: {primary?: Partial<Reading>; standby?: Partial<Reading>};
  split?: Split;
  down?: boolean;
  state?: StateName;
}

function sampleOf({
  primary,
  standby,
  readings = {},
  split = disjoint,
  down = false,
  state = 'watching',
}: Given) {
  const reading = (host: 'primary' | 'standby', differing: Partial<HostFacts> | undefined): Reading => ({
    facts: {...watchFacts(host, {down, state}, nowMs), ...differing},
    readMs: nowMs - 1000,
    health: [4, 5, null],
    ...readings[host],
  });
  return toSample({
    pair: 'default',
    readings: {primary: reading('primary', primary), standby: reading('standby', standby)},
    split,
    nowMs,
  });
}

const monitor = (memory: Partial<Memory>, noTakeoverUntil: string | null = null) => ({
  monitorState: {known: true as const, value: savedState(memory, noTakeoverUntil)},
});

/** The workspace of a host, as its timer left it so many minutes ago. */
function workspace(host: 'primary' | 'standby', minutes: number | null, pushFailed?: string) {
  const {checkouts, clockOffsetMs} = watchFacts(host, {}, nowMs);
  const [path, {lastSyncMs: _, ...now}] = Object.entries(checkouts)[0]!;
  const lastSyncMs = minutes === null ? undefined : nowMs + clockOffsetMs - minutes * 60_000;
  return {
    checkouts: {
      [path]: {
        ...now,
        ...(lastSyncMs !== undefined && {lastSyncMs}),
        ...(pushFailed !== undefined && {pushFailed}),
      },
    },
  };
}

const notReady = {
  ...savedState({state: 'watching'}),
  retold: {prepare: {at: 'x', result: 'not-ready', detail: 'the split guard: irc main is not approved'}},
};

describe('the verdict', () => {
  test.each<[string, Given, string, RegExp]>([
    ['all is well', {}, 'Protected', /workspace 3 min old/],
    [
      'the standby fetches, and the primary has not pushed for long',
      {primary: workspace('primary', 31)},
      'Not protected: workspace old',
      /^The primary last pushed its workspace 31 min ago\. .*openclaw-workspace-push/,
    ],
    [
      'the histories parted',
      {primary: workspace('primary', 6, 'diverged: the remote has 1 commits')},
      'Not protected: workspace not pushed',
      /^The primary does not push its workspace: diverged: the remote has 1 commits$/,
    ],
    ['one push failed', {primary: workspace('primary', 6, 'no way out')}, 'Protected', /workspace 6 min old/],
    [
      'no push works any more',
      {primary: workspace('primary', 40, 'no way out')},
      'Not protected: workspace not pushed',
      /no way out$/,
    ],
    [
      'the first push has never worked',
      {primary: workspace('primary', null, 'no way out')},
      'Not protected: workspace not pushed',
      /no way out$/,
    ],
    [
      'the standby has not fetched for long',
      {standby: workspace('standby', 31)},
      'Not protected: workspace old',
      /^The standby last fetched the workspace 31 min ago\./,
    ],
    ['nothing was ever pushed', {primary: workspace('primary', null)}, 'Protected', /workspace 2 min old/],
    [
      'there is no workspace',
      {primary: {checkouts: {}}, standby: {checkouts: {}}},
      'Protected',
      /take over\.$/,
    ],
    [
      'the clock of the primary is an hour ahead',
      {primary: {...workspace('primary', -56.5), clockOffsetMs: 3_600_000}},
      'Protected',
      /workspace 3 min old/,
    ],
    [
      'this machine has not reached the primary for an hour',
      {
        primary: workspace('primary', 61),
        readings: {primary: {error: 'no route', readMs: nowMs - 3_600_000}},
      },
      'Protected',
      /workspace 2 min old\. This machine does not reach/,
    ],
    [
      'the primary is gone and nothing is decided',
      {down: true, state: 'suspect'},
      'Not protected: primary down',
      /connection refused.*finding out/,
    ],
    [
      'the standby would fail to take over, and knows it',
      {standby: {monitorState: {known: true, value: notReady}}},
      'Not protected: standby not ready',
      /^The standby could not take over now: the split guard: irc main is not approved\.$/,
    ],
    ['the standby is starting', {down: true, state: 'promoting'}, 'Taking over', /standby is starting/],
    ['the standby has taken over', {down: true, state: 'active'}, 'Standby is active', /own channel/],
    [
      'it has, but its channel is not there',
      {standby: monitor({state: 'active', degraded: 'irc: refused'})},
      'Standby is active',
      /irc: refused/,
    ],
    [
      'it stays because of flapping',
      {standby: monitor({state: 'active', latch: {untilMs: 5, told: true}})},
      'Standby is active',
      /too often/,
    ],
    [
      'both have the account while it is active',
      {state: 'recovering', split: conflict},
      'Standby is active: split conflict',
      /irc account "backup"/,
    ],
    [
      'an operator took over, with the primary well',
      {standby: monitor({state: 'recovering', byHand: true})},
      'Standby is active',
      /An operator took over.*failover-wizard demote/,
    ],
    [
      'an operator takes over',
      {standby: monitor({state: 'promoting', byHand: true})},
      'Taking over',
      /^An operator asked/,
    ],
    ['the primary is back', {state: 'recovering'}, 'Standby is active', /goes back to sleep when/],
    ['the standby goes back', {state: 'demoting'}, 'Standby is active', /going back to sleep/],
    ['the takeover failed', {down: true, state: 'blocked'}, 'Not protected: standby blocked', /could not/],
    [
      'the monitor is paused',
      {standby: monitor({pause: {untilMs: 1, why: 'disk swap', id: '1 x'}})},
      'Not protected: paused',
      /paused \(disk swap\)/,
    ],
    ['the monitor is held', {standby: monitor({held: 'isolated'})}, 'Not protected: held back', /isolated/],
    [
      'it took over too often',
      {standby: {...monitor({}, '2026-05-01T10:20:00.000Z'), readAt: '2026-05-01T10:19:00.000Z'}},
      'Not protected: too many takeovers',
      /not do so again until \d\d:20:00/,
    ],
    [
      'it took over too often, but long enough ago',
      {standby: {...monitor({}, '2026-05-01T10:20:00.000Z'), readAt: '2026-05-01T10:20:30.000Z'}},
      'Protected',
      /would take over/,
    ],
    ['two logins', {split: conflict}, 'Not protected: split conflict', /irc account "backup"/],
    ['nobody knows the split', {split: unknown}, 'Not protected: split unknown', /exec reference/],
    [
      'the monitor has never run',
      {standby: {monitorState: {known: true, value: null}}},
      'Not protected: no monitor',
      /not written/,
    ],
    [
      'its state is from another world',
      {standby: {monitorState: {known: true, value: {state: 42}}}},
      'Not protected: no monitor',
      /no state that is known/,
    ],
    [
      'nobody looks at the primary',
      {standby: {probe: undefined}},
      'Not protected: primary not seen',
      /Nothing says/,
    ],
    [
      'the standby is older than the primary',
      {standby: {openclaw: {known: true, value: null}}, primary: {}},
      'Protected',
      /take over/,
    ],
    [
      'the standby is silent',
      {readings: {standby: {error: 'timed out', readMs: nowMs - 60_000}}},
      'Not protected: standby silent',
      /timed out/,
    ],
    [
      'one reading of it was missed',
      {readings: {standby: {error: 'timed out', readMs: nowMs - 6000}}},
      'Not protected: primary not seen',
      /./,
    ],
    [
      'only this machine lost the primary',
      {readings: {primary: {error: 'no route', readMs: nowMs - 60_000}}},
      'Protected',
      /This machine does not reach the primary/,
    ],
  ])('%s', (_, given, words, sentence) => {
    const {verdict} = sampleOf(given);
    expect(verdict.words).toBe(words);
    expect(verdict.sentence).toMatch(sentence);
  });

  test('a monitor whose unit is down is not believed', () => {
    const unit = {
      loadState: 'loaded',
      activeState: 'failed',
      subState: 'failed',
      unitFileState: 'enabled',
      result: 'exit-code',
      needDaemonReload: false,
      mainPid: 0,
      restarts: 5,
      activeSinceMs: 0,
      fragmentPath: '/etc/systemd/system/openclaw-health-monitor.service',
    };
    const {verdict} = sampleOf({standby: {units: {'openclaw-health-monitor.service': unit}}});
    expect(verdict.words).toBe('Not protected: monitor down');
  });

  test('different versions are named', () => {
    const openclaw = watchFacts('primary').openclaw;
    if (!openclaw.known || !openclaw.value) throw new Error('no OpenClaw');
    const {verdict} = sampleOf({
      standby: {openclaw: {known: true, value: {...openclaw.value, version: '2026.8.1'}}},
    });
    expect(verdict.sentence).toBe('The primary runs OpenClaw 2026.9.6, the standby has 2026.8.1.');
  });

  test('before anything was read it says so', () => {
    const {verdict} = toSample({
      pair: 'default',
      readings: {primary: {health: []}, standby: {health: []}},
      split: unknown,
      nowMs,
    });
    expect(verdict.words).toBe('Reading …');
  });
});

describe('the sample', () => {
  test('takes the primary’s health from the standby’s view of it', () => {
    const {health} = sampleOf({});
    expect(health).toMatchObject({by: 'standby', well: true, tookMs: 4, history: [4, 5, null]});
  });
  test('keeps what was read last, with its age, when a host is silent', () => {
    const {primary} = sampleOf({readings: {primary: {error: 'no route', readMs: nowMs - 60_000}}});
    expect(primary).toMatchObject({
      ageMs: 60_000,
      error: 'no route',
      version: '2026.9.6',
      hostname: 'claw-main',
    });
  });
});
