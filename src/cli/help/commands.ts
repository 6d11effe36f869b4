import type {Command} from 'commander';
import {Abort, Exit, type ExitCode} from '../../errors.js';
import {nearest} from '../../pair/nearest.js';
import {pages} from './pages/index.js';
import {helpPage} from './sections.js';
import {helpText} from './text.js';
import {nodeAt, treeOf} from './tree.js';

/** `help [command...]`: the same words as `--help`. */
export function addHelpCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('help')
    .description('help of a command, the same as with --help')
    .argument('[command...]', 'the command, and one below it')
    .action((words: string[]) => {
      let here = program;
      for (const word of words) here = below(here, word);
      here.outputHelp();
      end(Exit.ok);
    });
}

function below(command: Command, word: string): Command {
  const visible = command.createHelp().visibleCommands(command);
  const found = visible.find((one) => one.name() === word);
  if (found) return found;
  const meant = nearest(
    word,
    visible.map((one) => one.name()),
  );
  throw new Abort(`Unknown command '${word}'${meant === undefined ? '.' : `; did you mean ${meant}?`}`, {
    next: ['failover-wizard --help lists commands and options.'],
    exit: Exit.usage,
  });
}

/** Gives every command its help page; called when all of them are there. */
export function showHelpPages(program: Command): void {
  const dress = (command: Command, path: readonly string[]): void => {
    // `help` is one command, of the program.
    command.helpCommand(false).configureHelp({
      formatHelp(_command, {helpWidth}) {
        const root = treeOf(program);
        const page = pages[path.join(' ')];
        const node = nodeAt(root, path) ?? treeOf(command, path);
        return helpText(helpPage(node, {root, page, exits: Exit}), {
          ...(helpWidth !== undefined && {columns: helpWidth}),
          // Commander takes it out where no colour may be.
          bold: (text) => `\u001b[1m${text}\u001b[22m`,
        });
      },
    });
    for (const one of command.commands) dress(one, [...path, one.name()]);
  };
  dress(program, []);
}
