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

const drillHelp = `
Faults, the mildest first:
  stop       the gateway finishes what it answers, and is stopped
  kill       it is killed, as in a crash; it may be back before a takeover
  hang       it is halted: it accepts messages, and answers none
  partition  only the private network is cut; the standby has to keep still
  reboot     the whole host is rebooted

Begin here:
  failover-wizard drill --dry-run   the checklist; breaks nothing
  failover-wizard drill             the first drill: about 4 minutes
  failover-wizard drill --fault hang --rto 2m --probe irc=alice
                                    another fault, a target, a real message
  failover-wizard drill --revert    takes back one that was cut off

Exit codes: 0 passed, 3 passed with remarks, 1 failed or not begun, 2 usage,
4 a host cannot be reached, 130 ended with Ctrl+C. More: docs/drill.md`;

const explainHelp = `
Examples:
  failover-wizard explain                   the newest time
  failover-wizard explain held              the newest time something held it
  failover-wizard explain 14:02             what happened about then
  failover-wizard explain --what-if fail=4  and with four failures, 10 s apart?`;

/** `drill`, what belongs to it, and `explain`. */
export function addDrillCommands(program: Command, end: (code: ExitCode) => void): void {
  const drill = program
    .command('drill')
    .description(
      'the monthly failover test: takes the primary down on purpose, and measures what comes of it',
    )
    .addOption(
      new Option('--fault <name>', 'what is done to the primary; without it: stop').choices([...faultNames]),
    )
    .option(
      '--rto <time>',
      'target: a bot is there again within this time, e.g. 60s; kept for later; or none',
    )
    .option(
      '--rpo <time>',
      'target: the workspace it starts from is no older than this, e.g. 15m; kept for later; or none',
    )
    .option('--probe <how>', 'send the bot a real message: irc=NICK or command=PATH; kept for later; or none')
    .option(
      '--revert-after <time>',
      'when the primary undoes the fault by itself, whoever is alive then (default: 10m)',
    )
    .option('--force', 'begin against a red line of the checklist, where that does no harm')
    .option('--confirm <pair>', 'the name of the pair, instead of typing it')
    .option('--finish', 'of a drill that was cut off: go on from where it stands')
    .option('--revert', 'of a drill that was cut off: take it back')
    .option(
      '--within <window>',
      'begin only in this window, and only when one is needed: "1st Sun 03:00-05:00"',
    )
    .option('--last', 'show the newest report again; makes no drill')
    .option('--break-lock', 'take over the lock of a run that cannot be running any more')
    .addHelpText('after', drillHelp)
    .action(async (_options, command: Command) => {
      const {drill: run} = await import('./drill.js');
      end(await run(command.optsWithGlobals<DrillOptions>()));
    });
  // What `drill` itself takes is nothing to its own commands, though commander lists it there as global.
  drill.configureHelp({showGlobalOptions: true, visibleGlobalOptions: () => [...program.options]});
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
    .addHelpText('after', explainHelp)
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
