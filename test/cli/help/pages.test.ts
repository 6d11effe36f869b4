import type {Command} from 'commander';
import type {EventEmitter} from 'node:events';
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {Exit} from '../../../src/errors.js';
import {secretVariable, variables} from '../../../src/cli/help/environment.js';
import {exitWords} from '../../../src/cli/help/exit-codes.js';
import {pages} from '../../../src/cli/help/pages/index.js';
import {helpPage} from '../../../src/cli/help/sections.js';
import {helpText} from '../../../src/cli/help/text.js';
import {everyNode, type CommandNode} from '../../../src/cli/help/tree.js';
import {program, tree} from './program-tree.js';

const every = everyNode(tree).map((node) => [node.path.join(' '), node] as const);
const textOf = (node: CommandNode, columns = 80) =>
  helpText(helpPage(node, {root: tree, page: pages[node.path.join(' ')], exits: Exit}), {columns});

describe('every command', () => {
  it.each(every)('"%s" has a page in src/cli/help/pages/ with two to four examples', (path) => {
    expect(Object.keys(pages)).toContain(path);
    const {examples} = pages[path]!;
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(4);
  });

  it.each(every)('"%s" says what it is for in one line', (_path, node) => {
    expect(node.purpose).not.toBe('');
    expect(node.purpose.length).toBeLessThan(80);
    // In the list it stands beside its name: one line there too.
    expect(node.purpose.length).toBeLessThanOrEqual(68);
  });

  it.each(every)('"%s" has a help that fits 80 columns, examples first', (_path, node) => {
    const lines = textOf(node).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const at = (title: string) => lines.indexOf(`${title}:`);
    expect(at('Examples')).toBe(4);
    expect(at('Environment') === -1 || at('Environment') > at('Options of every command')).toBe(true);
    expect(at('Exit codes')).toBeGreaterThan(at('Options of every command'));
  });

  it.each(every)('"%s" has a help that can be read in 40 columns', (_path, node) => {
    // Only what cannot be broken may be longer: a command line, the term of an option.
    const long = textOf(node, 40)
      .split('\n')
      .filter((line) => line.length > 40);
    const unbreakable = long.filter((line) => !/^ {2}\S/.test(line) && / \S+ /.test(line.trim()));
    expect(unbreakable).toEqual([]);
  });

  it('none adds text of its own below its help: it belongs to its page', () => {
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const adding = all(program()).filter(
      (command) => (command as unknown as EventEmitter).listenerCount('afterHelp') > 0,
    );
    expect(adding.map((command) => command.name())).toEqual([]);
  });

  it('there is no page of a command that is gone', () => {
    expect(Object.keys(pages).filter((path) => !every.some(([known]) => known === path))).toEqual([]);
  });
});

describe('examples', () => {
  const all = Object.entries(pages).flatMap(([path, {examples}]) =>
    examples.map(([line]) => [path, line] as const),
  );

  it.each(all)('of "%s": %s is a command line of this program', async (path, line) => {
    const words = wordsOf(line);
    const parsed = program();
    let ran: string[] | undefined;
    overrideActions(parsed, [], (at) => {
      ran = at;
    });
    parsed.configureOutput({writeOut: () => undefined, writeErr: () => undefined});
    await parsed.parseAsync(['node', 'failover-wizard', ...words]);
    // An example of a command shows it, or one below it; the program's own show any.
    expect(ran?.join(' ').startsWith(path)).toBe(true);
  });

  it.each(all)('of "%s": %s fits a line', (_path, line) => {
    expect(line.length).toBeLessThanOrEqual(76);
  });
});

/** The words of a simple shell line behind the program's name, up to a pipe or a redirection. */
function wordsOf(line: string): string[] {
  const inner = /<\((.*)\)/.exec(line)?.[1] ?? line;
  const [command = ''] = inner.split(/ (?:\||>|\|\|) ?/);
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  expect(words[0]).toBe('failover-wizard');
  return words.slice(1).filter((word) => !word.startsWith('>'));
}

function overrideActions(command: Command, path: readonly string[], ran: (path: string[]) => void): void {
  if (command.commands.length === 0 || path.length > 0) command.action(() => ran([...path]));
  for (const below of command.commands) overrideActions(below, [...path, below.name()], ran);
}

describe('what a page names', () => {
  const known = new Set([...variables, secretVariable].map(({name}) => name));
  it.each(Object.entries(pages))('of "%s" is there', (_path, {environment = [], exits = {}, more}) => {
    expect(environment.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(exits).filter((name) => !(name in Exit))).toEqual([]);
    if (more !== undefined && !more.startsWith('failover-wizard '))
      expect(existsSync(fileURLToPath(new URL(`../../../${more}`, import.meta.url)))).toBe(true);
  });

  it('the exit codes are those of src/errors.ts', () => {
    expect(Object.keys(exitWords).toSorted()).toEqual(Object.keys(Exit).toSorted());
    const rows = textOf(tree)
      .split('\nExit codes:\n')[1]
      ?.match(/^ {2}\d+/gm)
      ?.map(Number);
    expect(rows).toEqual(Object.values(Exit).toSorted((one, other) => one - other));
  });
});
