import type {DrillView} from '../../drill/events.js';
import {stageIds, type StageId} from '../../drill/report.js';
import {measured} from '../format.js';
import {stageName} from './stage-rows.js';

/** What was said of a drill already. */
export interface SaidOfDrill {
  stages: ReadonlySet<StageId>;
  doing: string;
}
export const nothingSaidOfDrill: SaidOfDrill = {stages: new Set(), doing: ''};

/** Sentences for what is new: stages that were reached, and what is waited for now. Pure. */
export function drillSentences(said: SaidOfDrill, view: DrillView): {lines: string[]; said: SaidOfDrill} {
  const {timeline, faultAtMs, usual} = view;
  const reached = stageIds
    .filter((id) => timeline[id] !== undefined && !said.stages.has(id))
    .toSorted((a, b) => timeline[a]!.atMs - timeline[b]!.atMs);
  const lines = reached.map((id) => {
    const {atMs, note} = timeline[id]!;
    const ms = faultAtMs === null ? 0 : atMs - faultAtMs;
    const since = id === 'fault' ? '' : ` ${ms < 0 ? '−' : '+'}${measured(Math.abs(ms))}`;
    const words = [note, usual[id] === undefined ? '' : `usually ${measured(usual[id])}`]
      .filter(Boolean)
      .join('; ');
    return `${stageName(id, view.fault)}${since}${words === '' ? '' : ` (${words})`}`;
  });
  // Seconds that are counted would be a sentence each.
  const doing = view.doing.replaceAll(/\d+(?::\d+)?/g, '#');
  if (doing !== said.doing && view.doing !== '') lines.push(`${view.doing} …`);
  return {lines, said: {stages: new Set([...said.stages, ...reached]), doing}};
}
