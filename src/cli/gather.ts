import {Abort, Exit} from '../errors.js';
import {problemsIn, readAnswers, refuse} from '../pair/answers.js';
import {checkPair, problemSentence, type Problem} from '../pair/check.js';
import {overAnswers, overFlags} from '../pair/merge.js';
import {getAt, withValue, type Draft} from '../pair/path.js';
import type {Folders} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import {resolveSecrets, secretsWanted} from '../pair/secrets.js';
import {loadPair, pairNames} from '../pair/store.js';
import {draftOfFlags} from './flags.js';
import type {CommonOptions} from './options.js';
import {flagOf} from './questions/table.js';

export interface Gathered {
  /** Flags over the answers file over the saved pair. */
  draft: Draft;
  saved: Draft;
  /** What the values came from, for sentences. */
  source: string;
}

/**
 * Everything that was decided without asking. Judged before any connection: bad values and unknown keys always,
 * missing ones when nobody can be asked, secrets that cannot be read.
 * @param options of the command line
 * @throws Abort (exit 2) listing all problems
 */
export async function gather(
  options: CommonOptions & Readonly<Record<string, unknown>>,
  where: Folders,
  {ask, cwd = process.cwd(), env = process.env}: {ask: boolean; cwd?: string; env?: NodeJS.ProcessEnv},
): Promise<Gathered> {
  const flags = draftOfFlags(options, cwd);
  const answers = options.answers === undefined ? {} : await readAnswers(options.answers);
  const source = options.answers ?? 'the command line';
  // Each on its own first, so that a saved value never hides that the file is wrong.
  refuse(problemsIn(answers, {complete: false}), source);
  refuse(problemsIn(flags, {complete: false}), 'the command line');

  const name = pairName(options.pair ?? getAt(answers, ['name']));
  const saved: Draft = {...(await loadPair(name, where))};
  const draft = withValue(overFlags(overAnswers(saved, answers), flags), ['name'], name);
  refuse(
    problemsIn(draft, {complete: !ask}),
    Object.keys(saved).length > 0 ? `pair ${name}` : source,
    flagOf,
  );
  const {problems} = await resolveSecrets(secretsWanted(draft), env);
  refuse(problemsOfRun(problems, saved), source);
  return {draft, saved, source};
}

/** A pair that was set up before has its secrets on the standby: one that is not supplied again stays as it is. */
export function problemsOfRun(problems: readonly Problem[], saved: Draft): Problem[] {
  const first = Object.keys(saved).length === 0;
  return problems.filter(({unset}) => first || !unset);
}

function pairName(given: unknown): string {
  const name = given ?? 'default';
  const checked = checkPair({name});
  const problem = checked.ok ? undefined : checked.problems.find(({path}) => path[0] === 'name');
  if (problem)
    throw new Abort(`${problemSentence(problem).replace(/^name/, 'the pair name')}.`, {exit: Exit.usage});
  return String(name);
}

/**
 * The pair that a command other than setup works on: saved, or given by an answers file. Without a name it is the
 * only one there is, else `default`.
 * @throws Abort (exit 2) when there is none
 */
export async function existingPair(options: CommonOptions, where: Folders): Promise<Pair> {
  if (options.answers !== undefined) return wholePair(options, where);
  const saved = await pairNames(where);
  const name = options.pair ?? (saved.length === 1 ? saved[0] : undefined);
  if ((await loadPair(pairName(name), where)) === undefined) {
    const there = saved.length === 0 ? [] : [`There is: ${saved.join(', ')}; choose with --pair NAME`];
    throw new Abort(`There is no pair called ${pairName(name)} on this machine.`, {
      next: [
        ...there,
        'Make it: failover-wizard setup',
        'Or name the answers file it was made from: --answers FILE',
      ],
      exit: Exit.usage,
    });
  }
  return wholePair({...options, ...(name !== undefined && {pair: name})}, where);
}

/** A saved pair that was asked for without a name, or why it cannot be used. */
export type Found = {name: string; pair: Pair} | {name: string; error: unknown};

/**
 * The pairs that a look is about: the one that is named, else all that are saved. One that is broken does not hide
 * the others.
 * @throws Abort (exit 2) when there is none
 */
export async function chosenPairs(options: CommonOptions, where: Folders): Promise<Found[]> {
  const saved = await pairNames(where);
  if (options.pair !== undefined || options.answers !== undefined || saved.length < 2) {
    const pair = await existingPair(options, where);
    return [{name: pair.name, pair}];
  }
  return Promise.all(
    saved.map((name) =>
      wholePair({...options, pair: name}, where).then(
        (pair): Found => ({name, pair}),
        (error: unknown): Found => ({name, error}),
      ),
    ),
  );
}

async function wholePair(options: CommonOptions, where: Folders): Promise<Pair> {
  const {draft, source} = await gather({...options}, where, {ask: false});
  return complete(draft, source);
}

/** @throws Abort (exit 2) when it is not a whole pair. */
export function complete(draft: Draft, source: string): Pair {
  const checked = checkPair(draft);
  if (checked.ok) return checked.pair;
  refuse(checked.problems, source, flagOf);
  throw new Error('a draft with problems was not refused');
}
