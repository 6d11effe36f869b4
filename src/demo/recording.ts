import type {HostFacts} from '../facts/types.js';
import {checkPair} from '../pair/check.js';
import type {Pair} from '../pair/schema.js';
import type {PlanInput} from '../phases/phase.js';

/** Facts of two real hosts as they were read once, and the decisions the demo plans with. */
export interface Recording {
  /** e.g. `two Debian 12 servers` */
  from: string;
  /** ISO date */
  recordedAt: string;
  pair: Pair;
  /** As the machine of the recording reached them. */
  reached: NonNullable<PlanInput['reached']>;
  primary: HostFacts;
  standby: HostFacts;
}

/** @throws when the embedded file is broken, which is a bug. */
export async function recording(): Promise<Recording> {
  const {default: recorded} = await import('./recording.json', {with: {type: 'json'}});
  const checked = checkPair(recorded.pair);
  if (!checked.ok) throw new Error(`the demo's pair is wrong: ${JSON.stringify(checked.problems)}`);
  return {
    from: recorded.from,
    recordedAt: recorded.recordedAt,
    pair: checked.pair,
    reached: recorded.reached,
    primary: recorded.primary as unknown as HostFacts,
    standby: recorded.standby as unknown as HostFacts,
  };
}
