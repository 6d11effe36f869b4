import {constants} from 'node:fs';
import {open, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {Abort, Exit, messageOf} from '../errors.js';
import type {PairFiles} from '../pair/paths.js';
import {writeWhole} from '../pair/store.js';
import {compareIds, freeIdAmong, idOf, isId} from './id.js';
import {drillReport, type DrillReport} from './report.js';

/** bytes; no report is that long, and nobody waits for a file that is. */
const mostBytes = 4 << 20;

/** A file that is no report of this version. */
export interface BrokenReport {
  /** Its name within the folder. */
  file: string;
  /** Half a sentence. */
  why: string;
}

export interface KeptReports {
  /** Newest last. */
  reports: DrillReport[];
  broken: BrokenReport[];
}

/**
 * Writes `ID.md` and `ID.json` (0600): whoever finds the second finds the first. @returns the path of `ID.md`
 * @throws Abort when it cannot be written; TypeError for a report that could not be read again
 */
export async function saveReport(
  report: DrillReport,
  markdown: string,
  {drills}: Pick<PairFiles, 'drills'>,
): Promise<string> {
  const checked = drillReport.safeParse(report);
  if (!checked.success) throw new TypeError(`The report could not be read again: ${wrongOf(checked.error)}.`);
  const path = join(drills, `${report.id}.md`);
  await writeWhole(path, markdown.endsWith('\n') ? markdown : `${markdown}\n`);
  await writeWhole(join(drills, `${report.id}.json`), `${JSON.stringify(checked.data, null, 2)}\n`);
  return path;
}

/** An ID for a drill that begins at `date`: its minute in local time, numbered where there is one of that minute. */
export async function freeId(date: Date, folder: string): Promise<string> {
  const names = await namesIn(folder);
  return freeIdAmong(idOf(date), new Set(names.map((name) => name.replace(/\.(?:json|md)$/, ''))));
}

/** Every report in the folder. One that cannot be read never hides the others. @throws Abort when the folder cannot be read */
export async function loadReports(folder: string): Promise<KeptReports> {
  const ids = await idsIn(folder);
  const reads = await Promise.all(ids.map((id) => readReport(folder, id)));
  const kept: KeptReports = {reports: [], broken: []};
  for (const read of reads) {
    if ('report' in read) kept.reports.push(read.report);
    else kept.broken.push(read);
  }
  return kept;
}

/** IDs of the reports in the folder, newest last. */
export async function idsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder))
    .filter((name) => name.endsWith('.json') && isId(name.slice(0, -5)))
    .map((name) => name.slice(0, -5))
    .toSorted(compareIds);
}

/** How many are named to somebody who looked for another one. */
const named = 5;

/**
 * The report with exactly this ID, else the only one whose ID begins so.
 * @throws Abort (exit 2) when there is none such or several, with the newest IDs; (exit 1) when there is none at all, or it is broken
 */
export async function loadReport(id: string, folder: string): Promise<DrillReport> {
  const ids = await idsIn(folder);
  if (ids.length === 0) throw noDrill();
  // The name of a file is taken from the folder and never from what was typed.
  const alike = id === '' ? [] : ids.filter((each) => each.startsWith(id));
  const found = alike.find((each) => each === id) ?? (alike.length === 1 ? alike[0] : undefined);
  if (found === undefined) {
    const several = alike.length > 1;
    throw new Abort(several ? `${alike.length} drills begin with "${id}".` : `There is no drill "${id}".`, {
      next: [
        `${several ? 'Name one of them' : 'The newest'}: ${(several ? alike : ids).slice(-named).toReversed().join(', ')}`,
        'failover-wizard drill history lists all of them.',
      ],
      exit: Exit.usage,
    });
  }
  const read = await readReport(folder, found);
  if ('report' in read) return read.report;
  throw new Abort(`The report ${join(folder, read.file)} cannot be used: ${read.why}.`, {
    next: [`${join(folder, `${found}.md`)} may still tell what it said.`],
  });
}

/** To throw where one is needed. */
export function noDrill(): Abort {
  return new Abort('No drill of this pair is kept on this machine.', {
    next: ['Make one: failover-wizard drill'],
  });
}

/** The Markdown that was kept with a report; undefined: there is none. */
export async function loadMarkdown(report: DrillReport, folder: string): Promise<string | undefined> {
  return readText(join(folder, `${report.id}.md`)).catch(() => undefined);
}

/** A report, or why it is none. */
export async function readReport(folder: string, id: string): Promise<{report: DrillReport} | BrokenReport> {
  const file = `${id}.json`;
  let tree: unknown;
  try {
    tree = JSON.parse(await readText(join(folder, file)));
  } catch (error) {
    return {file, why: error instanceof SyntaxError ? 'it is not valid JSON' : messageOf(error)};
  }
  if (isNewer(tree)) return {file, why: 'it was written by a newer version of this program'};
  const checked = drillReport.safeParse(tree);
  if (!checked.success) return {file, why: `it is no report of a drill: ${wrongOf(checked.error)}`};
  if (checked.data.id !== id) return {file, why: `it calls itself ${checked.data.id}`};
  return {report: checked.data};
}

function isNewer(tree: unknown): boolean {
  const version = typeof tree === 'object' && tree !== null && 'version' in tree ? tree.version : undefined;
  return typeof version === 'number' && version > 1;
}

function wrongOf({issues}: {issues: readonly {path: readonly PropertyKey[]; message: string}[]}): string {
  const [first] = issues;
  if (first === undefined) return 'not said why';
  return `${first.path.map(String).join('.') || 'the whole'}: ${first.message}`;
}

/** @throws the system's error, or one that says that it is too long or no file */
async function readText(path: string): Promise<string> {
  // What is no file (a pipe) must not be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size > mostBytes) throw new Error('it is too long for a report');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Abort(`The folder of the reports cannot be read: ${messageOf(error)}.`, {
      next: [`Check its owner and mode: ls -ld ${folder}`],
      cause: error,
    });
  }
}
