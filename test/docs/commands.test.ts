import type {Command} from 'commander';
import {readFileSync, readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {buildProgram} from '../../src/cli/program.js';

const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Named {
  page: string;
  /** What stands after `failover-wizard`, up to the end of the code. */
  words: string[];
}

/** Every command line of the program in code: in blocks a line, in text what stands between backticks. */
function commandLines(page: string): Named[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/^[ ]*```(?:sh)?\n(.*?)^[ ]*```/gms)].flatMap(([, block]) =>
    block!.split('\n'),
  );
  const inline = [...text.replaceAll(/^[ ]*```.*?^[ ]*```/gms, '').matchAll(/`([^`]+)`/g)].map(
    ([, code]) => code!,
  );
  return [...blocks, ...inline].flatMap((line) =>
    [...line.matchAll(/(?:^|[\s;|&(])(?:npx )?failover-wizard ([a-z-][^#|;&`]*)/g)].map(([, rest]) => ({
      page,
      words: rest!.trim().split(/\s+/),
    })),
  );
}

/** What of a command line the program does not have; undefined: it has all of it. */
function unknownIn(program: Command, words: readonly string[]): string | undefined {
  let command = program;
  const known = [...program.options];
  for (const word of words) {
    if (/^--[a-z]/.test(word)) {
      const flag = /^--[a-z-]+/.exec(word)![0];
      if (flag === '--help') continue;
      if (!known.some(({long}) => long === flag)) return flag;
      continue;
    }
    const below = command.commands.find((one) => one.name() === word);
    if (below) {
      command = below;
      known.push(...below.options);
    } else if (command === program) return word;
  }
  return undefined;
}

it('every command and flag that the documents name is one of the program', async () => {
  const program = await buildProgram('0.0.0', () => undefined);
  const named = pages.flatMap(commandLines);
  expect(named.length).toBeGreaterThan(100);
  const unknown = named.flatMap(({page, words}) => {
    const wrong = unknownIn(program, words);
    return wrong === undefined ? [] : [`${page}: failover-wizard ${words.join(' ')} (${wrong})`];
  });
  expect(unknown).toEqual([]);
});
