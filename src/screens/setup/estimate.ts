import type {PhaseId} from '../../phases/phase.js';
import type {ChangeView} from '../../plan/events.js';
import {hasEnded, type SetupView, type StepView} from './view.js';

const second = 1000;

/**
 * Typical durations in ms, per kind of change, recorded on two cores with a fast network. Kinds that depend on
 * a person (a key to be added, a login) count only their own work.
 */
const byKind: Readonly<Record<string, number>> = {
  file: 150,
  'remove-file': 100,
  directory: 100,
  packages: 22 * second,
  'apt-source': 3 * second,
  user: 400,
  'authorized-key': 150,
  unit: 1.5 * second,
  firewall: 2 * second,
  node: 14 * second,
  'npm-package': 35 * second,
  'env-file': 200,
  'gateway-config': 5 * second,
  'config-patch': 6 * second,
  checkout: 4 * second,
  'deploy-key': 3 * second,
  network: 8 * second,
  script: 5 * second,
};

/** Proofs differ too much for one figure; the name is the last part of the change's id. */
const byProof: Readonly<Record<string, number>> = {
  reach: 1 * second,
  models: 5 * second,
  live: 25 * second,
  'approve-split': 1 * second,
  monitor: 8 * second,
  failover: 80 * second,
};

/** Phases whose changes are not known yet, from bare hosts. */
const byPhase: Readonly<Record<PhaseId, number>> = {
  provision: 45 * second,
  install: 90 * second,
  config: 30 * second,
  monitor: 15 * second,
  disable: 10 * second,
  test: 90 * second,
};

/** How long a change usually takes, ms; undefined when nothing is recorded for it. */
export function typicalMs(change: Pick<ChangeView, 'kind' | 'id'>): number | undefined {
  if (change.kind === 'proof') return byProof[change.id.split(':').at(-1) ?? ''];
  return byKind[change.kind];
}

function leftOf(step: StepView, nowMs: number): number | undefined {
  if (step.status === 'done') return 0;
  const typical = typicalMs(step.change);
  if (typical === undefined) return undefined;
  if (step.status !== 'running' || step.startedMs === undefined) return typical;
  const spent = nowMs - step.startedMs;
  // Twice over its usual time it is not a usual case, and the figure would be a guess.
  return spent > 2 * typical + 10 * second ? undefined : Math.max(0, typical - spent);
}

/**
 * What is left of the whole setup, ms; undefined when it cannot be told: something outside is awaited, a
 * question is open, a kind has no recorded duration, or nothing has begun.
 */
export function estimateMs(view: SetupView): number | undefined {
  const begun = view.phases.some((phase) => phase.startedMs !== undefined);
  if (!begun || view.waiting.length > 0 || view.question || view.summary || view.stopping) return undefined;
  let left = 0;
  for (const phase of view.phases) {
    if (hasEnded(phase)) continue;
    if (!phase.planned) {
      left += byPhase[phase.id];
      continue;
    }
    for (const step of phase.steps) {
      const ms = leftOf(step, view.nowMs);
      if (ms === undefined) return undefined;
      left += ms;
    }
  }
  return left;
}
