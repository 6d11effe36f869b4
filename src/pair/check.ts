import {z} from 'zod';
import {distance, nearest} from './nearest.js';
import {pairSchema, type Pair} from './schema.js';
import {getAt, isRecord, pathText, withValue, type Draft, type Path} from './path.js';

/** One thing that is wrong with an answers object. */
export interface Problem {
  path: Path;
  /** What it must be, without the path: `must look like user@host`. */
  what: string;
  /** The value is absent; a question may still supply it. */
  missing: boolean;
  /** A secret that is named and was not given in this run. */
  unset?: boolean;
}

export type Checked = {ok: true; pair: Pair} | {ok: false; problems: Problem[]};

/** `standby.ssh: must look like user@host`. */
export function problemSentence({path, what}: Problem): string {
  return path.length === 0 ? what : `${pathText(path)}: ${what}`;
}

/** The strict judgement over answers, saved pairs and what was typed. All problems, in the order of the keys. */
export function checkPair(value: unknown): Checked {
  if (!isRecord(value)) {
    return {ok: false, problems: [{path: [], what: 'the answers must be one object { … }', missing: false}]};
  }
  const whole = withSections(value);
  const result = pairSchema.safeParse(whole);
  if (result.success) return {ok: true, pair: result.data};
  return {ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, whole, []))};
}

/** The problem with one value alone, as a question's validation needs it. */
export function checkAt(draft: Draft, path: Path, value: unknown): string | undefined {
  const checked = checkPair(withValue(draft, path, value));
  if (checked.ok) return undefined;
  const mine = checked.problems.find((problem) => path.every((part, index) => problem.path[index] === part));
  return mine && (mine.path.length > path.length ? problemSentence(mine) : mine.what);
}

/** A missing section is told by the keys that are missing in it. */
function withSections(value: Draft): Draft {
  let whole = value;
  for (const section of ['primary', 'standby', 'channel', 'model']) {
    if (getAt(whole, [section]) === undefined) whole = withValue(whole, [section], {});
  }
  return whole;
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, root: unknown, above: Path): Problem[] {
  const path: Path = [...above, ...(issue.path as (string | number)[])];
  const value = getAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        what: `is not a key of this file${suggestion(key, path)}`,
        missing: false,
      }));
    case 'invalid_key':
      return [{path, what: issue.issues[0]?.message ?? 'is not a valid name', missing: false}];
    case 'invalid_union':
      return unionProblems(issue, root, path, value);
    case 'invalid_value':
      if (value === undefined) return [{path, what: 'is missing', missing: true}];
      return [{path, what: oneOf(issue.values.map(String), value), missing: false}];
    case 'invalid_type':
      if (value === undefined) return [{path, what: 'is missing', missing: true}];
      if (!issue.message.startsWith('Invalid input')) return [{path, what: issue.message, missing: false}];
      return [{path, what: `must be ${typeName(issue.expected)}, not ${nameOf(value)}`, missing: false}];
    default:
      return [{path, what: issue.message, missing: false}];
  }
}

function unionProblems(
  issue: Extract<Issue, {code: 'invalid_union'}>,
  root: unknown,
  path: Path,
  value: unknown,
): Problem[] {
  if (value === undefined) return [{path, what: 'is missing', missing: true}];
  if ('options' in issue && Array.isArray(issue.options)) {
    const given = isRecord(value) ? value[issue.discriminator ?? ''] : value;
    return [{path, what: oneOf(issue.options.map(String), given), missing: false}];
  }
  // The form the operator meant is the one whose keys all fit; its own complaint is the useful one.
  const meant = issue.errors.find(
    (errors) =>
      !errors.some((error) => error.code === 'unrecognized_keys' || getAt(value, own(error)) === undefined),
  );
  if (meant && isRecord(value)) return meant.flatMap((inner) => problemsOf(inner, root, path));
  return [
    {path, what: issue.message === 'Invalid input' ? 'is not valid here' : issue.message, missing: false},
  ];
}

const own = (issue: Issue): Path => issue.path as (string | number)[];

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    object: 'an object { … }',
    record: 'an object { … }',
    array: 'a list [ … ]',
    number: 'a number',
    boolean: 'true or false',
  };
  return names[expected] ?? expected;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return String(value);
  return `a ${typeof value}`;
}

/** `must be "a" or "b"; did you mean "a"?` */
function oneOf(values: readonly string[], given: unknown): string {
  const meant = typeof given === 'string' ? nearest(given, values) : undefined;
  return `must be ${orList(values)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

function orList(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** The keys that are allowed at a path, for "did you mean". */
function keysAt(path: Path): string[] {
  let schema: unknown = pairSchema;
  for (const part of path) schema = shapeOf(schema)?.[String(part)];
  return Object.keys(shapeOf(schema) ?? {});
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  let here = schema;
  while (here instanceof z.ZodDefault || here instanceof z.ZodOptional || here instanceof z.ZodNullable)
    here = here.unwrap();
  if (here instanceof z.ZodObject) return here.shape as Record<string, unknown>;
  if (here instanceof z.ZodUnion) {
    return Object.assign({}, ...here.options.map((option: unknown) => shapeOf(option) ?? {})) as Record<
      string,
      unknown
    >;
  }
  return undefined;
}

function suggestion(key: string, path: Path): string {
  const known = keysAt(path);
  const near = known.find((candidate) => distance(candidate.toLowerCase(), key.toLowerCase()) <= 2);
  if (near !== undefined && near !== key) return `; did you mean "${near}"?`;
  return known.length > 0 && known.length <= 8 ? `; it may have ${known.join(', ')}` : '';
}
