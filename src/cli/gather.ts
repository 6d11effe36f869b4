import {Abort, Exit} from '../errors.js';
import {problemsIn, readAnswers, refuse} from '../pair/answers.js';
import {checkPair, problemSentence, type Problem} from '../pair/check.js';
import {overAnswers, overFlags} from '../pair/merge.js';
import {getAt, withValue, type Draft} from '../pair/path.js';
import type {Folders} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import {resolveSecrets, secretsWanted} from '../pair/secrets.js';
import {loadPair} from '../pair/store.js';
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
 * The pair that a command other than setup works on: saved, or given by an answers file.
 * @throws Abort (exit 2) when there is none
 */
export async function existingPair(options: CommonOptions, where: Folders): Promise<Pair> {
  if (options.answers === undefined && (await loadPair(pairName(options.pair), where)) === undefined) {
    throw new Abort(`There is no pair called ${pairName(options.pair)} on this machine.`, {
      next: ['Make it: failover-wizard setup', 'Or name the answers file it was made from: --answers FILE'],
      exit: Exit.usage,
    });
  }
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
