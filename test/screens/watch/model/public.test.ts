import {expect, test} from 'vitest';
import {publicSample} from '../../../../src/screens/watch/model/public.js';
import {
  activeSample,
  conflictSample,
  failoverSample,
  nowMs,
  readingSample,
  silentSample,
  wellSample,
} from './samples.js';
import {primaryHost, watching} from './sample-parts.js';

const asRead = (sample: Parameters<typeof publicSample>[0]) =>
  JSON.parse(JSON.stringify(publicSample(sample))) as Record<string, unknown>;

test('the promised keys are there, in each situation', () => {
  for (const sample of [
    wellSample(),
    activeSample(),
    readingSample(),
    silentSample('both'),
    failoverSample('blocked'),
  ])
    expect(Object.keys(asRead(sample))).toEqual(
      expect.arrayContaining([
        'pair',
        'at',
        'split',
        'primary',
        'standby',
        'monitor',
        'workspace',
        'lastDrill',
        'drillUnderWay',
        'verdict',
      ]),
    );
});

test('hosts have what they always had: how old it is, why no newer, and whether the gateway runs', () => {
  const {primary, standby, workspace, verdict} = asRead(silentSample('primary'));
  expect(primary).toMatchObject({
    ageMs: 75_000,
    error: 'The connection was lost: nothing came for 10 s.',
    hostname: 'claw-main',
    address: '100.64.0.11',
    version: '2026.9.6',
    gateway: {active: true, state: 'running', form: 'user-unit', upS: 1_051_200},
    health: {by: 'standby', well: true, tookMs: 4},
    clockOffsetMs: 12,
  });
  expect(standby).toMatchObject({ageMs: 400, error: null, gateway: {active: false, state: 'stopped'}});
  expect(workspace).toMatchObject({primary: {syncAgeMs: 180_000}, standby: {behind: {commits: 0}}});
  expect(verdict).toEqual({
    state: 'protected',
    words: 'Protected',
    sentence: expect.stringContaining('reachable again in about 21 s') as string,
  });
});

test('the last drill, the outlook and the heartbeat', () => {
  expect(asRead(wellSample())).toMatchObject({
    lastDrill: {
      at: new Date(nowMs - 11 * 86_400_000).toISOString(),
      kind: 'drill',
      tookMs: 19_400,
      result: 'passed',
      passed: true,
      fault: 'kill',
    },
    outlook: {reachableInMs: 21_000, measured: true, rpoMs: 180_000},
    heartbeat: {name: 'dead-man', agoMs: 140_000, error: null},
    failover: null,
  });
});

test('a failover is told stage by stage', () => {
  expect(asRead(failoverSample('taken-over'))['failover']).toMatchObject({
    kind: 'takeover',
    began: new Date(nowMs - 30_600).toISOString(),
    ended: new Date(nowMs - 3_000).toISOString(),
    outcome: 'taken over in 27.6 s',
    stages: expect.arrayContaining([
      expect.objectContaining({name: 'gateway ready', state: 'done', sinceMs: 26_900}) as unknown,
    ]) as unknown,
  });
});

test('times are ISO, and what was not told is not null', () => {
  const limited = wellSample({monitor: watching({noTakeoverUntilMs: nowMs + 60_000})});
  const {monitor} = asRead(limited);
  expect(monitor).toMatchObject({noTakeoverUntil: new Date(nowMs + 60_000).toISOString()});
  expect(monitor).not.toHaveProperty('noTakeoverUntilMs');
  expect(asRead(wellSample())['monitor']).toMatchObject({noTakeoverUntil: null});
  expect(asRead(readingSample())['workspace']).toMatchObject({primary: {unknown: 'not told yet'}});
  const none = wellSample({primary: primaryHost({workspace: null})});
  expect(asRead(none)['workspace']).toMatchObject({primary: null});
});

test('no fingerprint leaves, not even a keyed one', () => {
  for (const sample of [wellSample(), conflictSample()])
    expect(JSON.stringify(publicSample(sample))).not.toContain('fp-');
});
