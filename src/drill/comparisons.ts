import {median} from './median.js';
import type {DrillReport, FaultName, StageId} from './report.js';

/** How many earlier drills count: the newest say most about the hosts as they are. */
const newest = 5;

/** ms: three failures, 10 s apart. The fault comes half an interval before the first of them. */
const plainVerdictMs = 5_000 + 20_000;

/** What comes after a verdict and takes as long whatever the verdict was made by. */
const afterVerdict: ReadonlySet<StageId> = new Set(['started', 'ready', 'connected', 'answered', 'told']);

/** ms since the fault at which a drill reached a stage; null: it did not. */
export const msOf = ({stages}: Pick<DrillReport, 'stages'>, id: StageId): number | null =>
  stages.find((stage) => stage.id === id)?.ms ?? null;

/**
 * ms since the fault at which `stage` is usually reached: the median of the newest five drills with this fault that got
 * so far. One that was stopped by its operator says nothing. null: there is none.
 * @param reports oldest first
 */
export function usualOf(reports: readonly DrillReport[], fault: FaultName, stage: StageId): number | null {
  const seen = reports
    .filter((report) => report.fault === fault && report.verdict.result !== 'stopped')
    .flatMap((report) => msOf(report, stage) ?? []);
  return median(seen.slice(-newest));
}

/**
 * ms since the fault that the plain rule "three failures, 10 s apart" would have needed until `stage`: its verdict, and
 * after it what this drill needed after its own. null: no takeover, or a stage that has nothing to do with the rule.
 */
export function plainOf(report: Pick<DrillReport, 'outcome' | 'stages'>, stage: StageId): number | null {
  const verdictMs = msOf(report, 'verdict');
  if (report.outcome !== 'takeover' || verdictMs === null) return null;
  if (stage === 'verdict') return plainVerdictMs;
  const ms = msOf(report, stage);
  return ms === null || !afterVerdict.has(stage) ? null : plainVerdictMs + ms - verdictMs;
}

/** A new report with what its times are compared with. @param earlier the kept reports, oldest first */
export function withComparisons(report: DrillReport, earlier: readonly DrillReport[]): DrillReport {
  const others = earlier.filter(({id}) => id !== report.id);
  return {
    ...report,
    stages: report.stages.map((stage) => ({
      ...stage,
      usualMs: usualOf(others, report.fault, stage.id),
      plainMs: plainOf(report, stage.id),
    })),
  };
}
