// Acts that are no rows: the loop over every step of a takeover, and the budget.

import {setTimeout as sleep} from 'node:timers/promises';
import {bareNode, budgetOn, spentIn, startMs} from './budget.js';
import {nothing} from './fault.js';
import type {Act} from './lanes.js';
import {Play} from './play.js';
import {killedAtStep} from './rows/monitor.js';

const mostSteps = 40;
const startQuestionMs = 60_000;

/** Row 41: killed before the first, the second, … durable step of a takeover, until it has no such step any more. */
export const killedAtEveryStep: Act = {
  name: 'row 41: monitor killed before every durable step of a takeover',
  async play(stage) {
    for (let step = 1; step <= mostSteps; step++) {
      const {row, died} = killedAtStep(step);
      await new Play(stage, row).run();
      if (died() !== undefined) continue;
      if (step < 6) throw new Error(`the takeover has only ${step - 1} durable steps: nobody was killed`);
      return;
    }
    throw new Error(`a takeover has more than ${mostSteps} durable steps`);
  },
};

/** At rest, as setup left it, and with the answers of a real gateway. */
export const keepsBudget = (ms: number): Act => ({
  name: `the sleeping standby keeps its budget for ${ms / 60_000} min`,
  async play(stage) {
    await stage.prepare({fault: nothing, primary: 'real', settings: () => {}});
    const before = await bareNode(stage);
    const start = await startMs(stage);
    await stage.rest(30_000);
    // A monitor that has just started asks once whether the primary can be asked.
    await sleep(startQuestionMs);
    const spent = await spentIn(stage, ms);
    const figures = {...spent, startMs: start};
    const after = await bareNode(stage);
    // Of each the time that it was measured in: the start at first, the rest all along.
    const bare = {realMs: before.realMs, cpuMs: Math.max(before.cpuMs, after.cpuMs)};
    const most = budgetOn(bare);
    console.log(
      `measured: budget over ${ms / 60_000} min: ${spent.residentMb.toFixed(1)} MB resident, ${spent.corePercent.toFixed(3)} % of one core, ${spent.mbPerDay.toFixed(1)} MB a day (and ${spent.otherMbPerDay.toFixed(1)} MB for the workspace), start in ${start.toFixed(0)} ms (bare Node ${bare.realMs.toFixed(0)} ms, ${bare.cpuMs.toFixed(0)} ms of a core)`,
    );
    const names = Object.keys(most) as (keyof typeof most)[];
    const over = names.filter((name) => !(figures[name] <= most[name]));
    if (over.length > 0)
      throw new Error(over.map((name) => `${name} is over ${most[name]}: ${figures[name]}`).join('; '));
  },
});
