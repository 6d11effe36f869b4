import {resolve} from 'node:path';
import {Abort, Exit, messageOf, type ExitCode} from '../../errors.js';
import {dueOf} from '../../drill/due.js';
import {newestDrillsOf} from '../../drill/newest.js';
import {scheduleOf, type Asked} from '../../drill/schedule/asked.js';
import {calendarFile} from '../../drill/schedule/ics.js';
import {jobsOf, type Schedule} from '../../drill/schedule/job.js';
import {nextOf} from '../../drill/schedule/when.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {isRehearsed} from '../../demo/world/rehearsed.js';
import {pairSchema, type Pair} from '../../pair/schema.js';
import {writeWhole} from '../../pair/store.js';
import {existingPair} from '../gather.js';
import type {CommonOptions} from '../options.js';
import {ownVersion} from '../version.js';
import {chosenForm, formsOf} from './schedule/choice.js';
import type {Form, FormName, Whose} from './schedule/form.js';
import {programOf} from './schedule/launcher.js';
import {notesOf} from './schedule/notes.js';
import {nothing, show, type Result} from './schedule/show.js';

export interface ScheduleOptions extends CommonOptions, Asked {
  with?: FormName;
  command?: string;
  /** Path of the calendar file; `-`: stdout. */
  ics?: string;
  remove?: boolean;
}

/**
 * `failover-wizard drill schedule`: a reminder each month on this machine, drills within a window that was agreed to,
 * and a calendar file. A new one takes the place of whatever the pair had.
 * @throws Abort (exit 2) for usage errors, (exit 1) when it could not be written; everything is as it was then
 */
export async function schedule(options: ScheduleOptions): Promise<ExitCode> {
  refuseWhatContradicts(options);
  if (isRehearsed() && options.dryRun !== true) {
    throw new Abort(
      'The pair of a rehearsal is gone when that ends, so no drill of it is planned on this machine.',
      {
        next: ['See what it would write: failover-wizard drill schedule --dry-run'],
      },
    );
  }
  const how = {json: options.json === true, aside: options.ics === '-'};
  const version = ownVersion();
  if (options.remove) {
    show(await takeAway({pair: await nameOf(options), version}, options.dryRun === true), how);
    return Exit.ok;
  }
  const pair = await existingPair(options, folders());
  const asked = scheduleOf(options, pair.name);
  const whose = {pair: pair.name, version};
  // The calendar alone is a wish of its own; with a form or a window both are.
  const calendarOnly = options.ics !== undefined && options.with === undefined && asked.run === null;
  const result = calendarOnly ? nothing(whose.pair, options) : await arrange(asked, {pair, whose, options});
  if (options.ics !== undefined) await addCalendar(result, asked, {...whose, path: options.ics});
  show(result, how);
  return Exit.ok;
}

interface Around {
  pair: Pair;
  whose: Whose;
  options: ScheduleOptions;
}

/** Whatever starts it: written, enabled, and looked at; only then goes what was there in another form. */
async function arrange(asked: Schedule, {pair, whose, options}: Around): Promise<Result> {
  const jobs = jobsOf(asked, programOf(options.command));
  const forms = formsOf(whose);
  const {form, notes} = await chosenForm(forms, options.with);
  const others = forms.filter((one) => one !== form);
  const dryRun = options.dryRun === true;
  const installed = dryRun ? {wrote: [], nextMs: {}} : await form.install(jobs);
  const gone = await fromAll(others, dryRun ? 'find' : 'remove');
  const now = new Date();
  return {
    ...nothing(whose.pair, options),
    with: form.name,
    jobs: jobs.map(({kind, when, argv}) => ({
      kind,
      when,
      argv,
      nextMs: installed.nextMs[kind] ?? nextOf(when, now).getTime(),
    })),
    run: asked.run,
    wrote: installed.wrote,
    texts: dryRun ? form.texts(jobs) : [],
    removed: gone.found,
    notes: [
      ...notes,
      ...(await notesOf(form.name, {pair, run: asked.run !== null})),
      ...gone.errors.map((error) => `What there may be in another form stays: ${messageOf(error)}`),
    ],
  };
}

async function takeAway(whose: Whose, dryRun: boolean): Promise<Result> {
  const {found, errors} = await fromAll(formsOf(whose), dryRun ? 'find' : 'remove');
  const [error] = errors;
  if (error === undefined) return {...nothing(whose.pair, {dryRun}), remove: true, removed: found};
  throw found.length === 0 || dryRun
    ? error
    : new Abort(`Not everything could be taken away: ${messageOf(error)}`, {
        detail: `Taken away: ${found.join(', ')}`,
        next: error instanceof Abort ? error.next : [],
        cause: error,
      });
}

export async function fromAll(
  forms: readonly Form[],
  act: 'find' | 'remove',
): Promise<{found: string[]; errors: unknown[]}> {
  const ended = await Promise.allSettled(forms.map((form) => form[act]()));
  return {
    found: ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    errors: ended.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : [])),
  };
}

async function addCalendar(
  result: Result,
  asked: Schedule,
  {pair, version, path}: Whose & {path: string},
): Promise<void> {
  const nowMs = Date.now();
  const {dueMs} = dueOf(await newestDrillsOf(pairFiles(pair, folders()).drills), nowMs);
  const text = calendarFile(asked, {dueMs, nowMs, version});
  if (path === '-') {
    process.stdout.write(text);
    return;
  }
  const where = resolve(path);
  result.ics = where;
  if (result.dryRun) result.texts.push({where, text});
  else await writeWhole(where, text);
}

/** What is left of a pair can be taken away when the pair is gone as well, if it is named. */
async function nameOf(options: ScheduleOptions): Promise<string> {
  const named = pairSchema.shape.name.safeParse(options.pair);
  return options.pair !== undefined && named.success
    ? named.data
    : (await existingPair(options, folders())).name;
}

function refuseWhatContradicts({answers, ics, json, remove, ...options}: ScheduleOptions): void {
  const refuse = (sentence: string) => {
    throw new Abort(sentence, {exit: Exit.usage});
  };
  if (answers !== undefined)
    refuse('A schedule is for a pair that is saved on this machine: name it with --pair, without --answers.');
  if (ics === '-' && json) refuse('--ics - prints the calendar file, so --json cannot be printed as well.');
  const with_ = (['at', 'day', 'window', 'fault', 'with', 'command'] as const).find((name) => options[name]);
  if (remove && (with_ ?? ics) !== undefined)
    refuse(`--remove takes everything of the pair away; --${with_ ?? 'ics'} has no meaning beside it.`);
}
