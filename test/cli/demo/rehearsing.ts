import {vi} from 'vitest';
import type {Order} from '../../../src/demo/world/main.js';
import type {Rehearsing} from '../../../src/demo/world/rehearse.js';
import type {Prompter} from '../../../src/cli/prompter.js';

/** A rehearsal of which only is noted what it is asked; what it answers is the test's. */
export function noted({
  order = () => undefined,
  run = () => 0,
}: {
  order?: (order: Order) => unknown;
  run?: (args: readonly string[]) => number | Promise<number>;
} = {}) {
  const asked: (Order | readonly string[])[] = [];
  const rehearsing = {
    folder: '/r',
    answersFile: '/r/answers.json',
    launcher: '/r/failover-wizard',
    network: {a: 1, b: 2, at: 'operator', state: '/r/network'},
    order: async (wish: Order) => {
      asked.push(wish);
      return order(wish);
    },
    run: async (args: readonly string[]) => {
      asked.push(args);
      return run(args);
    },
    start: () => {
      throw new Error('nothing is started beside');
    },
    end: async () => undefined,
  } satisfies Rehearsing;
  return {rehearsing, asked};
}

/** Somebody who chooses these, one after the other. */
export function chooses(...values: string[]) {
  const offered: {value: string; disabled?: unknown}[][] = [];
  const refuse = async (): Promise<never> => {
    throw new Error('nothing else is asked');
  };
  const prompter: Prompter = {
    input: refuse,
    password: refuse,
    checkbox: refuse,
    confirm: refuse,
    note: () => undefined,
    select: async ({choices}) => {
      offered.push([...choices]);
      const value = values.shift();
      const found = choices.find((choice) => choice.value === value);
      if (!found) throw new Error(`"${value}" is not offered`);
      return found.value;
    },
  };
  return {prompter, offered, left: values};
}

/** What was told on stderr, as it comes. */
export function heard(): {text: () => string; stop: () => void} {
  let text = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  return {text: () => text, stop: () => spy.mockRestore()};
}
