import type {Prompter} from '../../src/cli/prompter.js';

export interface Asked {
  kind: 'input' | 'password' | 'select' | 'checkbox' | 'confirm';
  message: string;
  initial?: unknown;
  choices?: readonly {value: string; name: string; disabled?: string}[];
}

/** An answer to the question whose message matches: a value, Enter for the default, or what to look at first. */
export type Reply = [about: RegExp, answer: string | boolean | typeof enter];
export const enter = Symbol('enter');

/**
 * Answers questions in any order by their message, each reply once; refuses, as the terminal would, what the
 * question calls wrong and what cannot be chosen.
 */
export function fakePrompter(
  replies: readonly Reply[],
): Prompter & {asked: Asked[]; notes: string[]; left(): string[]} {
  const open = [...replies];
  const asked: Asked[] = [];
  const notes: string[] = [];
  const take = (question: Asked): string | boolean | typeof enter => {
    asked.push(question);
    const at = open.findIndex(([about]) => about.test(question.message));
    if (at < 0) throw new Error(`nobody answers "${question.message}"`);
    return open.splice(at, 1)[0]?.[1] ?? enter;
  };
  const text = (question: Asked, wrong?: (typed: string) => string | undefined): string => {
    const reply = take(question);
    const typed = reply === enter ? String(question.initial ?? '') : String(reply);
    const what = wrong?.(typed);
    if (what !== undefined) throw new Error(`"${question.message}": ${what}`);
    return typed;
  };
  return {
    asked,
    notes,
    left: () => open.map(([about]) => String(about)),
    async input({message, initial, wrong}) {
      return text({kind: 'input', message, initial}, wrong).trim();
    },
    async password({message, wrong}) {
      return text({kind: 'password', message}, wrong);
    },
    async select({message, choices, initial}) {
      const reply = take({kind: 'select', message, initial, choices});
      const value = reply === enter ? (initial ?? choices[0]?.value ?? '') : String(reply);
      const choice = choices.find((one) => one.value === value);
      if (!choice) throw new Error(`"${message}" has no choice ${value}`);
      if (choice.disabled !== undefined) throw new Error(`"${message}": ${choice.disabled}`);
      return value;
    },
    async checkbox({message, checked}) {
      const reply = take({kind: 'checkbox', message});
      return reply === enter ? [...checked] : String(reply).split(',');
    },
    async confirm({message, initial}) {
      const reply = take({kind: 'confirm', message, initial});
      return reply === enter ? (initial ?? true) : reply === true;
    },
    note: (line) => void notes.push(line),
  };
}
