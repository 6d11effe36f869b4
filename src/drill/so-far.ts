import {z} from 'zod';
import {stripControl} from '../ssh/strip.js';
import {drillReport, stageIds, type DrillReport} from './report.js';
import type {OwnMark} from './timeline.js';

const say = z.string().transform((text) => stripControl(text).slice(0, 2000));

/** What a drill has come to by what this machine saw and did itself: nobody could tell of it after it was cut off. */
export const soFar = z.object({
  /** After the fault; epoch ms of this machine. */
  marks: z.array(z.object({id: z.enum(stageIds), atMs: z.number(), note: say})),
  proofs: drillReport.shape.proofs,
  problems: z.array(say),
  notes: z.array(say),
  stopped: say.nullable(),
  /** Nothing more was waited for: all that was left to do was to put everything back. */
  concluded: z.boolean(),
});
export type SoFar = z.infer<typeof soFar>;

/** What is collected while a drill goes on. */
export interface Collected {
  readonly marks: OwnMark[];
  readonly proofs: DrillReport['proofs'];
  readonly problems: string[];
  readonly notes: string[];
  stopped: string | null;
  concluded: boolean;
}

/** The stop and the fault have fields of their own in the record. Pure. */
export const soFarOf = ({marks, proofs, problems, notes, stopped, concluded}: Collected): SoFar => ({
  marks: marks.filter(({id}) => id !== 'stopping' && id !== 'fault'),
  proofs,
  problems,
  notes,
  stopped,
  concluded,
});

/** One that was cut off goes on with it. */
export function takeUp(drill: Collected, {marks, proofs, problems, notes, stopped, concluded}: SoFar): void {
  drill.marks.push(...marks);
  drill.proofs.push(...proofs);
  drill.problems.push(...problems);
  drill.notes.push(...notes);
  drill.stopped ??= stopped;
  drill.concluded = concluded;
}

/** Whether whoever began it has taken the fault back already. Pure. */
export const wasUndone = (known: Pick<SoFar, 'marks'> | undefined): boolean =>
  known?.marks.some(({id}) => id === 'undone') ?? false;
