import {everyExit, exitWords, type ExitName} from './exit-codes.js';
import {secretVariable, variables} from './environment.js';
import type {Page} from './page.js';
import {helpPage, type ExitNumbers, type Row, type Section} from './sections.js';
import {everyNode, type CommandNode} from './tree.js';

/** Files that a reader of the manual may want to find. */
const files: readonly Row[] = [
  ['~/.config/failover-wizard/pairs/NAME/pair.json', 'what was decided about a pair; no secret is in it'],
  ['~/.config/failover-wizard/pairs/NAME/known_hosts', 'the pinned host keys of its two servers'],
  ['~/.local/state/failover-wizard/NAME/audit.jsonl', 'every remote command, without secrets'],
  ['~/.local/state/failover-wizard/NAME/drills/', 'reports of drills'],
];

export interface Manual {
  root: CommandNode;
  pages: Readonly<Record<string, Page>>;
  exits: ExitNumbers;
  version: string;
}

/** The whole manual in the man(7) macros, out of the same words as the help. Pure. */
export function manual({root, pages, exits, version}: Manual): string {
  const commands = everyNode(root).slice(1);
  const lines = [
    `.TH FAILOVER\\-WIZARD 1 "" "failover\\-wizard ${escaped(version)}" "User Commands"`,
    // No hyphens and no stretched blanks: command lines are copied out of it.
    '.ad l',
    '.nh',
    '.SH NAME',
    ...filled(`failover-wizard - ${root.purpose}`),
    '.SH SYNOPSIS',
    '.B failover\\-wizard',
    '.I command',
    '.RI [ options ]',
    ...chapter('EXAMPLES', (pages['']?.examples ?? []).flatMap(termed)),
    ...chapter(
      'COMMANDS',
      commands.flatMap((node) => commandLines(node, {root, pages, exits})),
    ),
    ...chapter('OPTIONS', [
      'Every command takes these.',
      ...(sectionOf('Options of every command', root, {root, pages, exits})?.rows ?? []).flatMap(termed),
    ]),
    ...chapter(
      'ENVIRONMENT',
      [...variables, secretVariable].flatMap(({name, words}) => termed([name, words])),
    ),
    ...chapter('FILES', files.flatMap(termed)),
    ...chapter(
      'EXIT STATUS',
      (Object.keys(exitWords) as ExitName[]).flatMap((name) =>
        termed([String(exits[name]), exitWords[name]]),
      ),
    ),
    ...chapter('SEE ALSO', ['.BR ssh (1),', '.BR ssh_config (5)']),
  ];
  return `${lines.join('\n')}\n`;
}

type Around = Omit<Manual, 'version'>;

const sectionOf = (title: string, node: CommandNode, {root, pages, exits}: Around): Section | undefined =>
  helpPage(node, {root, page: pages[node.path.join(' ')], exits}).sections.find((one) => one.title === title);

/** A command: what it is for, its examples and its own options; what is the same for all is said once. */
function commandLines(node: CommandNode, {root, pages, exits}: Around): string[] {
  const page = pages[node.path.join(' ')];
  const {usage, purpose, sections} = helpPage(node, {root, page, exits});
  const own = sections.filter(({title}) => !elsewhere.has(title));
  return [
    `.SS ${escaped(usage.replace(/^failover-wizard /, ''))}`,
    ...filled(purpose),
    ...own.flatMap(({title, rows}) => ['.PP', `${escaped(title)}:`, ...rows.flatMap(termed)]),
    ...ownExits(page, exits),
  ];
}

/** Said once for the whole program, or as chapters of their own. */
const elsewhere = new Set(['Options of every command', 'Environment', 'Exit codes', 'Commands']);

function ownExits(page: Page | undefined, exits: ExitNumbers): string[] {
  const own = Object.entries(page?.exits ?? {}).filter(
    ([name, words]) => typeof words === 'string' || !everyExit.includes(name as ExitName),
  );
  if (own.length === 0) return [];
  return [
    '.PP',
    'Exit status:',
    ...own.flatMap(([name, words]) =>
      termed([
        String(exits[name as ExitName]),
        typeof words === 'string' ? words : exitWords[name as ExitName],
      ]),
    ),
  ];
}

const chapter = (title: string, lines: readonly string[]) => [`.SH ${title}`, ...lines];

const termed = ([term, words]: Row): string[] => ['.TP', `.B ${escaped(term)}`, ...filled(words)];

/** Lines of at most 80 characters, as roff's own tools want them; they are filled again when shown. */
function filled(text: string): string[] {
  const lines: string[] = [];
  for (const word of escaped(text).split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > 78)
      lines.push(/^[.']/.test(word) ? `\\&${word}` : word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** Backslashes, dashes and quotes as roff prints them; a line never begins with one of its commands. */
function escaped(text: string): string {
  const plain = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '...');
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}
