import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

const help = `
Examples:
  failover-wizard check             all pairs of this machine, changes nothing
  failover-wizard check --verbose   what differs line by line, and what is well
  failover-wizard check --json      an object for each pair, for scripts

Exit codes: 0 all as it should be (tips are allowed), 3 something differs or is
wrong, 4 a host cannot be reached, 5 an account is on both hosts. More: docs/check.md`;

export function addCheckCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('check')
    .description(
      'compare both hosts with the pair: what setup would change, what was changed by hand, and tips; changes nothing',
    )
    .addHelpText('after', help)
    .action(async (_options, command: Command) => {
      const {check} = await import('./check.js');
      end(await check(command.optsWithGlobals<CommonOptions>()));
    });
}
