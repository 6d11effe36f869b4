import {expectedOf} from '../../src/drill/expect.js';
import type {PreflightInput} from '../../src/drill/preflight.js';
import type {WatchSample} from '../../src/screens/watch/model/sample.js';
import {primaryHost, watching} from '../screens/watch/model/sample-parts.js';
import {wellSample} from '../screens/watch/model/samples.js';
import {variants} from '../simulator/sequence.js';

/** A primary before a drill that nothing stands against. */
export const look: PreflightInput['primary'] = {
  atBoot: true,
  restarts: true,
  active: true,
  timers: true,
  canCut: true,
  client: '198.51.100.7',
  revertS: null,
  setupTest: false,
  mark: null,
  firedAt: null,
  cut: false,
};
export type Change = Partial<PreflightInput>;

/** Everything known of a pair that is well; `change` is what is not. */
export const inputOf = (change: Change = {}): PreflightInput => {
  const fault = change.fault ?? 'stop';
  return {
    pair: 'home',
    fault,
    expected: expectedOf(fault, variants.usual, true),
    sample: wellSample(),
    settings: variants.usual,
    primary: look,
    standby: {configProblem: null},
    lockedBy: null,
    clocks: {primary: {offsetMs: 12, uncertaintyMs: 9}, standby: {offsetMs: -3, uncertaintyMs: 20}},
    addresses: {primary: '100.64.0.11', standby: '100.64.0.12'},
    rpoMs: null,
    revertS: 600,
    probeProblem: undefined,
    told: true,
    ...change,
  };
};
export const seen = (change: Partial<WatchSample>): Change => ({sample: wellSample(change)});
export const primary = (change: Parameters<typeof primaryHost>[0]): Change =>
  seen({primary: primaryHost(change)});
export const monitor = (change: Parameters<typeof watching>[0]): Change => seen({monitor: watching(change)});
