import {Option, type Command} from 'commander';
import {faultNames} from '../../drill/fault-names.js';
import type {ExitCode} from '../../errors.js';
import type {ExplainOptions} from '../explain.js';
import type {CommonOptions} from '../options.js';
import type {HistoryOptions} from './history.js';
import {addScheduleCommands} from './schedule-commands.js';
import type {ShowOptions} from './show.js';

/** Options of `drill` itself. */
export interface DrillOptions extends CommonOptions {
  fault?: string;
  rto?: string;
  rpo?: string;
  probe?: string;
  revertAfter?: string;
  force?: boolean;
  confirm?: string;
  breakLock?: boolean;
  finish?: boolean;
  revert?: boolean;
  within?: string;
  last?: boolean;
}

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, end: (code: ExitCode) => void): void {
  const drill = program
    .command('drill')
    .description(
      'the monthly failover test: takes the primary down on purpose, and measures what comes of it',
    )
    .addOption(
      new Option('--fault <name>', 'stop (the default), kill, hang, partition or reboot').choices([
        ...faultNames,
      ]),
    )
    .option('--rto <time>', 'target: a bot is there again within this time, e.g. 60s; kept in the pair')
    .option('--rpo <time>', 'target: the workspace is not older than this, e.g. 15m; kept in the pair')
    .option('--probe <how>', 'a real message to the bot: irc=NICK, command=PATH or none; kept in the pair')
    .option('--revert-after <time>', 'the primary undoes it by itself after this time (default: 10m)')
    .option('--force', 'also against a red check, where that does no harm')
    .option('--confirm <pair>', 'the name of the pair, instead of typing it')
    .option('--finish', 'finish a drill that was cut off')
    .option('--revert', 'take back a drill that was cut off')
    .option(
      '--within <window>',
      'only within this window, for drills that a timer begins: "1st Sun 03:00-05:00"',
    )
    .option('--last', 'the report of the newest drill again; makes none')
    .option('--break-lock', 'take over the lock of a run that cannot be running any more')
    .action(async (_options, command: Command) => {
      const {drill: run} = await import('./drill.js');
      end(await run(command.optsWithGlobals<DrillOptions>()));
    });
  addScheduleCommands(drill, end);
  addKeptCommands(drill, end);
  addExplain(program, end);
}

function addExplain(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('explain [event]')
    .description(
      'why the standby took over or gave back, or did not: the newest time, or EVENT (a number, a name, 14:02)',
    )
    .addOption(
      new Option(
        '--what-if <key=value>',
        'decide the recorded probes again with other settings: fail=4, holds.stopped=10s, rise=5 …; repeatable',
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option('--file <path>', 'an events.jsonl that was copied from a standby, its record.jsonl beside it')
    .action(async (event: string | undefined, _options, command: Command) => {
      const {explain} = await import('../explain.js');
      end(await explain(event, command.optsWithGlobals<ExplainOptions>()));
    });
}

/** What is kept of drills, read again. */
function addKeptCommands(drill: Command, end: (code: ExitCode) => void): void {
  drill
    .command('history')
    .description('all drills, the trend of their stages over the months, and real failovers beside them')
    .option('--csv', 'one row for each drill')
    .option('--markdown', 'tables to paste')
    .option('--offline', "do not read the monitor's log on the standby")
    .action(async (_options, command: Command) => {
      const {history} = await import('./history.js');
      end(await history(command.optsWithGlobals<HistoryOptions>()));
    });
  drill
    .command('show <id>')
    .description('the report of a drill; the beginning of its ID is enough')
    .option('--markdown', 'as it was kept, to paste')
    .action(async (id: string, _options, command: Command) => {
      const {show} = await import('./show.js');
      end(await show(id, command.optsWithGlobals<ShowOptions>()));
    });
}
