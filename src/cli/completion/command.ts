import {Argument, type Command} from 'commander';
import {Exit, type ExitCode} from '../../errors.js';
import {treeOf} from '../help/tree.js';

/** `completion bash|zsh|fish`: prints a script made of the commands that this version has. */
export function addCompletionCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('completion')
    .description("print what makes Tab complete this program's words")
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const {scripts} = await import('./scripts.js');
      process.stdout.write(scripts[shell](treeOf(program)));
      end(Exit.ok);
    });
}
