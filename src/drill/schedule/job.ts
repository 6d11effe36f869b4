import type {FaultName} from '../report.js';
import type {When} from './when.js';
import {windowText, type Window} from './window.js';

/** What the operator asked for. */
export interface Schedule {
  pair: string;
  /** When the reminder looks whether a drill is due. */
  remind: When;
  /** Consent to drills that nobody asks for, within this window, with this fault. */
  run: {window: Window; fault: FaultName} | null;
}

/** How this program is called by something that knows no PATH of the operator. */
export interface Program {
  /** Absolute path first. */
  argv: readonly string[];
  /** What the operator's shell had and a timer has not, and this program goes by. */
  env: Readonly<Record<string, string>>;
}

/** One thing that is done again and again. */
export interface Job {
  kind: 'remind' | 'run';
  pair: string;
  when: When;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Days that a reminder on a fixed day of the month looks ahead: the next one comes too late for what is due before it. */
const aheadDays = 15;

/** The reminder, and with a window the run; the reminder then leaves the window its chance. Pure. */
export function jobsOf({pair, remind, run}: Schedule, program: Program): Job[] {
  const job = (kind: Job['kind'], when: When, ...words: readonly string[]): Job => ({
    kind,
    pair,
    when,
    argv: [...program.argv, 'drill', ...words],
    env: program.env,
  });
  const ahead = remind.day.on === 'every' ? [] : ['--ahead', String(aheadDays)];
  if (run === null) return [job('remind', remind, 'remind', '--pair', pair, ...ahead)];
  const {window, fault} = run;
  const text = windowText(window);
  // Consent is in the command itself: the pair by its name, and the window, which the drill checks again.
  const consent = ['--yes', '--no-input', '--confirm', pair, '--within', text];
  return [
    job('remind', remind, 'remind', '--pair', pair, ...ahead, '--window', text),
    job(
      'run',
      {day: window.day, minute: window.from},
      '--pair',
      pair,
      '--fault',
      fault,
      ...consent,
      '--json',
    ),
  ];
}

/** The sentence that everything written begins with; one line, without a comment sign. */
export const originLine = (pair: string, version: string) =>
  `Written by failover-wizard ${version} for the pair "${pair}". Do not edit: run failover-wizard drill schedule.`;

/** Whether a file was written by this program. */
export const isOurs = (text: string) => text.includes('Written by failover-wizard ');
