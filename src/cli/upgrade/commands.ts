import type {Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

export interface UpgradeOptions extends CommonOptions {
  wait?: boolean;
  breakLock?: boolean;
}

const upgradeHelp = `
Examples:
  failover-wizard upgrade --dry-run   versions, changes, what is unprotected
  failover-wizard upgrade             after upgrading OpenClaw, or this program
  failover-wizard upgrade --yes --wait --json   for scripts

Programs, units and settings of ours, and OpenClaw with its Node and channel
plugin; what else differs is named and left to setup.

Exit codes: 0 done, or nothing to do; 3 the standby is not at rest, or its
OpenClaw is newer than the primary's; 1 failed; 2 usage; 4 a host cannot be
reached; 5 split conflict; 130 interrupted. More: docs/upgrade.md`;

/** `upgrade`. */
export function addUpgradeCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('upgrade')
    .description(
      "bring this version's monitor and the primary's OpenClaw to the standby; says how long it was unprotected",
    )
    .option('--wait', 'wait until the standby is at rest, for at most 30 min, instead of refusing')
    .option('--break-lock', 'take over the lock of a run that cannot be running any more')
    .addHelpText('after', upgradeHelp)
    .action(async (_options, command: Command) => {
      const {upgrade} = await import('./upgrade.js');
      end(await upgrade(command.optsWithGlobals<UpgradeOptions>()));
    });
}
