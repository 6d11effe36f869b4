import {holdWords} from './words.js';
import {badProbes, doubtsOf, type Chapter} from './chapters.js';
import {giveBackOf, giveBackWith, type GiveBack} from './give-back.js';
import {outcomeOf, outcomeWith, type Outcome} from './outcome.js';
import {plus, spanText} from './span.js';
import type {WhatIf} from './what-if.js';

/** One suspicion or give-back, as it was and with other settings. */
export type Compared = {chapter: Chapter; /** What it was, in a few words. */ what: string} & (
  {kind: 'suspicion'; was: Outcome; would: Outcome} | {kind: 'give-back'; was: GiveBack; would: GiveBack}
);

/** The chapters that these settings could change, oldest first. Pure. */
export function compare(chapters: readonly Chapter[], whatIf: WhatIf): Compared[] {
  return chapters.flatMap((chapter): Compared[] => {
    const {kind} = chapter;
    const what = whatOf(chapter);
    if (kind === 'suspicion' && whatIf.verdicts)
      return [{chapter, what, kind, was: outcomeOf(chapter), would: outcomeWith(chapter, whatIf)}];
    if (kind === 'give-back' && whatIf.giveBacks)
      return [{chapter, what, kind, was: giveBackOf(chapter), would: giveBackWith(chapter, whatIf)}];
    return [];
  });
}

function whatOf(chapter: Chapter): string {
  if (chapter.kind === 'give-back') return 'well again';
  const steps = doubtsOf(chapter);
  const last = steps.findLast(({decision}) => decision.memory.suspicion)?.decision.memory.suspicion;
  const reason = last?.reason;
  const classes = badProbes(steps).map(([name, count]) => `${count} ${name}`);
  return [...(reason ? [reason] : []), ...classes].join(', ') || 'asked for';
}

/** A cell of the table. */
export function outcomeText(outcome: Outcome): string {
  const at = plus(outcome.atMs);
  switch (outcome.kind) {
    case 'verdict': {
      const {reason, held, assumedMs} = outcome;
      if (reason === null) return `took over at ${at}: an operator asked for it`;
      const before = held ? `, held from ${plus(held.atMs)} (${holdWords[held.by]})` : '';
      return `verdict at ${at}: ${reason}${before}${assumedMs === null ? '' : ' ¹'}`;
    }
    case 'cleared':
      return `never: the primary answered again at ${at}${short(outcome)}${outcome.assumedMs === null ? '' : ' ¹'}`;
    case 'forgotten':
      return `never: this host stood still at ${at} and counted anew`;
    case 'unknown':
      return outcome.held
        ? `held from ${plus(outcome.held.atMs)} (${holdWords[outcome.held.by]}); the record ends at ${at}`
        : `not known: the record ends at ${at}${outcome.missingMs === null ? '' : `, ${spanText(outcome.missingMs)} before the verdict`}`;
  }
}

function short({missingMs, held}: Extract<Outcome, {kind: 'cleared'}>): string {
  if (held) return `; dead at ${plus(held.atMs)}, and held (${holdWords[held.by]})`;
  return missingMs === null
    ? '; what was seen would not have become a verdict'
    : `, ${spanText(missingMs)} before the verdict`;
}

export function giveBackText(result: GiveBack): string {
  const at = plus(result.atMs);
  if (result.kind === 'given-back') return `gave back at ${at}`;
  const due = result.dueMs === null ? '' : `, due at ${plus(result.dueMs)}`;
  if (result.kind === 'gone') return `never: the primary was bad again at ${at}${due}`;
  return result.by
    ? `held (${holdWords[result.by]}); the record ends at ${at}`
    : `not by ${at}, where the record ends${due}`;
}
