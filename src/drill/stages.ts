import {stageIds, type DrillReport, type FaultName, type StageId} from './report.js';

/** The stages that a drill with this fault may go through, in order. Pure. */
export function stagesFor(
  fault: FaultName,
  expected: DrillReport['expected'],
  {message, told}: {message: boolean; told: boolean},
): StageId[] {
  const without = new Set<StageId>(['handed-back']);
  if (fault !== 'stop') without.add('stopping');
  if (!message) without.add('answered');
  if (!told) without.add('told');
  if (expected === 'hold') {
    for (const id of [
      'verdict',
      'started',
      'ready',
      'connected',
      'answered',
      'told',
      'demoting',
      'rest',
    ] as const)
      without.add(id);
  } else without.add('held');
  if (fault === 'partition') without.add('primary-ready');
  return stageIds.filter((id) => !without.has(id));
}
