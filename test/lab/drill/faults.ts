// Each fault, as its operator makes it, beside a stopwatch.

import type {DrillReport, FaultName} from '../../../src/drill/report.js';
import {said} from '../operator.js';
import type {Act} from '../faults/lanes.js';
import {reportOf, told, type Bench, type Settings} from './bench.js';
import {compare} from './compare.js';
import {asItWas, pairNow} from './left.js';

/** ms for a drill with any settings; a first message on a busy machine takes long. */
const limitMs = 900_000;

const outcomes: Readonly<Record<FaultName, readonly DrillReport['outcome'][]>> = {
  stop: ['takeover'],
  hang: ['takeover'],
  // Whoever is quicker: on a busy machine the standby may be.
  kill: ['takeover', 'primary-back'],
  partition: ['held'],
  reboot: ['takeover', 'primary-back'],
};

/** On a busy machine a stage may be later than promised; nothing else may be remarked. */
const onlySlow = /came after .*(?:promised|usually)/;

/** The whole drill; its report is true to the stopwatch, and both hosts are as they were. */
export const drillOf = (fault: FaultName, settings: Settings): Act<Bench> => ({
  name: `${fault}: its report fits the stopwatch`,
  async play(bench) {
    await bench.set(settings);
    const before = await pairNow(bench);
    const watch = await bench.watch();
    try {
      const ended = await bench.drilled(limitMs, '--fault', fault);
      const report = reportOf(ended);
      console.log(`measured: drill ${fault}: ${(ended.ms / 1000).toFixed(1)} s`);
      mustPass(report, ended.code);
      if (JSON.stringify(bench.kept().at(-1)) !== JSON.stringify(report))
        throw new Error(`the report that was kept is another one:\n${said(ended)}`);
      await compare(report, watch, bench);
    } finally {
      await watch.stop();
    }
    await asItWas(bench, before);
  },
});

/** It came to its end as it should, and the exit code says so. @throws with the report */
export function mustPass(report: DrillReport, code: number): void {
  const {verdict, outcome, fault, left, proofs} = report;
  const wrong = [
    ...(outcomes[fault].includes(outcome) ? [] : [`the outcome is ${outcome}`]),
    ...verdict.reasons,
    ...verdict.remarks.filter((remark) => !onlySlow.test(remark)),
    ...(code === {passed: 0, remarks: 3, failed: 1, stopped: 130}[verdict.result] ? [] : [`exit ${code}`]),
    ...(verdict.result === 'passed' || verdict.result === 'remarks' ? [] : [verdict.result]),
    ...(left.primary === 'well' && left.standby === 'asleep' && left.deadMan === 'disarmed'
      ? []
      : [`left ${JSON.stringify(left)}`]),
    ...(outcome === 'takeover' && !proofs.some(({kind, ok}) => kind === 'message' && ok)
      ? ['no message was answered']
      : []),
  ];
  if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n${told(report)}`);
}
