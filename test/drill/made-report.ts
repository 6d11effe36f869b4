import type {DrillReport} from '../../src/drill/report.js';

type Result = DrillReport['verdict']['result'];

/** A whole report that ended at a time, ISO; `id` is taken from it. */
export function madeReport(endedAt: string, result: Result, more: Partial<DrillReport> = {}): DrillReport {
  const id = `${endedAt.slice(0, 10)}T${endedAt.slice(11, 16).replace(':', '')}`;
  return {
    version: 1,
    id,
    pair: 'home',
    fault: 'stop',
    startedAt: endedAt,
    faultAt: endedAt,
    endedAt,
    program: '0.1.0',
    openclaw: {primary: null, standby: null},
    targets: {rtoMs: null, rtoFrom: 'promise', rpoMs: null},
    expected: 'takeover',
    outcome: result === 'failed' ? 'nothing' : 'takeover',
    rtoMs: 19_400,
    rpoMs: null,
    workspace: {behind: null, dirty: null, handBack: ''},
    stages: [],
    proofs: [],
    clocks: {primary: null, standby: null},
    preflight: {checks: [], forced: false},
    verdict: {result, say: `It ${result}.`, reasons: [], remarks: [], slowest: null},
    left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed', say: ''},
    ...more,
  };
}
