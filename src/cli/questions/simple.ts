import type {Path} from '../../pair/path.js';
import type {Prompter} from '../prompter.js';
import type {Asking, Question} from './question.js';

/** A text answer; it is judged by the pair's own schema. An empty one leaves the key out where that is allowed. */
export function asksText(
  path: Path,
  {
    message,
    why,
    optional = false,
    wrong: more,
  }: {
    message: string;
    why: string | ((asking: Asking) => string);
    optional?: boolean;
    /** What the schema cannot know. */
    wrong?: (text: string, asking: Asking) => string | undefined;
  },
): NonNullable<Question['ask']> {
  return async (asking, prompter, initial) => {
    // The schema is loaded when a question is asked: `--help` lists the flags of all of them.
    const {checkAt} = await import('../../pair/check.js');
    const wrong = (text: string) => {
      const value = text.trim();
      if (value === '') return optional ? undefined : 'this is needed';
      return checkAt(asking.draft, path, value) ?? more?.(value, asking);
    };
    const told = typeof why === 'string' ? why : why(asking);
    const text = await prompter.input({
      message,
      why: told,
      wrong,
      ...(initial === undefined ? {} : {initial: String(initial)}),
    });
    return text === '' ? undefined : text;
  };
}

/** Several texts in one line, separated by commas. */
export function asksList(
  path: Path,
  {message, why, least = 0}: {message: string; why: string; least?: number},
): NonNullable<Question['ask']> {
  return async (asking, prompter, initial) => {
    const {checkAt} = await import('../../pair/check.js');
    const wrong = (text: string) => {
      const values = listOf(text);
      if (values.length < least) return 'at least one is needed';
      return checkAt(asking.draft, path, values);
    };
    const text = await prompter.input({
      message,
      why,
      wrong,
      initial: Array.isArray(initial) ? initial.join(', ') : '',
    });
    return listOf(text);
  };
}

/** `a, b` → `['a', 'b']`. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export const printList = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value));

/** A choice between fixed values, the default first in mind. */
export function asksChoice(
  message: string,
  why: string,
  choices: (asking: Asking) => Parameters<Prompter['select']>[0]['choices'],
): NonNullable<Question['ask']> {
  return (asking, prompter, initial) =>
    prompter.select({
      message,
      why,
      choices: choices(asking),
      ...(initial === undefined ? {} : {initial: String(initial)}),
    });
}
