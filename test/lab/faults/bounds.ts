// What the health monitor promises, per kind of evidence: ms from the fault to the decision. One probe interval (5 s)
// lies between the earliest and the latest.

import {s} from './row.js';

/** Added to every upper bound: all hosts share the cores of one machine, and gateways start on it. ms */
export const tolerance = s(Number(process.env['FAILOVER_LAB_TOLERANCE_S'] ?? 2.5));

/**
 * A real gateway from its start until its bot is there, on a busy machine: nothing that the monitor could hasten. Between
 * 20 s and 50 s were seen. ms
 */
export const gatewayStart = s(75);

export const bounds = {
  unitFailed: {kind: 'unit failed', within: s(7)},
  stopped: {kind: 'stopped by an operator', notBefore: s(30), within: s(38)},
  hung: {kind: 'hung', notBefore: s(58), within: s(70)},
  hostLost: {kind: 'host lost', within: s(19)},
  wrongAnswer: {kind: 'wrong answer', within: s(38)},
  bindProblem: {kind: 'bind problem', within: s(68)},
  draining: {kind: 'draining', notBefore: s(330), within: s(338)},
} as const;
