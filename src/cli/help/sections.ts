import {everyExit, exitWords, type ExitName} from './exit-codes.js';
import {secretVariable, variables, type Variable} from './environment.js';
import type {Page} from './page.js';
import type {CommandNode, OptionNode} from './tree.js';

export type Row = readonly [term: string, words: string];

/** A part of a help page: rows under a heading. */
export interface Section {
  title: string;
  rows: readonly Row[];
  /** Rows are command lines: they may be wider than a column of terms. */
  examples?: true;
}

export interface HelpPage {
  /** `failover-wizard drill` */
  name: string;
  /** One sentence. */
  purpose: string;
  /** `failover-wizard drill [options] [command]` */
  usage: string;
  sections: readonly Section[];
  more?: string;
}

/** Numbers of the exit codes; given, so that this knows nothing of the program that ends with them. */
export type ExitNumbers = Readonly<Record<ExitName, number>>;

/**
 * What the help of one command says, in the order in which it is read: examples first. Pure.
 * @param root the program: its options are those of every command
 */
export function helpPage(
  node: CommandNode,
  {root, page, exits}: {root: CommandNode; page: Page | undefined; exits: ExitNumbers},
): HelpPage {
  const isRoot = node.path.length === 0;
  const sections: Section[] = [
    {title: 'Examples', rows: page?.examples ?? [], examples: true},
    {title: 'Arguments', rows: node.args.map((one) => [one.text, withChoices(one.words, one.choices)])},
    {title: 'Commands', rows: node.commands.map((one) => [commandTerm(one), one.purpose])},
    ...(isRoot ? [] : optionSections(node)),
    ...(page?.notes ?? []),
    {title: 'Options of every command', rows: commonOptions(root, isRoot).map(optionRow)},
    {title: 'Environment', rows: variableRows(page, isRoot)},
    {title: 'Exit codes', rows: exitRows(page, exits)},
  ];
  return {
    name: ['failover-wizard', ...node.path].join(' '),
    purpose: sentence(node.purpose),
    usage: usageOf(node),
    sections: sections.filter(({rows}) => rows.length > 0),
    ...(page?.more !== undefined && {more: page.more}),
  };
}

/** `--version` is the program's only. */
const commonOptions = ({options}: CommandNode, isRoot: boolean) =>
  options.filter(({names}) => isRoot || !names.includes('--version'));

function optionSections(node: CommandNode): Section[] {
  const options = node.options.filter(({names}) => !names.includes('--help'));
  const titles = new Set(options.map(({group}) => group));
  return [...titles].map((title) => ({
    title: title?.replace(/:$/, '') ?? 'Options',
    rows: options.filter(({group}) => group === title).map(optionRow),
  }));
}

function optionRow({flags, value, words}: OptionNode): Row {
  return [flags, withChoices(words, value?.choices ?? [])];
}

/** Choices that the words do not name already. */
function withChoices(words: string, choices: readonly string[]): string {
  const unnamed = choices.some((choice) => !new RegExp(`\\b${choice}\\b`).test(words));
  return unnamed ? `${words}: ${choices.join(', ')}` : words;
}

/** A term in the list of commands: what must follow is in it, options are on its own page. */
const commandTerm = ({path, args}: CommandNode) =>
  [path.at(-1), ...args.map(({text}) => text)].filter((word) => word !== undefined).join(' ');

function usageOf({path, args, commands}: CommandNode): string {
  const words = ['failover-wizard', ...path];
  words.push('[options]');
  if (commands.length > 0) words.push(path.length === 0 ? '<command>' : '[command]');
  return [...words, ...args.map(({text}) => text)].join(' ');
}

function variableRows(page: Page | undefined, isRoot: boolean): Row[] {
  const all: readonly Variable[] = [...variables, secretVariable];
  const named = page?.environment ?? [];
  const chosen = isRoot ? all : all.filter(({name}) => named.includes(name));
  return chosen.map(({name, words}) => [name, words]);
}

function exitRows(page: Page | undefined, exits: ExitNumbers): Row[] {
  const own = page?.exits ?? {};
  const names = new Set<ExitName>([...everyExit, ...(Object.keys(own) as ExitName[])]);
  return [...names]
    .toSorted((one, other) => exits[one] - exits[other])
    .map((name) => {
      const words = own[name];
      return [String(exits[name]), typeof words === 'string' ? words : exitWords[name]];
    });
}

/** Begins with a capital, ends with a full stop. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
