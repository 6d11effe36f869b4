// Several pairs on one machine: rows wait most of the time, so they are played beside each other.

import {Play} from './play.js';
import {nameOf, type Row} from './row.js';
import type {Stage} from './stage.js';

/** Something that is played on a stage: a row, or a measurement. */
export interface Act<On = Stage> {
  name: string;
  /** @throws what went wrong */
  play: (stage: On) => Promise<void>;
}

export const acted = (row: Row): Act => ({name: nameOf(row), play: (stage) => new Play(stage, row).run()});

/**
 * Of some lanes only what FAILOVER_LAB_ROWS names: numbers of rows as docs/faults.md has them, words of a measurement,
 * with commas ("14,37.30,budget").
 * @throws when it names nothing that is there.
 */
export function chosen<On = Stage>(
  lanes: readonly Act<On>[][],
  names = process.env['FAILOVER_LAB_ROWS'],
): Act<On>[][] {
  if (!names) return [...lanes];
  const picks = names.split(',').map((name) => name.trim());
  const isPicked = ({name}: Act<On>) =>
    picks.some((pick) => (/^\d/.test(pick) ? name.startsWith(`row ${pick}:`) : name.includes(pick)));
  const left = lanes.map((acts) => acts.filter(isPicked)).filter((acts) => acts.length > 0);
  if (left.length === 0) throw new Error(`FAILOVER_LAB_ROWS: there is no ${names} here`);
  return left;
}

export interface Lane<On = Stage> {
  /** Made when the lane begins. */
  stage: () => Promise<On>;
  acts: readonly Act<On>[];
}

/**
 * Begins every lane. In a lane one act follows the other; what came of an act is what its promise says. A lane without
 * a stage fails all of its acts.
 */
export function playLanes<On>(lanes: readonly Lane<On>[]): Map<Act<On>, Promise<void>> {
  const results = new Map<Act<On>, Promise<void>>();
  for (const {stage, acts} of lanes) {
    const made = stage();
    let before: Promise<unknown> = made.catch(() => {});
    for (const act of acts) {
      const result = before.then(async () => act.play(await made));
      // At once, and not only after the last row of an hour.
      result.catch((error: Error) => console.log(`failed: ${act.name}: ${error.message}`));
      // Whoever awaits it hears of it; the next act begins all the same.
      before = result.catch(() => {});
      results.set(act, result);
    }
  }
  return results;
}
