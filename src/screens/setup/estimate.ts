import type {PhaseId} from '../../phases/phase.js';
import type {ChangeView} from '../../plan/events.js';
import {hasEnded, type SetupView, type StepView} from './view.js';

const second = 1000;

/**
 * Typical durations in ms, per kind of change, measured on two hosts with two cores each; what is downloaded is
 * given the time it takes on a rented server rather than beside a mirror. Kinds that depend on a person (a key to be added, a login) count only their own work.
 */
const byKind: Readonly<Record<string, number>> = {
  file: 100,
  'remove-file': 100,
  directory: 100,
  packages: 40 * second,
  'apt-source': 3 * second,
  user: 400,
  'authorized-key': 150,
  unit: 1.5 * second,
  firewall: 2 * second,
  node: 10 * second,
  'npm-package': 31 * second,
  'env-file': 100,
  'gateway-config': 3 * second,
  'config-patch': 6 * second,
  checkout: 4 * second,
  'deploy-key': 3 * second,
  'source-key': 1 * second,
  network: 8 * second,
  swap: 8 * second,
  script: 2 * second,
};

/** A script like others, that downloads. */
const pluginMs = 10 * second;

/** Proofs differ too much for one figure; the name is the last part of the change's id. */
const byProof: Readonly<Record<string, number>> = {
  reach: 1 * second,
  models: 2 * second,
  live: 15 * second,
  'approve-split': 1 * second,
  monitor: 2 * second,
  notify: 3 * second,
  secrets: 2 * second,
  failover: 220 * second,
};

/** Phases whose changes are not known yet, from bare hosts. */
const byPhase: Readonly<Record<PhaseId, number>> = {
  provision: 60 * second,
  install: 70 * second,
  config: 7 * second,
  monitor: 10 * second,
  disable: 23 * second,
  test: 220 * second,
};

/** How long a change usually takes, ms; undefined when nothing is recorded for it. */
export function typicalMs(change: Pick<ChangeView, 'kind' | 'id'>): number | undefined {
  if (change.kind === 'proof') return byProof[change.id.split(':').at(-1) ?? ''];
  if (change.kind === 'script' && change.id.includes(':plugin:')) return pluginMs;
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
