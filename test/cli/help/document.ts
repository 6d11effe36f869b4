// docs/commands.md, from the commands themselves.

import {format} from 'prettier';
import {Exit} from '../../../src/errors.js';
import {secretVariable, variables} from '../../../src/cli/help/environment.js';
import {exitWords, type ExitName} from '../../../src/cli/help/exit-codes.js';
import type {Page} from '../../../src/cli/help/page.js';
import {helpPage, type Row} from '../../../src/cli/help/sections.js';
import {everyNode, type CommandNode} from '../../../src/cli/help/tree.js';

const head = `# Commands

What each command is for, with examples; its options are in \`failover-wizard COMMAND --help\` and, once it is installed, in
\`man failover-wizard\`. Without a terminal, and with \`--plain\`, everything is lines; \`--json\` is for programs.

This page is made from the program; \`npx vitest run test/cli/help -u\` writes it again.
`;

/** The page, formatted as prettier wants it. */
export async function commandsPage(
  root: CommandNode,
  pages: Readonly<Record<string, Page>>,
): Promise<string> {
  const commands = everyNode(root).slice(1);
  const text = [
    head,
    ...commands.map((node) => commandPart(node, root, pages)),
    '## Options of every command\n',
    table(
      ['option', 'what'],
      root.options.map(({flags, words}) => [code(flags), cell(words)]),
    ),
    '## Environment\n',
    table(
      ['variable', 'what'],
      [...variables, secretVariable].map(({name, words}) => [code(name), cell(words)]),
    ),
    '## Exit codes\n',
    'A command may say more closely what one means; its help has the words.\n',
    table(
      ['code', 'what'],
      (Object.keys(exitWords) as ExitName[]).map((name) => [String(Exit[name]), cell(exitWords[name])]),
    ),
  ].join('\n');
  return format(text, {parser: 'markdown', printWidth: 110});
}

function commandPart(node: CommandNode, root: CommandNode, pages: Readonly<Record<string, Page>>): string {
  const page = pages[node.path.join(' ')];
  const {purpose} = helpPage(node, {root, page, exits: Exit});
  const longest = Math.max(0, ...(page?.examples ?? []).map(([line]) => line.length));
  const examples = (page?.examples ?? []).map(([line, words]) => `${line.padEnd(longest)}  # ${words}`);
  const more =
    page?.more?.startsWith('docs/') === true
      ? `\nMore: [${page.more}](${page.more.replace('docs/', '')})\n`
      : '';
  return `## ${node.path.join(' ')}\n\n${purpose}\n\n\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n${more}`;
}

const table = (titles: readonly string[], rows: readonly Row[]) =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;
