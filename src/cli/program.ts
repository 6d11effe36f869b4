import {Command, CommanderError, Option} from 'commander';
import {Abort, Exit, type ExitCode} from '../errors.js';
import {addDrillCommands} from './drill/commands.js';
import {addUpgradeCommand} from './upgrade/commands.js';
import type {HandOptions} from './hand/hand.js';
import type {CommonOptions, SetupOptions, WatchOptions} from './options.js';
import type {StatesOptions} from './states.js';

/**
 * Runs one command line. Commands are imported when they run: `--help` and `--version` load no screen, no
 * prompt and no SSH.
 * @param argv as in `process.argv`
 * @throws Abort (exit 2) for usage errors, and whatever the command throws
 */
export async function parseAndRun(argv: readonly string[], version: string): Promise<ExitCode> {
  let code: ExitCode = Exit.ok;
  const program = await buildProgram(version, (result) => {
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
    throw new Abort(usageSentence(error.message), {
      next: ['failover-wizard --help lists commands and options.'],
      exit: Exit.usage,
    });
  }
}

async function buildProgram(version: string, end: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('failover-wizard')
    .description('Turns two servers into an active-passive failover pair for an OpenClaw gateway, over SSH.')
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({showGlobalOptions: true})
    .exitOverride()
    // Commander would print an error and a hint; the one exit site tells it as one sentence.
    .configureOutput({outputError: () => undefined});
  program.addHelpText(
    'after',
    `
Begin here:
  failover-wizard setup --demo   what it would do, without a server
  failover-wizard setup          make a pair; it asks for everything it needs`,
  );
  addCommonOptions(program);

  const setup = program
    .command('setup')
    .description('make the pair: six phases, each shown before it is applied; safe to run again')
    .option('--demo', 'plan a pair from recorded facts; no server, nothing is changed')
    .option('--break-lock', 'take over the lock of a setup that cannot be running any more');
  const {decisionOptions} = await import('./flags.js');
  for (const {flags, describe, many} of decisionOptions()) {
    const option = new Option(flags, describe);
    if (many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    setup.addOption(option);
  }
  setup.action(async (_options, command: Command) => {
    const {setup: run} = await import('./setup.js');
    end(await run(command.optsWithGlobals<SetupOptions>(), version));
  });

  program
    .command('watch')
    .description('live view of the pair, or of all pairs; changes nothing by itself')
    .option('--no-bell', 'no bell and no desktop notification when something changes')
    .action(async (_options, command: Command) => {
      const {watch} = await import('./watch.js');
      end(await watch(command.optsWithGlobals<WatchOptions>()));
    });

  program
    .command('status')
    .description('how the pair is right now, or all pairs; exit code 3 when something is wrong with one')
    .action(async (_options, command: Command) => {
      const {status} = await import('./watch.js');
      end(await status(command.optsWithGlobals<CommonOptions>()));
    });

  addHandCommands(program, end);
  addDrillCommands(program, end);
  addUpgradeCommand(program, end);

  program
    .command('states')
    .description(
      'how the monitor decides: its verdicts and transitions, as a table or a graph; needs no pair',
    )
    .addOption(
      new Option('--graph [form]', 'the transitions as a graph: dot (Graphviz, the default) or mermaid')
        .choices(['dot', 'mermaid'])
        .preset('dot'),
    )
    .action(async (_options, command: Command) => {
      const {states} = await import('./states.js');
      end(await states(command.optsWithGlobals<StatesOptions>()));
    });

  const keys = program.command('keys').description('pinned SSH host keys of the pair');
  keys
    .command('list')
    .description('show the pinned keys')
    .action(async (_options, command: Command) => {
      const {listKeys} = await import('./keys.js');
      end(await listKeys(command.optsWithGlobals<CommonOptions>()));
    });
  keys
    .command('forget <host>')
    .description('forget the keys of a host, e.g. after it was reinstalled')
    .action(async (host: string, _options, command: Command) => {
      const {forgetKeys} = await import('./keys.js');
      end(await forgetKeys(host, command.optsWithGlobals<CommonOptions>()));
    });
  return program;
}

/** What an operator asks of the standby. */
function addHandCommands(program: Command, end: (code: ExitCode) => void): void {
  const named = ['--confirm <pair>', 'the name of the pair, instead of typing it'] as const;
  const why = ['--why <text>', 'the reason; it goes into the events and alerts'] as const;
  const does =
    (name: 'pause' | 'resume' | 'promote' | 'demote') => async (_options: object, command: Command) => {
      const acts = await import('./hand/hand.js');
      end(await acts[name](command.optsWithGlobals<HandOptions>()));
    };
  program
    .command('pause')
    .description('for a while the standby neither takes over nor gives back; ends by itself')
    .requiredOption('--for <time>', 'how long: 30m, 2h, 90s; from 1m to 4h')
    .option(...why)
    .action(does('pause'));
  program.command('resume').description('end a pause now').action(does('resume'));
  program
    .command('promote')
    .description('the standby takes over now, and stays active until "demote"')
    .option(...why)
    .option(...named)
    .action(does('promote'));
  program
    .command('demote')
    .description('the standby gives back as soon as the primary is well')
    .option(...named)
    .action(does('demote'));
}

function addCommonOptions(program: Command): void {
  program
    .option('--pair <name>', 'which pair (default: "default")')
    .option('--answers <file>', 'take decisions from a JSON file; comments allowed')
    .option('--no-input', 'never ask; what is missing is an error')
    .option('--yes', 'take defaults and apply without asking')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--plain', 'lines instead of a screen')
    .option('--json', 'machine-readable output')
    .option('--verbose', 'show causes of errors')
    .option('--no-color', 'no colours');
}

/** `error: unknown option '--foo'\n(Did you mean --bar?)` as one sentence. */
export function usageSentence(message: string): string {
  const plain = message
    .replace(/^error: /, '')
    .replace(/\.?\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/s, '; did you mean $1?')
    .trim();
  const sentence = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
