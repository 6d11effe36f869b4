// docs/messages.md, from the sources themselves.

import {format} from 'prettier';
import {advice, type Advice} from '../../src/monitor/tell/advice.js';
import {table} from '../../src/monitor/machine.js';
import {aboutReasons, also} from './also.js';
import {aborts, checks, ends, findings, waits, type Said} from './collect.js';
import {causes, conflicts, reasons, rows} from './tables.js';
import type {Sources} from './resolve.js';

const head = `# Messages

Every message of the program that asks you for something: what it says, and what to do. Look for a few words of yours with
your browser's or editor's search. CAPITALS and … stand for what is only known when it is said.

- **exit 4** is the exit code of the command that ends with it. All of them: [README](../README.md#unattended).
- The words after the arrow are the program's own "try this". Where nothing stands below a message, it says itself what is to
  be changed.
- \`--verbose\` shows the cause below a message. Every remote command with its exit code is in
  \`~/.local/state/failover-wizard/PAIR/audit.jsonl\`.
- A message that is not here and says "This is a bug": please report it, with what \`--verbose\` shows.

What to do in a situation, rather than about a sentence: [operations.md](operations.md).

This page is made from \`src/\`; \`npm run docs\` writes it again.
`;

interface Section {
  title: string;
  intro: string;
  /** Sources of the messages; the first section that fits has them. */
  paths: RegExp;
}

const sections: readonly Section[] = [
  {
    title: 'The connection',
    intro:
      'Between your machine and a host: names, ports, keys, sudo. WHO is `the primary (user@address)` or the like.',
    paths: /^src\/(?:errors|ssh\/(?!files)|cli\/(?:reach|source-key|last-questions))/,
  },
  {
    title: 'Your answers and flags',
    intro: 'Said before any host is changed.',
    paths: /^src\/(?:pair|cli\/(?!drill|watch|hand|explain|check|remove|upgrade|doctor|demo))/,
  },
  {
    title: 'Drills',
    intro: 'All of a drill: [drill.md](drill.md).',
    paths: /^src\/(?:drill|cli\/drill|screens\/drill)/,
  },
  {title: 'Explain', intro: '', paths: /^src\/(?:explain|cli\/explain)/},
  {title: 'Watch, status', intro: '', paths: /^src\/(?:cli\/watch|sampler|screens\/watch)/},
  {title: 'Pause, resume, promote, demote', intro: '', paths: /^src\/(?:cli\/hand|monitor\/hand)/},
  {
    title: 'Setup, and whatever changes a host',
    intro: 'Running it again is always safe: it goes on from what the hosts say.',
    paths: /^src\/(?:plan|phases|facts|ssh\/files|templates|screens\/setup|channels|gateway)/,
  },
];

const other = (path: string) => /^src\/(?:cli\/)?([^/]+)/.exec(path)?.[1]?.replace(/\.ts$/, '') ?? path;

/** The page, formatted as prettier wants it. */
export async function messagesPage(sources: Sources): Promise<string> {
  const failures = merged([
    ...aborts(sources),
    ...rows(sources),
    ...causes(sources),
    ...ends(sources),
  ]).filter(({sign}) => !sign);
  const places = [...new Set(failures.map(({path}) => titleOf(path)))];
  const named = sections.filter(({title}) => places.includes(title));
  const unnamed = places
    .filter((title) => !sections.some((section) => section.title === title))
    .toSorted()
    .map((title) => ({title, intro: ''}));
  const parts = [
    ...[...named, ...unnamed].map(({title, intro}) =>
      part(title, intro, failures.filter(({path}) => titleOf(path) === title).map(item)),
    ),
    part(
      'What setup waits for',
      'Its screen shows what is to be opened, added or copied, and goes on by itself.',
      merged(waits(sources)).map(item),
    ),
    part(
      'Findings of setup',
      'Shown with the plan. **blocks**: nothing is applied before it is put right. **warning**: it goes on.',
      merged([...findings(sources), ...rows(sources).filter(({sign}) => sign)]).map(item),
    ),
    part(
      'Split conflicts',
      'One login on two gateways is what this program exists to prevent. What to do: [operations.md](operations.md#both-bots-answer-or-the-split-is-in-conflict).',
      merged(conflicts(sources)).map(item),
    ),
    part(
      'The checklist of a drill',
      '**stop**: it does not begin. **warn**: it goes on, and you should know.',
      merged(checks(sources, /src\/drill\//, 1)).map(item),
    ),
    part(
      'Before pause, resume, promote and demote',
      '**stop**: nothing is asked of the monitor. **warn**: it is, when you confirm.',
      merged(checks(sources, /monitor\/hand\/checks/, 0)).map(item),
    ),
    part(
      'Not protected',
      'The verdict of `watch` and `status`, the first thing that stands in the way.',
      reasonItems(sources),
    ),
    alerts(),
  ];
  const contents = parts
    .map((text) => /^## (.*)/.exec(text)![1]!)
    .map((title) => `- [${title}](#${anchor(title)})`);
  return format(`${head}\n${contents.join('\n')}\n\n${parts.join('\n\n')}\n`, {
    parser: 'markdown',
    printWidth: 110,
  });
}

/** The lines of also.ts that no message begins with: they have outlived it. */
export function leftOver(sources: Sources): string[] {
  const all = [
    ...aborts(sources),
    ...rows(sources),
    ...checks(sources, /src\/drill\//, 1),
    ...checks(sources, /monitor\/hand\/checks/, 0),
  ].map(({say}) => short(say));
  return Object.keys(also).filter((begin) => !all.some((say) => say.startsWith(begin)));
}

/** Reasons of "Not protected" that also.ts says nothing about. */
export function unadvised(sources: Sources): string[] {
  return [...new Set(reasons(sources).map(({sign}) => sign!))].filter((words) => !(words in aboutReasons));
}

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

const titleOf = (path: string) =>
  sections.find(({paths}) => paths.test(path))?.title ?? `The command ${other(path)}`;

const part = (title: string, intro: string, items: readonly string[]) =>
  [`## ${title}`, ...(intro === '' ? [] : [intro]), items.join('\n')].join('\n\n');

/** `irc account "backup" (clawbak@irc.example.org)`: with and without who it is, it is one message. */
const short = (say: string) => say.replaceAll(' (LABEL)', '').replaceAll('……', '…').trim();

function merged(all: readonly Said[]): Said[] {
  const by = new Map<string, Said>();
  for (const one of all) {
    const say = short(one.say);
    const before = by.get(say);
    const next = [...new Set([...(before?.next ?? []), ...one.next])];
    by.set(say, {...(before ?? one), say, next});
  }
  return [...by.values()];
}

function item({say, next, exits, sign}: Said): string {
  const more = Object.entries(also).find(([begin]) => say.startsWith(begin))?.[1];
  const mark = [sign, exits.length > 0 && `exit ${exits.join(' or ')}`].filter(Boolean).join(', ');
  const steps = next.length > 0 ? next : more === undefined ? [] : [more];
  return [
    `- **${escaped(say)}**${mark === '' ? '' : ` _${mark}_`}`,
    ...steps.map((step) => `  - → ${escaped(step)}`),
  ].join('\n');
}

function reasonItems(sources: Sources): string[] {
  const by = new Map<string, string[]>();
  for (const {sign, say} of reasons(sources)) by.set(sign!, [...(by.get(sign!) ?? []), say]);
  return [...by].map(([words, says]) => {
    const told = says.filter((say) => /[a-z]/.test(say)).map((say) => `  - ${escaped(say)}`);
    const advised = aboutReasons[words];
    return [`- **${escaped(words)}**`, ...told, ...(advised ? [`  - → ${advised}`] : [])].join('\n');
  });
}

/** What the monitor tells: by ntfy, webhook, command; the same sentences are in its journal and in `openclaw-failover events`. */
function alerts(): string {
  const events = Object.entries<Advice>(advice).map(([event, told]) => {
    const said = table.filter((row) => row.event === event);
    const mark = [event, told.act && 'waits for you'].filter(Boolean).join(', ');
    const lines = said.map(({level, say}) => `  - ${level}: ${escaped(say.replaceAll(/\{\w+\}/g, '…'))}`);
    return [`- **${escaped(told.title)}** _${mark}_`, ...lines, `  - → ${escaped(told.advice)}`].join('\n');
  });
  return part(
    'What the monitor tells',
    'Each message has a title, what happened, why, and what to do. The name in italics is the `event` of the log and of a webhook; "waits for you": nothing puts it right by itself. Below the title stand the sentences of the log with their level; those that name the work of a job (workspace, hand-back, secrets) carry its own words.',
    events,
  );
}

/** Markdown that a sentence does not mean. */
const escaped = (text: string) =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[*<>[\]`]/g, (sign) => `\\${sign}`)
    .replaceAll(/\n/g, ' ')
    .trim();
