import type {Happening} from '../monitor/happening.js';
import {decide, type Decide, type Decision} from '../monitor/machine.js';
import type {Memory} from '../monitor/memory.js';
import type {MonitorSettings} from '../monitor/settings.js';
import type {Segment} from './parse.js';

/** One decision of the record, made again. */
export interface Step {
  /** Monotonic ms of the host. */
  ms: number;
  seen: Happening;
  settings: MonitorSettings;
  before: Memory;
  decision: Decision;
}

/** A segment, decided again with the settings it was recorded with. */
export interface Replayed {
  segment: Segment;
  steps: Step[];
  /** Every decision is the recorded one. Else this program decides otherwise than the monitor that wrote it. */
  faithful: boolean;
}

/** The very same decisions, from the very same happenings. Pure. */
export function replay(segment: Segment, choose: Decide = decide): Replayed {
  const steps: Step[] = [];
  let {memory, settings} = segment;
  let faithful = true;
  for (const line of segment.lines) {
    if (line.on === 'remark') memory = {...memory, sequence: memory.sequence + 1};
    else if (line.on === 'settings') ({settings} = line);
    else {
      const {ms, seen, event} = line;
      const decision = choose(memory, seen, settings, ms);
      if (decision.row?.event !== event) faithful = false;
      steps.push({ms, seen, settings, before: memory, decision});
      ({memory} = decision);
    }
  }
  return {segment, steps, faithful};
}

/** Epoch ms of a monotonic time of this segment, by the clock of the standby. */
export const wallOf = ({time, ms}: Pick<Segment, 'time' | 'ms'>, atMs: number): number =>
  Date.parse(time) + atMs - ms;
