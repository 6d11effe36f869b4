import {draw, type Variant} from '../simulator/sequence.js';
import {run, type Outcome} from '../simulator/run.js';
import {parseShort} from '../simulator/story.js';

/** A run of the simulator, told by its faults in short form, or by its seed. */
export const played = (faults: string | number, variant: Variant = 'usual'): Promise<Outcome> =>
  run(typeof faults === 'number' ? draw(faults) : {seed: 1, variant, faults: parseShort(faults)});
