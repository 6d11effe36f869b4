import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {DemoOptions} from './demo.js';

/** `demo`: an embedded pair, for whoever has no two servers at hand. */
export function addDemoCommand(program: Command, end: (code: ExitCode) => void, version: string): void {
  program
    .command('demo')
    .description('a rehearsal on an embedded pair: set up, kill it, watch it')
    .option('--free', 'no guided tour: set up, then do as you like')
    .option('--recorded', 'only the plan, for two recorded servers; runs everywhere')
    .action(async (_options, command: Command) => {
      const {demo} = await import('./demo.js');
      end(await demo(command.optsWithGlobals<DemoOptions>(), version));
    });
}
