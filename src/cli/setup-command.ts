import {Option, type Command} from 'commander';
import type {ExitCode} from '../errors.js';
import {decisionOptions} from './flags.js';
import type {SetupOptions} from './options.js';

/** `setup`, with an option for each decision of the operator. */
export function addSetupCommand(program: Command, end: (code: ExitCode) => void, version: string): void {
  const setup = program
    .command('setup')
    .description('make the pair, each phase shown first; safe to run again')
    .option('--demo', 'plan a pair from recorded facts; no server, nothing is changed')
    .option('--break-lock', 'take over the lock of a setup that cannot be running any more');
  for (const {flags, describe, many, group, choices} of decisionOptions()) {
    const option = new Option(flags, describe).helpGroup(group);
    if (many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    // For help and completion; the pair's own schema is the judge.
    if (choices) option.argChoices = [...choices];
    setup.addOption(option);
  }
  setup.action(async (_options, command: Command) => {
    const {setup: run} = await import('./setup.js');
    end(await run(command.optsWithGlobals<SetupOptions>(), version));
  });
}
