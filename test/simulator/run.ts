import {auditors} from './auditors/index.js';
import type {Rule} from './auditors/auditor.js';
import {Dice, minutes, seconds} from './dice.js';
import {faultOf, type Fault} from './faults/index.js';
import {History} from './history.js';
import {variants, type Planned, type Sequence} from './sequence.js';
import {plantedSecret} from './wire.js';
import {realCore, World, type Core} from './world.js';

export interface Violation {
  rule: Rule;
  atMs: number;
  say: string;
}

export interface Outcome {
  sequence: Sequence;
  world: World;
  violation: Violation | undefined;
}

/** After the last fault nothing may take longer: a latch, a blocked try, and the way back from them. */
const settleMs = minutes(30);
/** All is quiet for so long: nothing more will come. */
const quietMs = seconds(60);

/** Runs a sequence to its end, or to the first step at which a rule is broken. */
export async function run(sequence: Sequence, core: Core = realCore): Promise<Outcome> {
  // Something that is nobody's business stands in the settings: it must not be found anywhere else.
  const settings = {...variants[sequence.variant], planted: plantedSecret};
  const world = new World(settings, sequence.seed, core);
  const history = new History(world);
  const watching = auditors.map(([rule, make]) => ({rule, ...make(history)}));
  let violation: Violation | undefined;
  const found = (rule: Rule, say: string | undefined) => {
    if (say !== undefined) violation ??= {rule, atMs: world.clock.nowMs, say};
  };
  const overMs = plan(world, sequence.faults);
  let quietSinceMs: number | undefined;
  await world.run(overMs + settleMs, () => {
    history.look();
    for (const {rule, look} of watching) if (look) found(rule, look());
    if (violation) return true;
    if (world.clock.nowMs < overMs || !isQuiet(history)) quietSinceMs = undefined;
    else quietSinceMs ??= world.clock.nowMs;
    return quietSinceMs !== undefined && world.clock.nowMs - quietSinceMs >= quietMs;
  });
  if (!violation) for (const {rule, end} of watching) if (end) found(rule, end());
  return {sequence, world, violation};
}

/** Plans all faults; returns when the last of them has begun and all that end have ended. */
function plan(world: World, planned: readonly Planned[]): number {
  let overMs = 0;
  for (const {row, atMs, forMs, dice} of planned) {
    const fault = faultOf(row);
    const ends = Number.isFinite(forMs);
    world.clock.after(atMs, () => begin(world, fault, new Dice(dice), forMs));
    overMs = Math.max(overMs, atMs + (ends ? forMs : 0));
  }
  return overMs + seconds(5);
}

function begin(world: World, fault: Fault, dice: Dice, forMs: number): void {
  const ends = Number.isFinite(forMs);
  world.say('fault', fault.title);
  // A fault without an end of its own needs a time it can count with.
  const end = fault.start(world, dice, ends ? forMs : minutes(30));
  if (!ends || !fault.lasts) return;
  world.clock.after(forMs, () => {
    world.say('over', fault.title);
    end?.();
  });
}

/** Asleep beside a primary that is well, or active in place of one that is not. */
function isQuiet({world, now, byHand}: History): boolean {
  const {memory, standby} = world;
  if (!memory) return false;
  if (memory.state === 'watching') return now.is === 'well' && !standby.gateway.awake;
  // Until an operator says otherwise.
  if (memory.state === 'recovering') return memory.held === 'manual' || byHand;
  return memory.state === 'active' && now.is !== 'well' && standby.gateway.connected;
}
