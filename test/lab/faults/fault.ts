// What can be done to a pair, each with the way back.

import type {Stage} from './stage.js';

export interface Fault {
  /** As it is told in docs/faults.md: "the gateway's process is stopped (SIGSTOP)". */
  text: string;
  inject: (stage: Stage) => Promise<void>;
  /** Everything as before; also called when the fault went away by itself. */
  heal: (stage: Stage) => Promise<void>;
}

export const nothing: Fault = {text: 'nothing', inject: async () => {}, heal: async () => {}};

/** Several at the same moment. */
export function together(text: string, ...faults: readonly Fault[]): Fault {
  return {
    text,
    inject: async (stage) => void (await Promise.all(faults.map((fault) => fault.inject(stage)))),
    heal: async (stage) => void (await Promise.all(faults.map((fault) => fault.heal(stage)))),
  };
}
