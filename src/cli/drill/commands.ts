import {Option, type Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {ExplainOptions} from '../explain.js';
import type {CommonOptions} from '../options.js';

/** Options of `drill` itself. */
export interface DrillOptions extends CommonOptions {
  fault?: string;
}

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, end: (code: ExitCode) => void): void {
  program.command('drill').description('the monthly failover test, measured, safe, remembered');

  program
    .command('explain [event]')
    .description(
      'why the standby took over or gave back, or did not: the newest time, or EVENT (a number, a name, 14:02)',
    )
    .addOption(
      new Option(
        '--what-if <key=value>',
        'decide the recorded probes again with other settings: fail=4, holds.stopped=10s, rise=5 …; repeatable',
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option('--file <path>', 'an events.jsonl that was copied from a standby, its record.jsonl beside it')
    .action(async (event: string | undefined, _options, command: Command) => {
      const {explain} = await import('../explain.js');
      end(await explain(event, command.optsWithGlobals<ExplainOptions>()));
    });
}
