import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {HandOptions} from './hand.js';

/** What an operator asks of the standby. */
export function addHandCommands(program: Command, end: (code: ExitCode) => void): void {
  const named = ['--confirm <pair>', 'the name of the pair, instead of typing it'] as const;
  const why = ['--why <text>', 'the reason; it goes into the events and alerts'] as const;
  const does =
    (name: 'pause' | 'resume' | 'promote' | 'demote') => async (_options: object, command: Command) => {
      const acts = await import('./hand.js');
      end(await acts[name](command.optsWithGlobals<HandOptions>()));
    };
  program
    .command('pause')
    .description('for a while the standby neither takes over nor gives back')
    .requiredOption('--for <time>', 'how long: 30m, 2h, 90s; from 1m to 4h; then it ends by itself')
    .option(...why)
    .action(does('pause'));
  program.command('resume').description('end a pause now').action(does('resume'));
  program
    .command('promote')
    .description('the standby takes over now, and stays until "demote"')
    .option(...why)
    .option(...named)
    .action(does('promote'));
  program
    .command('demote')
    .description('the standby gives back as soon as the primary is well')
    .option(...named)
    .action(does('demote'));
}
