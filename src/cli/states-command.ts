import {Option, type Command} from 'commander';
import type {ExitCode} from '../errors.js';
import type {StatesOptions} from './states.js';

/** `states`. */
export function addStatesCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('states')
    .description('how the monitor decides, as tables or a graph')
    .addOption(
      new Option('--graph [form]', 'the transitions as a graph: dot (Graphviz, the default) or mermaid')
        .choices(['dot', 'mermaid'])
        .preset('dot'),
    )
    .action(async (_options, command: Command) => {
      const {states} = await import('./states.js');
      end(await states(command.optsWithGlobals<StatesOptions>()));
    });
}
