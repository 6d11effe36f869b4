import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

export interface UpgradeOptions extends CommonOptions {
  wait?: boolean;
  breakLock?: boolean;
}

/** `upgrade`. */
export function addUpgradeCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('upgrade')
    .description("the standby gets this monitor and the primary's OpenClaw")
    .option('--wait', 'wait until the standby is at rest, for at most 30 min, instead of refusing')
    .option('--break-lock', 'take over the lock of a run that cannot be running any more')
    .action(async (_options, command: Command) => {
      const {upgrade} = await import('./upgrade.js');
      end(await upgrade(command.optsWithGlobals<UpgradeOptions>()));
    });
}
