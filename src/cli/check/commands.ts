import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

export function addCheckCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('check')
    .description('what setup would change, what was edited by hand, tips')
    .action(async (_options, command: Command) => {
      const {check} = await import('./check.js');
      end(await check(command.optsWithGlobals<CommonOptions>()));
    });
}
