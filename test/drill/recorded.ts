import {readFileSync} from 'node:fs';
import {drillReport, type DrillReport} from '../../src/drill/report.js';

export const recordedNames = ['passed-stop', 'remarks-kill', 'failed-hang', 'held-partition'] as const;
export type RecordedName = (typeof recordedNames)[number];

/** A report as it was kept. */
export function recorded(name: RecordedName): DrillReport {
  const text = readFileSync(new URL(`reports/${name}.json`, import.meta.url), 'utf8');
  return drillReport.parse(JSON.parse(text));
}
