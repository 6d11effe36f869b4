import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions, WatchOptions} from '../options.js';

/** `watch` and `status`. */
export function addWatchCommands(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('watch')
    .description('live view of the pairs; changes nothing by itself')
    .option('--no-bell', 'no bell and no desktop notification when something changes')
    .action(async (_options, command: Command) => {
      const {watch} = await import('../watch.js');
      end(await watch(command.optsWithGlobals<WatchOptions>()));
    });
  program
    .command('status')
    .description('how the pairs are right now; the exit code tells')
    .action(async (_options, command: Command) => {
      const {status} = await import('../watch.js');
      end(await status(command.optsWithGlobals<CommonOptions>()));
    });
}
