import {Abort, Exit, type ExitCode} from '../../errors.js';
import {usualOf, withComparisons} from '../../drill/comparisons.js';
import {freeId, loadReports} from '../../drill/store.js';
import {halfDoneWords} from '../../drill/half-done.js';
import type {ClosableDrillPort} from './port.js';
import {drillPort} from './port.js';
import type {AskBot, DrillParts} from '../../drill/parts.js';
import {askOf, probeOf, probeProblem} from '../../drill/probe/index.js';
import {faultNames, type DrillReport, type FaultName} from '../../drill/report.js';
import {endHalfDone, halfDone, runDrill, type NoDrill, type RunOptions} from '../../drill/run.js';
import {lengthText, parseSpan} from '../../monitor/hand/length.js';
import {folders, pairFiles} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {loadPrograms} from '../../templates/programs.js';
import {atExit} from '../exit.js';
import {existingPair} from '../gather.js';
import {terminalPrompter} from '../prompter.js';
import {reachPair} from '../reach.js';
import {modeOf, spoken, type Mode} from '../terminal.js';
import {ownVersion} from '../version.js';
import {LivePair} from '../watch/live-pair.js';
import type {DrillOptions} from './commands.js';
import {showLast} from './show.js';
import {keepTargets} from './targets.js';
import {keepReport, exitOf, noDrill, tellReport} from './ending.js';
import {withinWindow} from './within.js';

/** s until the primary undoes a drill by itself, where nothing else was asked for. */
const revertDefaultS = 600;
/** ms; what is sooner undoes what is to be seen, and what is later protects nobody. */
const revertLeastMs = 60_000;
const revertMostMs = 3_600_000;

/**
 * `failover-wizard drill`: from the checklist to the report.
 * @returns 0 passed, 3 passed with remarks, 1 failed or a red checklist, 130 ended by the operator
 * @throws Abort (exit 2) for wrong options, (exit 4) when a host cannot be reached
 */
export async function drill(options: DrillOptions): Promise<ExitCode> {
  if (options.last) return showLast(options);
  const fault = faultOf(options.fault);
  const revertS = revertOf(options.revertAfter);
  if (options.dryRun && (options.finish || options.revert))
    throw new Abort('--dry-run only looks, and --finish and --revert act: only one can be had.', {
      exit: Exit.usage,
    });
  if (options.finish && options.revert)
    throw new Abort('--finish and --revert are two ends of a drill: only one can be had.', {
      exit: Exit.usage,
    });
  const mode = spoken(modeOf(options));
  const named = await existingPair(options, folders());
  mayBegin(named, options, mode);
  const pair = await keepTargets(named, options, folders());
  const files = pairFiles(pair.name, folders());
  const withheld = await keptOut(options, files.drills);
  if (withheld !== undefined) return withheld;
  const {reports: earlier} = await loadReports(files.drills);
  const prompter = terminalPrompter();
  const record = await halfDone({files});
  if (record === undefined && options.finish) {
    throw new Abort('There is no drill on this machine that was cut off: nothing is to be finished.', {
      exit: Exit.usage,
    });
  }
  const reach = await reachPair(pair, mode);
  const live = new LivePair(pair, reach, loadPrograms());
  let keptAt: string | null = null;
  const parts: DrillParts = {
    pair,
    files,
    version: ownVersion(),
    store: live.store,
    sources: reach.sources,
    facts: (host) => live.facts(host),
    ask: askBot(pair),
    usual: (fault, stage) => usualOf(earlier, fault, stage),
    now: Date.now,
    keep: async (report) => {
      keptAt = await keepReport(withComparisons(report, earlier), earlier, files);
    },
    onLeaving: (act) => atExit(act, {first: true}),
  };
  const port = drillPort({
    pair: pair.name,
    mode,
    force: options.force === true,
    confirmed: options.confirm === pair.name,
    prompter,
    store: live.store,
    mending: record !== undefined || options.revert === true,
    halfDone: options.finish ? 'finish' : options.revert ? 'revert' : undefined,
  });
  const run: RunOptions = {
    id: await freeId(new Date(), files.drills),
    fault,
    revertS,
    force: options.force === true,
    probeProblem: probeOf(pair) === undefined ? undefined : ((await probeProblem(pair)) ?? null),
    dryRun: options.dryRun === true,
    breakLock: options.breakLock === true,
  };
  live.start();
  try {
    const {report, reverted} =
      record || options.revert || options.finish
        ? await endedHalfDone(parts, record, run, port)
        : {report: await runDrill(parts, run, port), reverted: false};
    await port.close();
    if (report === 'left') return Exit.degraded;
    if ('none' in report) return noDrill(report, options);
    tellReport(withComparisons(report, earlier), earlier, keptAt, mode);
    return exitOf(report, {reverted, interrupted: port.stop.aborted});
  } finally {
    await port.close();
    live.stop();
    await reach.close();
  }
}

/**
 * A drill that a timer begins keeps to its window, and is not made when it is not needed; undefined: it may begin.
 * @throws Abort (exit 2) outside of the window, (exit 1) after one that failed
 */
async function keptOut({within}: DrillOptions, drills: string): Promise<ExitCode | undefined> {
  if (within === undefined) return undefined;
  const may = await withinWindow(within, drills);
  if (may.run) return undefined;
  // Whatever cron hears it mails.
  if (may.why === 'fresh') return Exit.ok;
  throw new Abort(may.say, {exit: may.why === 'outside' ? Exit.usage : Exit.failed});
}

/** The message that the pair's own probe sends. */
function askBot(pair: Pair): AskBot | undefined {
  const probe = probeOf(pair);
  if (probe === undefined) return undefined;
  return async (how) => {
    const end = await probe({...askOf(pair), ...how});
    if (end.ok) return end;
    return {ok: false, detail: end.detail === '' ? end.reason : `${end.reason} (${end.detail})`};
  };
}

async function endedHalfDone(
  parts: DrillParts,
  record: Awaited<ReturnType<typeof halfDone>>,
  run: RunOptions,
  port: ClosableDrillPort,
): Promise<{report: DrillReport | NoDrill | 'left'; reverted: boolean}> {
  if (record) port.emit({type: 'half-done', record, say: halfDoneWords(record, Date.now())});
  const what = record === undefined ? 'revert' : run.dryRun ? 'leave' : await port.halfDone(record);
  if (what === 'leave') return {report: 'left', reverted: false};
  return {report: await endHalfDone(parts, record, what, run, port), reverted: what === 'revert'};
}

function faultOf(given: string | undefined): FaultName {
  const found = faultNames.find((name) => name === (given ?? 'stop'));
  if (found) return found;
  throw new Abort(`There is no fault "${given}".`, {
    next: [`There is: ${faultNames.join(', ')}`],
    exit: Exit.usage,
  });
}

function revertOf(given: string | undefined): number {
  if (given === undefined) return revertDefaultS;
  const length = parseSpan(given);
  const wrong =
    'wrong' in length
      ? length.wrong
      : length.ms < revertLeastMs || length.ms > revertMostMs
        ? `must be from ${lengthText(revertLeastMs)} to ${lengthText(revertMostMs)}.`
        : undefined;
  if ('wrong' in length || wrong !== undefined)
    throw new Abort(`--revert-after: ${wrong}`, {exit: Exit.usage});
  return Math.ceil(length.ms / 1000);
}

/** A drill takes a bot down: it needs the name of the pair, from whoever can be asked or as a flag. */
function mayBegin(pair: Pair, {confirm, dryRun, revert, finish}: DrillOptions, {ask}: Mode): void {
  if (confirm !== undefined && confirm !== pair.name) {
    throw new Abort(
      `--confirm names the pair "${confirm}", but this is "${pair.name}": nothing was broken.`,
      {exit: Exit.usage},
    );
  }
  if (ask || confirm !== undefined || dryRun || revert || finish) return;
  throw new Abort(
    'A drill takes the primary down, and nobody can be asked here: name the pair with --confirm PAIR.',
    {
      next: ['What would be looked at first: the same with --dry-run'],
      exit: Exit.usage,
    },
  );
}
