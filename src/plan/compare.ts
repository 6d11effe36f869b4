import type {Finding, PhaseId, PlanInput} from '../phases/phase.js';
import type {Change} from './change.js';
import {allFindings, planAll} from './setup.js';

/** What `setup` would change if it ran now, and what it would say before: its own plan, nothing applied. */
export interface Comparison {
  /** In the order in which they run; those without changes as well. */
  phases: readonly {phase: PhaseId; number: number; title: string; changes: readonly Change[]}[];
  findings: readonly Finding[];
}

/** The pair as it was decided beside the hosts as they are. Pure. */
export const compare = (input: PlanInput): Comparison => ({
  phases: planAll(input).map(({phase: {id, number, title}, changes}) => ({
    phase: id,
    number,
    title,
    changes,
  })),
  findings: allFindings(input),
});

export const changesOf = ({phases}: Comparison): Change[] => phases.flatMap(({changes}) => [...changes]);
