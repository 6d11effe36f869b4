import type {LinkSample, TimelineEntry, WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {verdictOf} from '../../../../src/screens/watch/model/verdict.js';
import {failovers, stagesOf, type FailoverStage} from './sample-failover.js';
import {
  activeHost,
  conflictSplit,
  disjointSplit,
  healthy,
  lost,
  nowMs,
  primaryHost,
  standbyHost,
  watching,
} from './sample-parts.js';

export type {FailoverStage} from './sample-failover.js';
export {nowMs} from './sample-parts.js';

/** Samples of one pair in its usual situations, ready to be drawn, each with the verdict that it really gets. */

export function wellSample(differing: Partial<WatchSample> = {}): WatchSample {
  const seen = {
    pair: 'default',
    atMs: nowMs,
    split: disjointSplit,
    primary: primaryHost(),
    standby: standbyHost(),
    health: healthy(),
    monitor: watching(),
    outlook: {reachableInMs: 21_000, measured: true, rpoMs: 180_000},
    drill: {
      kind: 'drill' as const,
      agoMs: 11 * 86_400_000,
      tookMs: 19_400,
      result: 'passed' as const,
      passed: true,
      fault: 'kill' as const,
      dueInMs: 19 * 86_400_000,
    },
    drillUnderWay: null,
    heartbeat: {name: 'dead-man', agoMs: 140_000, error: null},
    ledger: null,
    ...differing,
  };
  return {...seen, verdict: differing.verdict ?? verdictOf(seen, true)};
}

/** A host that was lost, `stage` by stage; the first bad probe was 5 s after the last good one. */
export function failoverSample(stage: FailoverStage): WatchSample {
  if (stage === 'cleared') return wellSample(failovers.cleared());
  const primary = primaryHost({link: lost(24_000, 'The connection timed out.')});
  return wellSample({...failovers[stage](), primary, outlook: null});
}

/** The standby has answered for 40 min; the primary is still gone. */
export function activeSample(): WatchSample {
  return wellSample({
    ...failovers['taken-over'](),
    primary: primaryHost({link: lost(2_440_000, 'The connection timed out.')}),
    monitor: watching({
      state: 'active',
      words: 'active 40 min',
      calm: false,
      inStateMs: 40 * 60_000,
      channelConnected: true,
    }),
    outlook: null,
    ledger: null,
  });
}

/** The primary is back, and has been well for 12 of the 30 s that are asked for. */
export function recoveringSample(): WatchSample {
  const beganMs = nowMs - 12_000;
  return wellSample({
    standby: activeHost(),
    monitor: watching({
      state: 'recovering',
      words: 'recovering 12/30 s',
      calm: false,
      inStateMs: 12_000,
      channelConnected: true,
    }),
    health: healthy({
      history: [...healthy().history.slice(30), ...Array.from({length: 27}, () => null), 5, 4, 4],
    }),
    outlook: null,
    ledger: {
      kind: 'give-back',
      beganMs,
      endedMs: null,
      outcome: null,
      stages: stagesOf(beganMs, [
        ['primary back, first good probe', 0],
        ['staying well', null, 30_000, '12 of 30 s'],
        ['giving back', null, 30_000],
        ['at rest', null, 31_800],
      ]),
    },
  });
}

export function pausedSample(): WatchSample {
  return wellSample({
    monitor: watching({
      words: 'paused, 18 min left: kernel update',
      calm: false,
      paused: true,
      pausedLeftMs: 18 * 60_000,
      pauseWhy: 'kernel update',
    }),
    outlook: null,
  });
}

export const conflictSample = (): WatchSample => wellSample({split: conflictSplit});

/** This machine has not heard from a host, or from both, for 75 s. */
export function silentSample(which: 'primary' | 'standby' | 'both'): WatchSample {
  const silent = lost(75_000, 'The connection was lost: nothing came for 10 s.');
  return wellSample({
    primary: primaryHost(which === 'standby' ? {} : {link: silent}),
    standby: standbyHost(which === 'primary' ? {} : {link: silent}),
    // Of a primary that is out of reach only the standby's own fetch is known.
    outlook: {reachableInMs: 21_000, measured: true, rpoMs: which === 'primary' ? 120_000 : 180_000},
  });
}

/** Before anything was heard. */
export function readingSample(): WatchSample {
  const link: LinkSample = {
    state: 'connecting',
    silentMs: null,
    stale: false,
    upForMs: null,
    afterLoss: false,
    attempt: 1,
    retryInMs: null,
    error: null,
  };
  const nothing = {
    link,
    hostname: null,
    address: null,
    version: null,
    gateway: {unknown: 'not read yet'},
    accounts: {unknown: 'not read yet'},
    load: null,
    cpus: null,
    memoryBytes: null,
    diskBytes: null,
    uptimeS: null,
    rebootPending: null,
    workspace: {unknown: 'not told yet'},
    clockOffsetMs: null,
  };
  const seen: Partial<WatchSample> = {
    split: {
      state: 'unknown',
      reasons: [
        {host: 'primary', reason: 'it has not been read yet'},
        {host: 'standby', reason: 'it has not been read yet'},
      ],
    },
    primary: primaryHost(nothing),
    standby: standbyHost(nothing),
    health: null,
    monitor: {known: false, reason: 'the standby has not been read yet'},
    outlook: null,
    drill: null,
    heartbeat: null,
  };
  return wellSample({...seen, verdict: verdictOf(wellSample(seen), false)});
}

/** `count` lines of a timeline, oldest first, the newest 4 s old. */
export function timeline(count: number): TimelineEntry[] {
  return Array.from({length: count}, (_, index): TimelineEntry => {
    const old = count - 1 - index;
    const {sentence, ...rest} = kinds[old % kinds.length]!;
    return {key: `k${index}`, atMs: nowMs - 4_000 - old * 61_000, sentence, ...rest};
  });
}
const kinds: readonly Omit<TimelineEntry, 'key' | 'atMs'>[] = [
  {
    host: 'standby',
    level: 'info',
    event: 'workspace',
    sentence: 'The workspace was brought up to date: 2 commits.',
  },
  {
    host: 'standby',
    level: 'info',
    event: 'cleared',
    sentence: 'The primary answers again after 21 s; no takeover was needed.',
  },
  {
    host: 'standby',
    level: 'warning',
    event: 'suspected',
    sentence: "The primary's gateway does not listen: its port is refused (ECONNREFUSED).",
  },
  {host: 'primary', level: 'warning', sentence: 'The gateway restarted.'},
  {host: 'laptop', level: 'info', sentence: 'The connection to the primary is back after 42 s.'},
  {
    host: 'standby',
    level: 'alert',
    event: 'not-ready',
    sentence:
      "The primary's gateway is alive and has not been ready for 2 min 3 s (discord): its bot may be deaf. The standby does not take over for that.",
  },
];
