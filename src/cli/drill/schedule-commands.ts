import {Option, type Command} from 'commander';
import {faultNames} from '../../drill/fault-names.js';
import type {ExitCode} from '../../errors.js';
import type {RemindOptions} from './remind.js';
import type {ScheduleOptions} from './schedule.js';

/** `drill schedule`, and `drill remind` that it has called. */
export function addScheduleCommands(drill: Command, end: (code: ExitCode) => void): void {
  drill
    .command('schedule')
    .description('be reminded each month; begins no drill without a --window')
    .option('--at <time>', 'when the reminder looks whether a drill is due (default: 10:00)')
    .option('--day <number>', 'remind on this day of each month, 1 to 28, instead of when a drill is due')
    .option('--window <when>', 'let drills begin by themselves within it: "1st Sun 03:00-05:00"')
    .addOption(
      // The judge is what makes the schedule.
      choosable('--fault <name>', 'what such a drill does to the primary (default: stop)', faultNames),
    )
    .addOption(
      new Option('--with <what>', 'what starts it (default: what this machine has)').choices([
        'timer',
        'cron',
        'launchd',
      ]),
    )
    .option('--command <program>', 'what is to be called instead of this installation, by its absolute path')
    .option('--ics <file>', 'write a calendar file (-: to stdout); alone, nothing else is set up')
    .option('--remove', 'take away whatever was set up for the pair')
    .action(async (_options, command: Command) => {
      const {schedule} = await import('./schedule.js');
      const {fault, ...options} = command.optsWithGlobals<ScheduleOptions>();
      // `drill` itself has a fault without being told one.
      const told = command.getOptionValueSourceWithGlobals('fault') === 'cli';
      end(await schedule({...options, ...(told && fault !== undefined && {fault})}));
    });
  drill
    .command('remind', {hidden: true})
    .description('say whether a drill is due, and nothing where none is; for timers')
    .option('--ahead <days>', 'also when it is due that soon')
    .option('--window <when>', 'the window in which drills begin by themselves, which is given its chance')
    .action(async (_options, command: Command) => {
      const {remind} = await import('./remind.js');
      end(await remind(command.optsWithGlobals<RemindOptions>()));
    });
}

/** An option whose choices help and completion know, and that takes any text. */
function choosable(flags: string, words: string, choices: readonly string[]): Option {
  const option = new Option(flags, words);
  option.argChoices = [...choices];
  return option;
}
