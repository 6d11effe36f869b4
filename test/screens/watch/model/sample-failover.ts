import type {Ledger, LedgerStage, WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {
  activeHost,
  awake,
  healthy,
  nowMs,
  standbyHost,
  starting,
  unhealthy,
  watching,
} from './sample-parts.js';

export type FailoverStage =
  'suspect' | 'held' | 'starting' | 'connecting' | 'taken-over' | 'blocked' | 'cleared';

type Row = readonly [name: string, sinceMs: number | null, usualMs?: number | null, note?: string];

/** The first stage without a time runs, unless all of it is over or held. */
export function stagesOf(
  beganMs: number,
  rows: readonly Row[],
  {failed, runs = true}: {failed?: string; runs?: boolean} = {},
): LedgerStage[] {
  const open = rows.findIndex(([, sinceMs]) => sinceMs === null);
  return rows.map(([name, sinceMs, usualMs = null, note = ''], index): LedgerStage => {
    if (sinceMs !== null)
      return {
        name,
        state: name === failed ? 'failed' : 'done',
        atMs: beganMs + sinceMs,
        sinceMs,
        usualMs,
        note,
      };
    const running = runs && index === open;
    const begunMs = beganMs + (rows[open - 1]?.[1] ?? 0);
    const state = running ? 'running' : 'waiting';
    return {name, state, atMs: running ? begunMs : null, sinceMs, usualMs, note};
  });
}

const takeover = (agoMs: number, rows: readonly Row[], over: Partial<Ledger> = {}): Ledger => ({
  kind: 'takeover',
  beganMs: nowMs - agoMs,
  endedMs: null,
  outcome: null,
  stages: stagesOf(nowMs - agoMs, rows, {runs: over.endedMs == null}),
  ...over,
});

const seen: Row[] = [
  ['last good probe', 0],
  ['first bad probe', 5_000],
];
const asked: Row = ['suspect, asked around', 6_700, 6_600, 'silent on every path'];
const verdict: Row = ['verdict: host lost', 17_100, 17_000];
const started: Row = ['gateway started', 17_400, 17_400];
const ready: Row = ['gateway ready', 26_900, 26_800];
const ahead: Row[] = [
  ['gateway started', null, 17_400],
  ['gateway ready', null, 26_800],
  ['channel connected', null, 27_000],
];

/** What differs from a pair that is well. */
export const failovers: Record<FailoverStage, () => Partial<WatchSample>> = {
  suspect: () => ({
    monitor: watching({state: 'suspect', words: 'suspect, 2 of 12 s: silent', calm: false, inStateMs: 1_900}),
    health: unhealthy(3),
    ledger: takeover(6_900, [...seen, asked, ['verdict', null, 17_000, 'verdict in 10 s'], ...ahead]),
  }),
  held: () => {
    const why = 'there were 2 takeovers within 15 min 0 s already';
    const stages = [...seen, asked, verdict, ['held back', 17_100, null, why], ...ahead] as const;
    const ledger = takeover(40_000, stages, {endedMs: 0});
    return {
      monitor: watching({
        state: 'suspect',
        words: 'suspect, 35 s, held back: too many takeovers in a short time',
        calm: false,
        held: 'limit',
        inStateMs: 35_000,
      }),
      health: unhealthy(36),
      ledger: {
        ...ledger,
        endedMs: null,
        stages: ledger.stages.map((one) => (one.name === 'held back' ? {...one, state: 'running'} : one)),
      },
    };
  },
  starting: () => ({
    standby: standbyHost({gateway: starting, load: 1.4}),
    monitor: watching({state: 'promoting', words: 'promoting 0:07', calm: false, inStateMs: 7_200}),
    health: unhealthy(18),
    ledger: takeover(24_300, [
      ...seen,
      asked,
      verdict,
      started,
      ['gateway getting ready', null, 26_800],
      ['channel connected', null, 27_000],
    ]),
  }),
  connecting: () => ({
    standby: standbyHost({gateway: awake, load: 1.4}),
    monitor: watching({state: 'promoting', words: 'promoting 0:10', calm: false, inStateMs: 10_100}),
    health: unhealthy(20),
    ledger: takeover(27_200, [...seen, asked, verdict, started, ready, ['channel connecting', null, 27_000]]),
  }),
  'taken-over': () => ({
    standby: activeHost(),
    monitor: watching({
      state: 'active',
      words: 'active 3 s',
      calm: false,
      inStateMs: 3_000,
      channelConnected: true,
    }),
    health: unhealthy(24),
    ledger: takeover(
      30_600,
      [...seen, asked, verdict, started, ready, ['channel connected', 27_600, 27_000]],
      {endedMs: nowMs - 3_000, outcome: {words: 'taken over in 27.6 s', tone: 'good'}},
    ),
  }),
  blocked: () => {
    const failed = 'gateway did not come up';
    const why = 'failed, exit-code, exit code 1';
    const rows: Row[] = [
      ...seen,
      asked,
      verdict,
      [failed, 19_000, null, why],
      ['tried again', 24_000],
      [failed, 30_000, null, why],
      ...ahead,
    ];
    return {
      standby: standbyHost({gateway: {...starting, state: 'failed', result: 'exit-code', pid: null}}),
      monitor: watching({
        state: 'blocked',
        words: 'blocked, next try in 5 min',
        calm: false,
        inStateMs: 50_000,
      }),
      health: unhealthy(60),
      ledger: takeover(80_000, [], {
        endedMs: nowMs - 50_000,
        outcome: {words: 'blocked: the standby could not take over', tone: 'bad'},
        stages: stagesOf(nowMs - 80_000, rows, {failed, runs: false}),
      }),
    };
  },
  cleared: () => ({
    health: healthy({
      history: [...healthy().history.slice(0, 50), null, null, null, null, 12, 5, 4, 4, 4, 4],
    }),
    ledger: takeover(25_000, [...seen, asked, ['primary answers again', 9_000]], {
      endedMs: nowMs - 16_000,
      outcome: {words: 'cleared: no takeover needed', tone: 'good'},
    }),
  }),
};
