import {Abort, Exit} from '../../errors.js';
import {faultNames, type FaultName} from '../report.js';
import type {Schedule} from './job.js';
import {parseTime, parseWindow} from './window.js';

/** The words of the command line. */
export interface Asked {
  at?: string;
  day?: string;
  window?: string;
  fault?: string;
}

/**
 * What the operator asked for, of a pair. Pure.
 * @throws Abort (exit 2) for what cannot be
 */
export function scheduleOf({at = '10:00', day, window, fault}: Asked, pair: string): Schedule {
  const minute = parseTime(at);
  if (minute === undefined)
    throw new Abort(`--at "${at.slice(0, 20)}" is no time of day.`, {
      next: ['For example: --at 10:00'],
      exit: Exit.usage,
    });
  if (fault !== undefined && window === undefined)
    throw new Abort(
      '--fault is for drills that begin by themselves; they need a maintenance window as well.',
      {
        next: ['For example: --fault stop --window "Sun 03:00-05:00"'],
        exit: Exit.usage,
      },
    );
  return {
    pair,
    remind: {minute, day: day === undefined ? {on: 'every'} : {on: 'date', date: dateOf(day)}},
    run: window === undefined ? null : {window: parseWindow(window), fault: faultOf(fault)},
  };
}

function dateOf(day: string): number {
  if (/^\d{1,2}$/.test(day) && Number(day) >= 1 && Number(day) <= 28) return Number(day);
  throw new Abort(`--day "${day.slice(0, 20)}" is no day that every month has.`, {
    next: ['From 1 to 28, for example: --day 1'],
    exit: Exit.usage,
  });
}

/** What always needs the standby; of the others a month would be used up by nothing. */
const unasked: readonly FaultName[] = ['stop', 'hang'];

function faultOf(fault: string = 'stop'): FaultName {
  const name = faultNames.find((one) => one === fault);
  if (name && unasked.includes(name)) return name;
  if (name) {
    throw new Abort(`A drill of a ${name} may pass without a takeover, so none begins by itself.`, {
      next: [`With a window there is: ${unasked.join(', ')}`],
      exit: Exit.usage,
    });
  }
  throw new Abort(`--fault "${fault.slice(0, 20)}" is none that a drill knows.`, {
    next: [`With a window there is: ${unasked.join(', ')}`],
    exit: Exit.usage,
  });
}
