import {readFile} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import JSON5 from 'json5';
import {Abort, Exit} from '../errors.js';
import {absolute} from './absolute.js';
import {checkPair, problemSentence, type Problem} from './check.js';
import {isRecord, type Draft, type Path} from './path.js';

/**
 * Reads an answers file: JSON with comments, trailing commas and unquoted keys allowed. Relative paths in it
 * are relative to the file. The content is not judged yet (`refuse`, `checkPair`).
 * @throws Abort (exit 2) when the file cannot be read or is not one object.
 */
export async function readAnswers(path: string): Promise<Draft> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission denied' : String(code);
    throw new Abort(`The answers file ${path} cannot be read: ${why}.`, {exit: Exit.usage, cause: error});
  }
  return absolute(parseAnswers(text, path), dirname(resolve(path)));
}

/** @throws Abort (exit 2) naming line and column. */
export function parseAnswers(text: string, name: string): Draft {
  let value: unknown;
  try {
    value = JSON5.parse(text);
  } catch (error) {
    const what = (error as Error).message.replace(/^JSON5: /, '');
    throw new Abort(`${name} is not valid JSON: ${what}.`, {exit: Exit.usage, cause: error});
  }
  if (!isRecord(value)) throw new Abort(`${name} must hold one object { … }.`, {exit: Exit.usage});
  return value;
}

/** Bad values and unknown keys; missing ones too when `complete`. Empty: nothing to say against it. */
export function problemsIn(draft: Draft, {complete}: {complete: boolean}): Problem[] {
  const checked = checkPair(draft);
  if (checked.ok) return [];
  return complete ? checked.problems : checked.problems.filter((problem) => !problem.missing);
}

/**
 * Refuses answers that are wrong, all problems at once.
 * @param source what they came from, for the sentence: a file name, `The command line`.
 * @param flagOf the flag that gives the value at a path, told beside a missing key.
 * @throws Abort (exit 2)
 */
export function refuse(
  problems: readonly Problem[],
  source: string,
  flagOf: (path: Path) => string | undefined = () => undefined,
): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => {
    const flag = problem.missing ? flagOf(problem.path) : undefined;
    return problemSentence(problem) + (flag === undefined ? '' : ` (or give ${flag})`);
  });
  if (lines.length === 1)
    throw new Abort(`${source}: ${lines[0]}${/[.?!]$/.test(lines[0] ?? '') ? '' : '.'}`, {exit: Exit.usage});
  throw new Abort(`${source}: ${lines.length} things must be put right.`, {
    detail: lines.join('\n'),
    exit: Exit.usage,
  });
}
