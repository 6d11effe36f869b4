import type {Job, Schedule} from '../../../drill/schedule/job.js';
import {momentText, whenText} from '../../../drill/schedule/when.js';
import {windowText} from '../../../drill/schedule/window.js';
import {dim, span, type Line} from '../../../screens/line.js';
import {glyph, mayColour, paint} from '../../../screens/theme.js';
import type {FormName, Written} from './form.js';

/** What came of `drill schedule`. */
export interface Result {
  pair: string;
  dryRun: boolean;
  /** It was asked to take away, and to write nothing. */
  remove: boolean;
  /** null: only the calendar file was asked for, or nothing is left. */
  with: FormName | null;
  jobs: (Pick<Job, 'kind' | 'when' | 'argv'> & {nextMs: number})[];
  run: Schedule['run'];
  wrote: string[];
  removed: string[];
  /** Path of the calendar file; null: none, or on stdout. */
  ics: string | null;
  notes: string[];
  /** With `dryRun`, what would have been written. */
  texts: Written[];
}

export const nothing = (pair: string, {dryRun = false}: {dryRun?: boolean | undefined}): Result => ({
  pair,
  dryRun,
  remove: false,
  with: null,
  jobs: [],
  run: null,
  wrote: [],
  removed: [],
  ics: null,
  notes: [],
  texts: [],
});

/** @param aside stdout is the calendar file's: words go to stderr */
export function show(result: Result, {json, aside}: {json: boolean; aside: boolean}): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(publicResult(result))}\n`);
    return;
  }
  const stream = aside ? process.stderr : process.stdout;
  const colour = mayColour(stream);
  for (const line of linesOf(result)) stream.write(`${paint(line, colour)}\n`);
}

/** As `--json` prints it. Pure. */
export function publicResult(result: Result) {
  const {pair, dryRun, run, jobs, wrote, removed, ics, notes, texts} = result;
  return {
    pair,
    dryRun,
    with: result.with,
    window: run === null ? null : {window: windowText(run.window), fault: run.fault},
    jobs: jobs.map(({kind, when, argv, nextMs}) => ({
      kind,
      when: whenText(when),
      nextAt: new Date(nextMs).toISOString(),
      command: argv,
    })),
    wrote,
    removed,
    ics,
    notes,
    texts,
  };
}

/** In words. Pure. */
export function linesOf(result: Result): Line[] {
  const {pair, dryRun, remove, jobs, run, wrote, removed, ics, notes, texts} = result;
  const done = dryRun ? dim(`${glyph.waiting} `) : span(`${glyph.done} `, {tone: 'good'});
  const lines: Line[] = [];
  for (const {kind, when, nextMs} of jobs) {
    const what =
      kind === 'remind'
        ? `Looks ${whenText(when)} whether a drill of ${pair} is due, and reminds`
        : `A drill of ${pair} (fault: ${run?.fault}) begins by itself in the window ${run && windowText(run.window)}, when one is due`;
    lines.push([done, span(`${what}; next: ${momentText(new Date(nextMs))}.`)]);
  }
  if (ics !== null) lines.push([done, span(`Calendar file: ${ics}`)]);
  for (const where of wrote) lines.push([dim(`  written: ${where}`)]);
  for (const where of removed)
    lines.push([
      remove ? done : span('  '),
      dim(`${dryRun ? 'would be taken away' : 'taken away'}: ${where}`),
    ]);
  if (remove && removed.length === 0) lines.push([span(`There is no schedule of ${pair} on this machine.`)]);
  for (const note of notes) lines.push([span(`${glyph.warn} `, {tone: 'warn'}), span(note)]);
  for (const {where, text} of texts) {
    lines.push([], [span(where, {bold: true})]);
    for (const line of text.trimEnd().split(/\r?\n/)) lines.push([span(`  ${line}`)]);
  }
  if (dryRun) lines.push([], [dim('Nothing was changed.')]);
  else if (jobs.length > 0)
    lines.push([dim(`  To take it away: failover-wizard drill schedule --pair ${pair} --remove`)]);
  return lines;
}
