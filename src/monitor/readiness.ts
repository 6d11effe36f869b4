import type {Asked, PrimaryReport} from './evidence.js';
import {learnedStartMs} from './learn.js';
import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** Whether the gateway of a primary that is alive says that its bot is there, as the rounds of questions hear it. */
export interface Readiness {
  /** Since when no report has said that all is well, monotonic ms; null: one has, or nothing is known. */
  badMs: number | null;
  /** What is in the way, as the gateway names it. */
  why: string;
  /** That it is not ready was told, and its end was not. */
  told: boolean;
}

export const unheard: Readiness = {badMs: null, why: '', told: false};

/** ms for which it has to be so before anybody is told: a plugin that reloads and a channel that reconnects pass by. */
const patienceMs = 120_000;

/** Takes in the answer to a round. A gateway that is not well otherwise is the verdict's, not this one's. */
export function readinessAfter(before: Readiness, asked: Asked, startedMs: number): Readiness {
  // What was not heard again has not lasted.
  if (asked.kind !== 'report') return notCounting(before);
  const {loopback, ready, suppressed = ''} = asked.report;
  if (loopback !== 'ok' || ready === undefined || ready === 'unknown') return notCounting(before);
  if (ready === 'yes' && suppressed === '') return {...before, badMs: null, why: ''};
  return {...before, badMs: before.badMs ?? startedMs, why: whyOf(asked.report)};
}

/** It starts anew, or this host did: what was seen before does not count towards what is told. */
export const notCounting = (known: Readiness): Readiness => (known.told ? known : unheard);

/** `/readyz` says ready although no channel is started, so what it suppresses counts as much as what fails. */
function whyOf({failing = '', suppressed = ''}: PrimaryReport): string {
  const words = [
    failing && `failing: ${spaced(failing)}`,
    suppressed &&
      `channels that OpenClaw does not start because it has crashed too often: ${spaced(suppressed)}`,
  ];
  return words.filter(Boolean).join('; ') || 'it does not say why';
}

const spaced = (names: string) => names.replaceAll(',', ', ');

type Known = {m: Memory; s: MonitorSettings; nowMs: number};

/** It has not been ready for longer than a start takes, and nobody was told. */
export const unreadyTooLong = ({m, s, nowMs}: Known) =>
  m.readiness.badMs !== null &&
  !m.readiness.told &&
  nowMs - m.readiness.badMs >= Math.max(patienceMs, learnedStartMs(s, m));

export const readyAgain = ({m}: Pick<Known, 'm'>) => m.readiness.told && m.readiness.badMs === null;
