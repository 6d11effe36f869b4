import {Option, type Command} from 'commander';
import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';

export interface RemoveOptions extends CommonOptions {
  confirm?: string;
  only?: 'primary' | 'standby';
  restoreChannel?: boolean;
  keepUser?: boolean;
  discardWork?: boolean;
  allowSilence?: boolean;
  alsoHardening?: boolean;
  forgetDrills?: boolean;
  forgetPair?: boolean;
  breakLock?: boolean;
}

/** `remove`: takes a pair apart. */
export function addRemoveCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('remove')
    .description('take everything of this program off both hosts; plan first')
    .option('--confirm <pair>', 'the name of the pair, instead of typing it')
    .addOption(
      new Option('--only <host>', 'only this host; the other one need not be there any more').choices([
        'primary',
        'standby',
      ]),
    )
    .option(
      '--restore-channel',
      'enable the account on the primary again that setup disabled for the standby',
    )
    .option('--no-restore-channel', 'leave it disabled')
    .option('--keep-user', 'the user openclaw of the standby stays, with its workspace, config and secrets')
    .option('--discard-work', 'work that is only on the standby may go')
    .option('--allow-silence', 'the bot may be silent: remove although the standby is its only voice')
    .option('--also-hardening', "the standby's firewall, fail2ban and security updates go as well")
    .option('--forget-drills', 'reports of drills on this machine go as well')
    .option(
      '--forget-pair',
      'with --only: the pair is forgotten on this machine, the other host is gone for good',
    )
    .option('--break-lock', 'take over the lock of a run that cannot be running any more')
    .action(async (_options, command: Command) => {
      const {remove} = await import('./remove.js');
      end(await remove(command.optsWithGlobals<RemoveOptions>()));
    });
}
