import type {ProofChange} from '../plan/change.js';
import {layout} from '../templates/layout.js';
import {notifyTargets} from '../templates/notify-settings.js';
import type {PlanInput} from './phase.js';
import {inputsHash, isProven} from './wants.js';

/** Everything that the models and the channel depend on, apart from secrets: writing those drops the stamps. */
function gatewayInputs({pair, primary}: PlanInput): unknown {
  const openclaw = primary.openclaw.known ? primary.openclaw.value?.version : undefined;
  const {secrets: ofChannel, ...channel} = pair.channel;
  const {secrets: ofModel, ...model} = pair.model;
  // Names only: where a secret is kept on the operator's machine proves nothing either way.
  const secrets = [...Object.keys(ofChannel), ...Object.keys(ofModel)].toSorted();
  return {openclaw, channel, model, secrets};
}

export function* modelsProof(input: PlanInput): Generator<ProofChange> {
  const inputs = inputsHash(gatewayInputs(input));
  if (isProven(input.standby, `${layout.proofs}/models`, inputs)) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:models',
    host: 'standby',
    proof: 'models',
    inputs,
    title: `credentials of ${input.pair.model.primary} proven`,
  };
}

/** The guard's approval of what the standby may log in, renewed when its config no longer matches it. */
export function* approval({standby}: PlanInput): Generator<ProofChange> {
  if (standby.guard.known && standby.guard.value.ok) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:approve-split',
    host: 'standby',
    proof: 'approve-split',
    inputs: '',
    title: `split approved on the standby (${layout.approvedSplit})`,
  };
}

export function* liveProof(input: PlanInput): Generator<ProofChange> {
  const inputs = inputsHash(gatewayInputs(input));
  if (isProven(input.standby, `${layout.proofs}/live`, inputs)) return;
  const {type, account} = input.pair.channel;
  yield {
    kind: 'proof',
    id: 'standby:proof:live',
    host: 'standby',
    proof: 'live',
    inputs,
    title: `live test: ${type} ${account} connects from the standby, then sleeps again`,
  };
}

/** Sent once for each choice of who is told; another value of a secret drops the stamp. */
export function* notifyProof({pair, standby}: PlanInput): Generator<ProofChange> {
  const targets = notifyTargets(pair);
  const inputs = inputsHash(targets);
  if (targets.length === 0 || isProven(standby, `${layout.proofs}/notify`, inputs)) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:notify',
    host: 'standby',
    proof: 'notify',
    inputs,
    title: `one test message to ${targets.map(({name}) => name).join(', ')}`,
    why: 'Whoever is told at 3 a.m. should have seen once that it arrives.',
  };
}

export function* failoverProof(input: PlanInput, settings: unknown): Generator<ProofChange> {
  const inputs = inputsHash({gateway: gatewayInputs(input), settings});
  if (isProven(input.standby, `${layout.proofs}/failover`, inputs)) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:failover',
    host: 'standby',
    proof: 'failover',
    inputs,
    disruptive: true,
    title: "failover and back, for real: the primary's gateway is stopped for about 2 min",
    why: 'A pair that was never seen to fail over is a hope. A timer on the primary starts its gateway again even if this machine dies.',
  };
}
