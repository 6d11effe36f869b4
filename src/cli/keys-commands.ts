import type {Command} from 'commander';
import type {ExitCode} from '../errors.js';
import type {CommonOptions} from './options.js';

/** `keys list` and `keys forget`. */
export function addKeysCommands(program: Command, end: (code: ExitCode) => void): void {
  const keys = program.command('keys').description('pinned SSH host keys of the pair');
  keys
    .command('list')
    .description('show the pinned keys')
    .action(async (_options, command: Command) => {
      const {listKeys} = await import('./keys.js');
      end(await listKeys(command.optsWithGlobals<CommonOptions>()));
    });
  keys
    .command('forget')
    .description('forget the keys of a host, e.g. after it was reinstalled')
    .argument('<host>', 'as "keys list" shows it')
    .action(async (host: string, _options, command: Command) => {
      const {forgetKeys} = await import('./keys.js');
      end(await forgetKeys(host, command.optsWithGlobals<CommonOptions>()));
    });
}
