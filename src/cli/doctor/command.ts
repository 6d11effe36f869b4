import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {DoctorOptions} from './doctor.js';

/** `doctor`: is this machine ready for it. */
export function addDoctorCommand(program: Command, end: (code: ExitCode) => void, version: string): void {
  program
    .command('doctor')
    .description('look at this machine: Node, SSH, keys, terminal, pairs')
    .argument(
      '[host]',
      'with --connect, only this one: user@host, user@host:port or a Host of the SSH config',
    )
    .option('--connect', 'also knock at the hosts of the saved pairs; reads, logs nobody in')
    .action(async (host: string | undefined, _options, command: Command) => {
      const {doctor} = await import('./doctor.js');
      end(await doctor(host, command.optsWithGlobals<DoctorOptions>(), version));
    });
}
