import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';
import type {HistoryOptions} from './history.js';
import type {ShowOptions} from './show.js';

/** Options of `drill` itself. */
export interface DrillOptions extends CommonOptions {
  fault?: string;
}

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, end: (code: ExitCode) => void): void {
  const drill = program.command('drill').description('the monthly failover test, measured, safe, remembered');
  addKeptCommands(drill, end);
}

/** What is kept of drills, read again. */
function addKeptCommands(drill: Command, end: (code: ExitCode) => void): void {
  drill
    .command('history')
    .description('all drills, the trend of their stages over the months, and real failovers beside them')
    .option('--csv', 'one row for each drill')
    .option('--markdown', 'tables to paste')
    .option('--offline', "do not read the monitor's log on the standby")
    .action(async (_options, command: Command) => {
      const {history} = await import('./history.js');
      end(await history(command.optsWithGlobals<HistoryOptions>()));
    });
  drill
    .command('show <id>')
    .description('the report of a drill; the beginning of its ID is enough')
    .option('--markdown', 'as it was kept, to paste')
    .action(async (id: string, _options, command: Command) => {
      const {show} = await import('./show.js');
      end(await show(id, command.optsWithGlobals<ShowOptions>()));
    });
}
