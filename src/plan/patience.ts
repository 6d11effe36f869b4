import type {SetupPort} from './events.js';

/**
 * The same port, and a count of how long it has waited for the operator: what something took is told without
 * the time somebody spent reading the plan.
 */
export function countingWaits(port: SetupPort): {port: SetupPort; waitedMs: () => number} {
  let waited = 0;
  return {
    port: {
      ...port,
      decide: async (question) => {
        const asked = performance.now();
        try {
          return await port.decide(question);
        } finally {
          waited += performance.now() - asked;
        }
      },
    },
    waitedMs: () => waited,
  };
}
