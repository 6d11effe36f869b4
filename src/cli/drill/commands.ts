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
    .description('the monthly test: takes the primary down, and measures')
    .optionsGroup('What is done')
    .addOption(
      new Option('--fault <name>', 'what is done to the primary (default: stop)').choices([...faultNames]),
    )
    .option(
      '--revert-after <time>',
      'when the primary undoes the fault by itself, whoever is alive then (default: 10m)',
    )
    .option('--force', 'begin against a red line of the checklist, where that does no harm')
    .optionsGroup('Targets')
    .option(
      '--rto <time>',
      'target: a bot is there again within this time, e.g. 60s; kept for later; or none',
    )
    .option(
      '--rpo <time>',
      'target: the workspace it starts from is no older than this, e.g. 15m; kept for later; or none',
    )
    .option('--probe <how>', 'send the bot a real message: irc=NICK or command=PATH; kept for later; or none')
    .optionsGroup('Beginning and ending')
    .option('--confirm <pair>', 'the name of the pair, instead of typing it')
    .option('--finish', 'of a drill that was cut off: go on from where it stands')
    .option('--revert', 'of a drill that was cut off: take it back')
    .option(
      '--within <window>',
      'begin only in this window, and only when one is needed: "1st Sun 03:00-05:00"',
    )
    .option('--last', 'show the newest report again; makes no drill')
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
    .command('explain')
    .description('why the standby took over or gave back, or did not')
    .argument('[event]', 'a number, a name, or a time such as 14:02 (default: the newest)')
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
    .description('all drills, their trend, and real failovers beside them')
    .option('--csv', 'one row for each drill')
    .option('--markdown', 'tables to paste')
    .option('--offline', "do not read the monitor's log on the standby")
    .action(async (_options, command: Command) => {
      const {history} = await import('./history.js');
      end(await history(command.optsWithGlobals<HistoryOptions>()));
    });
  drill
    .command('show')
    .description('the report of one drill')
    .argument('<id>', 'its ID, or the beginning of it')
    .option('--markdown', 'as it was kept, to paste')
    .action(async (id: string, _options, command: Command) => {
      const {show} = await import('./show.js');
      end(await show(id, command.optsWithGlobals<ShowOptions>()));
    });
}
