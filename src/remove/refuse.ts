import {Abort} from '../errors.js';
import {units} from '../templates/layout.js';
import {deadMen, isRunning} from './footprint.js';
import type {RemovalReading} from './read.js';
import type {Removal} from './removal.js';
import {judge, type Situation, type Verdict} from './safety.js';
import {hasWork, workLines} from './work.js';

/** Whether it may be done now, by what the hosts say. */
export function verdictOf(
  {pair, only, allowSilence, drillHere}: Pick<Removal, 'pair' | 'only' | 'allowSilence' | 'drillHere'>,
  {standby, primary}: RemovalReading,
): Verdict {
  const armed = (['edit', 'test', 'drill'] as const).filter(
    (name) => primary && isRunning(primary.footprint, deadMen[name]),
  );
  const now: Situation = {
    pair: pair.name,
    only,
    primary: primary?.health ?? 'unreached',
    standby: standby && {
      // One that runs and says nothing may still take over.
      monitor: isRunning(standby.footprint, units.monitor) ? (standby.monitor?.state ?? 'silent') : undefined,
      gateway: isRunning(standby.footprint, units.gateway),
      asleep: standby.asleep,
      paused: standby.monitor?.paused,
    },
    armed,
    drillHere,
    allowSilence,
  };
  return judge(now);
}

export function refusal(verdict: Extract<Verdict, {may: false}>): Abort {
  return new Abort(verdict.sentence, {next: verdict.next, exit: verdict.exit});
}

/** @throws Abort naming the work that would be lost */
export function refuseWork(
  {choices, discardWork, only}: Pick<Removal, 'choices' | 'discardWork' | 'only'>,
  {standby}: Pick<RemovalReading, 'standby'>,
): void {
  if (!standby || only === 'primary' || choices.keepUser || discardWork || !hasWork(standby.work)) return;
  throw new Abort('On the standby lies work that is nowhere else, and it would be lost.', {
    detail: workLines(standby.work).join('\n'),
    next: [
      'Push it, or copy it away; then run the same command again.',
      'To leave the user and all that it has: --keep-user',
      'If none of it is needed: --discard-work',
    ],
  });
}
