import type {Pair} from '../pair/schema.js';
import type {applyRemoval} from '../plan/kinds/index.js';
import {viewChange} from '../plan/view.js';
import type {Host, HostName} from '../ssh/host.js';
import type {PlanView} from './events.js';
import type {Choices, RemovalInput} from './input.js';
import {planRemoval} from './plan.js';
import type {readRemoval, RemovalReading} from './read.js';
import {staysOf} from './stays.js';

export type Reachable = Partial<Record<HostName, Host>>;

export interface Removal {
  pair: Pair;
  /** Those that were reached; one that `only` leaves out is looked at and not changed. */
  hosts: Reachable;
  only: HostName | undefined;
  choices: Choices;
  allowSilence: boolean;
  /** Work that is only on the standby may go. */
  discardWork: boolean;
  /** This machine has begun a drill that has not ended. */
  drillHere: boolean;
  breakLock: boolean;
  accountsProgram: string;
  /** How hosts are read, and how a change is applied; tests put a model of the hosts here. */
  read?: typeof readRemoval;
  apply?: typeof applyRemoval;
}

/** What the plan is made from: the hosts that are to be changed. */
export function removalInput(
  {pair, only, choices}: Pick<Removal, 'pair' | 'only' | 'choices'>,
  reading: RemovalReading,
): RemovalInput {
  const {standby, primary} = reading;
  return {
    pair,
    choices,
    ...(standby && only !== 'primary' && {standby}),
    ...(primary && only !== 'standby' && {primary}),
  };
}

/** The plan as it is shown; `here` is what goes from this machine. */
export function planView(
  removal: Pick<Removal, 'pair' | 'only' | 'choices'>,
  reading: RemovalReading,
  {here, notes, leftOut}: {here: string[]; notes: string[]; leftOut: readonly HostName[]},
): PlanView {
  const input = removalInput(removal, reading);
  const steps = planRemoval(input).map((step) => ({...step, changes: step.changes.map(viewChange)}));
  const strange = [reading.standby, reading.primary].flatMap((one) =>
    (one?.manifest?.strange ?? []).map(
      (entry) =>
        `The manifest of the ${one!.footprint.host} names what this program does not write, and it is left alone: ${entry}.`,
    ),
  );
  return {steps, here, notes: [...notes, ...strange], ...staysOf(input, leftOut)};
}
