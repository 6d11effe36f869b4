import {Command, CommanderError} from 'commander';
import {Abort, Exit, type ExitCode} from '../errors.js';
import {addCheckCommand} from './check/commands.js';
import {addCommonOptions} from './common-options.js';
import {addCompletionCommand} from './completion/command.js';
import {addDemoCommand} from './demo/command.js';
import {addDoctorCommand} from './doctor/command.js';
import {addDrillCommands} from './drill/commands.js';
import {addHandCommands} from './hand/commands.js';
import {addHelpCommand, showHelpPages} from './help/commands.js';
import {usageSentence} from './help/suggest.js';
import {treeOf} from './help/tree.js';
import {addKeysCommands} from './keys-commands.js';
import {addRemoveCommand} from './remove/commands.js';
import {addSetupCommand} from './setup-command.js';
import {addStatesCommand} from './states-command.js';
import {addUpgradeCommand} from './upgrade/commands.js';
import {addWatchCommands} from './watch/commands.js';

/**
 * Runs one command line. Commands are imported when they run: `--help` and `--version` load no screen, no
 * prompt, no schema and no SSH.
 * @param argv as in `process.argv`
 * @throws Abort (exit 2) for usage errors, and whatever the command throws
 */
export async function parseAndRun(argv: readonly string[], version: string): Promise<ExitCode> {
  let code: ExitCode = Exit.ok;
  const program = buildProgram(version, (result) => {
    code = result;
  });
  if (argv.length <= 2) {
    program.outputHelp();
    return Exit.ok;
  }
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return Exit.ok;
    // A command that needs another word after it: its help stands on stderr already.
    if (error.code === 'commander.help') return Exit.usage;
    throw new Abort(usageSentence(error.message, error.code, treeOf(program)), {
      next: ['failover-wizard --help lists commands and options.'],
      exit: Exit.usage,
    });
  }
}

/**
 * Every command, in the order of the help. Each needs a page in `help/pages/`.
 * @param end is told the exit code of the command that ran
 */
export function buildProgram(version: string, end: (code: ExitCode) => void): Command {
  const program = new Command('failover-wizard')
    .description('two servers become an active-passive pair for an OpenClaw gateway')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    // Commander would print an error and a hint; the one exit site tells it as one sentence.
    .configureOutput({outputError: () => undefined});
  addCommonOptions(program);

  addDemoCommand(program, end, version);
  addSetupCommand(program, end, version);
  addWatchCommands(program, end);
  addCheckCommand(program, end);
  addHandCommands(program, end);
  addDrillCommands(program, end);
  addUpgradeCommand(program, end);
  addRemoveCommand(program, end);
  addStatesCommand(program, end);
  addKeysCommands(program, end);
  addDoctorCommand(program, end, version);
  addCompletionCommand(program, end);
  addHelpCommand(program, end);
  showHelpPages(program);
  return program;
}
