import type {HostFacts} from '../../facts/types.js';
import type {Problem} from '../../pair/check.js';
import {getAt, withValue, type Draft, type Path} from '../../pair/path.js';
import type {Secret} from '../../secret.js';
import type {Prompter} from '../prompter.js';
import type {Mode} from '../terminal.js';

export interface PairFacts {
  primary: HostFacts;
  standby: HostFacts;
}

/** What is known while questions are asked. */
export interface Asking {
  /** Flags over answers over the saved pair; every answer is added to it. */
  draft: Draft;
  /** The pair as it was saved: its values are the first choice for defaults. */
  saved: Draft;
  /** Absent before the hosts are connected. */
  facts?: PairFacts;
  /** Typed secrets, by their name in the standby's env file. */
  secrets: Record<string, Secret>;
  /** Keys that were asked in this run. */
  asked: Path[];
}

/** A flag of the same table row: `--channel <type>`. */
export interface Flag {
  flags: string;
  describe: string;
  /** The values that there are, where they are few: for help and completion. */
  choices?: readonly string[];
  /** The flag's text as the value of the key; default: the text itself. */
  parse?: (text: string) => unknown;
  /** The value as the flag's text; default: String(). */
  print?: (value: unknown) => string;
}

/** One decision of the operator: a key of the answers file, its flag, and how it is asked. */
export interface Question {
  path: Path;
  /** Name in the review. */
  label: string;
  flag?: Flag;
  /** Absent: never asked (`initial` may still give it a value). */
  ask?: (asking: Asking, prompter: Prompter, initial: unknown) => Promise<unknown>;
  /** Whether it matters, given what is known. */
  when?: (asking: Asking) => boolean;
  /** A good default from the facts. */
  initial?: (asking: Asking) => unknown;
  required?: boolean;
  /** `--yes` never answers it. */
  consent?: boolean;
  /** Its default is taken in every mode, without asking: it is a fact rather than a decision. */
  known?: boolean;
  /** The answer in the review, where the value itself says too little or too much. */
  tell?: (asking: Asking, value: unknown) => string;
}

/**
 * Brings one question to its end: kept when it has an answer, else asked, else defaulted. What is required and
 * stays open is returned.
 */
export async function settle(
  question: Question,
  asking: Asking,
  mode: Pick<Mode, 'ask' | 'yes'>,
  prompter: Prompter,
): Promise<Problem | undefined> {
  if (getAt(asking.draft, question.path) !== undefined) return undefined;
  if (question.when && !question.when(asking)) return undefined;
  // Left empty on purpose: not again after the review has changed something else.
  if (!question.required && wasAsked(asking, question.path)) return undefined;
  const initial = defaultOf(question, asking);
  const takeDefault =
    initial !== undefined && !question.consent && (question.known || mode.yes || (mode.ask && !question.ask));
  if (takeDefault) {
    record(question, asking, initial);
  } else if (question.ask && mode.ask) {
    await askNow(question, asking, prompter);
  } else if (question.required) {
    return {path: question.path, what: 'is missing', missing: true};
  }
  return undefined;
}

/** Asks whatever the answer was so far; it becomes the default. */
export async function askNow(question: Question, asking: Asking, prompter: Prompter): Promise<void> {
  if (!question.ask) return;
  const current = getAt(asking.draft, question.path);
  const value = await question.ask(asking, prompter, current ?? defaultOf(question, asking));
  asking.asked.push(question.path);
  record(question, asking, value);
}

const wasAsked = ({asked}: Asking, path: Path) => asked.some((one) => one.join('\0') === path.join('\0'));

function record(question: Question, asking: Asking, value: unknown): void {
  if (value !== undefined) asking.draft = withValue(asking.draft, question.path, value);
}

/** The saved pair's value first: the facts change once the pair is set up (the account has moved by then). */
function defaultOf(question: Question, asking: Asking): unknown {
  const same = ['type', 'account'].every((key) => {
    const wanted = getAt(asking.draft, ['channel', key]);
    return wanted === undefined || wanted === getAt(asking.saved, ['channel', key]);
  });
  const saved = question.path[0] === 'channel' && !same ? undefined : getAt(asking.saved, question.path);
  return saved ?? question.initial?.(asking);
}
