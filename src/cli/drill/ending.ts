import type {DrillReport} from '../../drill/report.js';
import type {NoDrill} from '../../drill/run.js';
import {saveReport} from '../../drill/store.js';
import {reportMarkdown} from '../../drill/view/markdown.js';
import {reportLines} from '../../drill/view/report.js';
import {Abort, Exit, messageOf, type ExitCode} from '../../errors.js';
import type {PairFiles} from '../../pair/paths.js';
import {mayColour, paint} from '../../screens/theme.js';
import {tell, type Mode} from '../terminal.js';
import type {DrillOptions} from './commands.js';
import {homely} from './show.js';

/** Why there was none, on stderr, and the exit code. @throws Abort for a red checklist */
export function noDrill(end: NoDrill, {dryRun}: DrillOptions): ExitCode {
  if (end.none === 'nothing') {
    tell('There is no drill to be taken back: no timer is armed, and nothing is broken.');
    return Exit.ok;
  }
  if (end.none === 'not-wanted') {
    tell(dryRun ? 'Only looked; nothing was broken.' : 'Nothing was broken.');
    return Exit.ok;
  }
  throw new Abort('The checklist stands against a drill: nothing was broken.', {
    next: ['Do what stands under the red lines, then run the same command again.'],
    exit: end.red.includes('split')
      ? Exit.split
      : end.red.includes('reachable')
        ? Exit.unreachable
        : Exit.failed,
  });
}

/** Saves it; null: it could not be, which is told. */
export async function keepReport(
  report: DrillReport,
  earlier: readonly DrillReport[],
  files: PairFiles,
): Promise<string | null> {
  try {
    return await saveReport(report, reportMarkdown(report, earlier), files);
  } catch (error) {
    tell(`The report could not be kept: ${messageOf(error)}`, 'yellow');
    return null;
  }
}

/** The report on stdout. */
export function tellReport(
  report: DrillReport,
  earlier: readonly DrillReport[],
  keptAt: string | null,
  mode: Mode,
): void {
  const {stdout} = process;
  if (mode.output === 'json') return void stdout.write(`${JSON.stringify({type: 'report', report})}\n`);
  const path = keptAt === null ? null : homely(keptAt);
  for (const line of reportLines(report, {others: earlier, columns: stdout.columns ?? 80, path}))
    stdout.write(`${paint(line, mayColour(stdout))}\n`);
}

/** Exit code of a drill. One that was only to be taken back ends well when both hosts are well. Pure. */
export function exitOf(
  {verdict: {result}, left}: Pick<DrillReport, 'verdict' | 'left'>,
  {reverted = false, interrupted = false}: {reverted?: boolean; interrupted?: boolean} = {},
): ExitCode {
  if (reverted) {
    if (left.primary === 'well' && left.standby === 'asleep') return Exit.ok;
    return interrupted ? Exit.interrupted : Exit.failed;
  }
  switch (result) {
    case 'passed':
      return Exit.ok;
    case 'remarks':
      return Exit.degraded;
    case 'failed':
      return Exit.failed;
    case 'stopped':
      return interrupted ? Exit.interrupted : Exit.failed;
  }
}
