import {homedir} from 'node:os';
import {join} from 'node:path';
import {idsIn, loadMarkdown, loadReport, loadReports, noDrill} from '../../drill/store.js';
import type {DrillReport} from '../../drill/report.js';
import {reportMarkdown} from '../../drill/view/markdown.js';
import {reportLines} from '../../drill/view/report.js';
import {Exit, type ExitCode} from '../../errors.js';
import {folders, pairFiles, type PairFiles} from '../../pair/paths.js';
import {mayColour, paint} from '../../screens/theme.js';
import {stripControl} from '../../ssh/strip.js';
import {existingPair} from '../gather.js';
import type {CommonOptions} from '../options.js';
import {oneForm} from './history.js';

export interface ShowOptions extends CommonOptions {
  markdown?: boolean;
}

/**
 * `failover-wizard drill show ID`: a kept report again.
 * @param id or the beginning of one
 * @throws Abort (exit 2) when there is no such report, (exit 1) when there is none at all
 */
export async function show(id: string, options: ShowOptions): Promise<ExitCode> {
  oneForm(options);
  const files = await filesOf(options);
  return print(await loadReport(id, files.drills), files, options);
}

/** `failover-wizard drill --last`: the newest report. @throws Abort (exit 1) when there is none, or it is broken */
export async function showLast(options: ShowOptions): Promise<ExitCode> {
  oneForm(options);
  const files = await filesOf(options);
  const newest = (await idsIn(files.drills)).at(-1);
  if (newest === undefined) throw noDrill();
  return print(await loadReport(newest, files.drills), files, options);
}

async function filesOf(options: CommonOptions): Promise<PairFiles> {
  const where = folders();
  return pairFiles((await existingPair(options, where)).name, where);
}

async function print(report: DrillReport, {drills}: PairFiles, options: ShowOptions): Promise<ExitCode> {
  const {stdout} = process;
  if (options.json) {
    stdout.write(`${JSON.stringify(report)}\n`);
    return Exit.ok;
  }
  const {reports} = await loadReports(drills);
  const markdown = await loadMarkdown(report, drills);
  if (options.markdown) {
    stdout.write(stripControl(markdown ?? reportMarkdown(report, reports)));
    return Exit.ok;
  }
  const path = markdown === undefined ? null : homely(join(drills, `${report.id}.md`));
  const colour = mayColour(stdout);
  for (const line of reportLines(report, {others: reports, columns: stdout.columns ?? 80, path}))
    stdout.write(`${paint(line, colour)}\n`);
  return Exit.ok;
}

/** A path of the operator's as people write it: `~/…`. */
export function homely(path: string, home: string = homedir()): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
