import {Abort, Exit} from '../../errors.js';
import type {Ran} from '../../ssh/host.js';
import type {Change} from '../change.js';
import type {ApplyContext} from '../kind.js';
import {busyCode} from './exchange.js';

/**
 * What a step's script says, line by line: `unprotected FROM TO` is a window in ms of the standby's monotonic clock
 * (`until-asleep` in TO's place: until its gateway sleeps again), and becomes an event; the rest is shown.
 */
export function windowLines({id}: Pick<Change, 'id'>, {emit, say}: Pick<ApplyContext, 'emit' | 'say'>) {
  return (line: string): void => {
    const [, from, to] = /^unprotected (\d+) (\d+|until-asleep)$/.exec(line) ?? [];
    if (from === undefined) return say(line);
    emit({
      type: 'unprotected',
      id,
      fromMs: Number(from),
      ...(to !== 'until-asleep' && {toMs: Number(to)}),
    });
  };
}

/** @throws Abort (3) when the step found the standby taking over; nothing was swapped then */
export function refuseBusy(ran: Ran): void {
  if (ran.code !== busyCode) return;
  throw new Abort('The standby takes over at this moment, so what it runs with was not touched.', {
    next: [
      'See how it goes: failover-wizard watch',
      'When it has given back, run the same command again: it goes on from here.',
    ],
    exit: Exit.degraded,
  });
}
