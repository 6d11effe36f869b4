import {claimStdin, printable, styled, tell, wrapped} from './terminal.js';

export interface Choice {
  value: string;
  name: string;
  /** Shown below the list while the choice is under the cursor. */
  description?: string;
  /** Why it cannot be chosen. */
  disabled?: string;
}

interface Asked {
  message: string;
  /** One sentence: why this is asked, what the answer does. */
  why?: string;
}
export interface InputAsked extends Asked {
  initial?: string;
  /** What is wrong with the text, or undefined. */
  wrong?: (text: string) => string | undefined;
}

/** Whoever answers questions: the operator at a terminal, or a test. */
export interface Prompter {
  input(asked: InputAsked): Promise<string>;
  password(asked: Omit<InputAsked, 'initial'>): Promise<string>;
  select(asked: Asked & {choices: readonly Choice[]; initial?: string}): Promise<string>;
  checkbox(asked: Asked & {choices: readonly Choice[]; checked: readonly string[]}): Promise<string[]>;
  confirm(asked: Asked & {initial?: boolean}): Promise<boolean>;
  /** Lines to read before the next question. */
  note(text: string): void;
}

/**
 * Questions at the terminal. They go to stderr, because stdout is for results; secrets are masked. Ctrl+C throws
 * Inquirer's `ExitPromptError`. Inquirer is loaded at the first question.
 */
export function terminalPrompter(): Prompter {
  const begin = async ({why}: Asked) => {
    const prompts = await import('@inquirer/prompts');
    claimStdin();
    if (why !== undefined) tell(`\n${wrapped(printable(why))}`, 'dim');
    return prompts;
  };
  const context = {output: process.stderr};
  const validate = (wrong?: (text: string) => string | undefined) => (text: string) => {
    const what = wrong?.(text);
    return what === undefined ? true : sentence(what);
  };
  return {
    async input({initial, wrong, ...asked}) {
      const {input} = await begin(asked);
      const config = {message: printable(asked.message), default: initial, validate: validate(wrong)};
      return (await input(config, context)).trim();
    },
    async password({wrong, ...asked}) {
      const {password} = await begin(asked);
      return password({message: printable(asked.message), mask: '•', validate: validate(wrong)}, context);
    },
    async select({choices, initial, ...asked}) {
      const {select} = await begin(asked);
      const config = {message: printable(asked.message), choices: choices.map(shown), default: initial};
      return select({...config, loop: false, pageSize: 12}, context);
    },
    async checkbox({choices, checked, ...asked}) {
      const {checkbox} = await begin(asked);
      const marked = choices.map((choice) => ({...shown(choice), checked: checked.includes(choice.value)}));
      return checkbox(
        {message: printable(asked.message), choices: marked, loop: false, pageSize: 12},
        context,
      );
    },
    async confirm({initial, ...asked}) {
      const {confirm} = await begin(asked);
      return confirm({message: printable(asked.message), default: initial ?? true}, context);
    },
    note(text) {
      tell(printable(text));
    },
  };
}

function shown({value, name, description, disabled}: Choice) {
  return {
    value,
    name: printable(name),
    ...(description === undefined ? {} : {description: styled('dim', printable(description))}),
    ...(disabled === undefined ? {} : {disabled: printable(disabled)}),
  };
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
