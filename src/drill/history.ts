import type {EventTold} from '../sampler/told.js';
import {msOf} from './comparisons.js';
import {failoversOf, type Failover} from './failovers.js';
import {median} from './median.js';
import {faultNames, type DrillReport, type FaultName} from './report.js';
import type {BrokenReport, KeptReports} from './store.js';
import {trendsOf, type Trend} from './trend.js';

/** The monitor's log, or why it was not read: one sentence. */
export type Log = {events: readonly EventTold[]} | {why: string};

/** Everything that is told of the drills of a pair. Lists are oldest first. */
export interface History {
  pair: string;
  reports: readonly DrillReport[];
  broken: readonly BrokenReport[];
  /** null: the log was not read. */
  failovers: readonly Failover[] | null;
  /** Why it was not; null: it was. */
  notRead: string | null;
  trends: readonly Trend[];
}

export function historyOf(pair: string, {reports, broken}: KeptReports, log: Log): History {
  return {
    pair,
    reports,
    broken,
    failovers: 'events' in log ? failoversOf(log.events, reports) : null,
    notRead: 'why' in log ? log.why : null,
    trends: trendsOf(reports),
  };
}

/** What is told of each drill, ms; null: not measured. */
export interface HistoryNumbers {
  rto: number | null;
  noticed: number | null;
  verdict: number | null;
  ready: number | null;
  connected: number | null;
  answered: number | null;
  rest: number | null;
  rpo: number | null;
}

export const numbersOf = (report: DrillReport): HistoryNumbers => ({
  rto: report.rtoMs,
  noticed: msOf(report, 'first-bad'),
  verdict: msOf(report, 'verdict'),
  ready: msOf(report, 'ready'),
  connected: msOf(report, 'connected'),
  answered: msOf(report, 'answered'),
  rest: msOf(report, 'rest'),
  rpo: report.rpoMs,
});

/** The same of a takeover that was no drill, as far as its log tells. */
export const failoverNumbers = ({stages}: Failover): HistoryNumbers => ({
  rto: stages.connected,
  noticed: stages['first-bad'],
  verdict: stages.verdict,
  ready: stages.ready,
  connected: stages.connected,
  answered: null,
  rest: null,
  rpo: null,
});

/** Real failovers of one kind beside the drills of it; medians of when the bot was back, ms. */
export interface Compared {
  /** null: what no fault of a drill looks like; beside it stand all drills with a takeover. */
  fault: FaultName | null;
  failovers: number;
  realMs: number;
  /** null: there is no such drill. */
  drillsMs: number | null;
}

export function comparedWithReal({failovers, reports}: Pick<History, 'failovers' | 'reports'>): Compared[] {
  const taken = reports.filter(
    ({outcome, verdict}) => outcome === 'takeover' && verdict.result !== 'stopped',
  );
  return [...faultNames, null].flatMap((fault): Compared[] => {
    const real = (failovers ?? []).filter(({like}) => like === fault);
    const realMs = median(real.flatMap(({stages}) => stages.connected ?? []));
    if (realMs === null) return [];
    const drills = taken.filter((report) => fault === null || report.fault === fault);
    const drillsMs = median(drills.flatMap(({rtoMs}) => rtoMs ?? []));
    return [{fault, failovers: real.length, realMs, drillsMs}];
  });
}
