import {Abort, Exit} from '../errors.js';
import {absolute} from '../pair/absolute.js';
import {notifySecrets} from '../pair/notify.js';
import {getAt, pathText, withValue, type Draft, type Path} from '../pair/path.js';
import {notifyFlag, notifyOfFlags, notifyWords} from './notify-flag.js';
import {attributeOf, flagged, flaggedGroups, secretFlag, settingFlag} from './questions/table.js';

/** An option as the program registers it. */
export interface FlagOption {
  flags: string;
  describe: string;
  /** May be given several times. */
  many: boolean;
  /** Heading in the help. */
  group: string;
  choices?: readonly string[];
}

/** The options of `setup` that give a decision, from the table of questions. */
export function decisionOptions(): FlagOption[] {
  return [
    ...flaggedGroups.flatMap(([group, questions]) =>
      questions.flatMap(({flag}) => {
        if (!flag) return [];
        const {flags, describe, choices} = flag;
        return [{flags, describe, many: false, group, ...(choices && {choices})}];
      }),
    ),
    {
      flags: settingFlag,
      describe: "a setting of the standby's account, e.g. host=irc.example.org (repeat for more)",
      many: true,
      group: 'Channel account and model',
    },
    {
      flags: secretFlag,
      describe: 'where a secret comes from: token=env:NAME, ANTHROPIC_API_KEY=file:~/key (repeat for more)',
      many: true,
      group: 'Secrets',
    },
    {
      flags: notifyFlag,
      describe:
        'who is told: webhook=env:NAME, ntfy=env:TOPIC, command=/path, ping=env:NAME, or none (repeat for more)',
      many: true,
      group: 'Standby and monitor',
    },
  ];
}

/**
 * Flags as an answers object. Values are judged later, with everything else.
 * @throws Abort (exit 2) for a `--secret` or `--setting` that has no `=`.
 */
export function draftOfFlags(options: Readonly<Record<string, unknown>>, folder: string): Draft {
  let draft: Draft = {};
  for (const {path, flag} of flagged) {
    if (!flag) continue;
    const given = options[attributeOf(flag.flags)];
    if (typeof given === 'string') draft = withValue(draft, path, flag.parse ? flag.parse(given) : given);
  }
  for (const text of texts(options[attributeOf(settingFlag)])) {
    const [name, value] = split(text, '--setting', 'host=irc.example.org');
    draft = withValue(draft, ['channel', 'settings', ...name.split('.')], jsonOr(value));
  }
  for (const text of texts(options[attributeOf(secretFlag)])) {
    const [name, source] = split(text, '--secret', 'token=env:NAME');
    draft = withValue(draft, secretPath(name), sourceOf(name, source));
  }
  const notify = texts(options[attributeOf(notifyFlag)]);
  if (notify.length > 0) draft = withValue(draft, ['notify'], notifyOfFlags(notify));
  return absolute(draft, folder);
}

/** A name in capitals is a model's, `network.authKey` is itself, the rest are fields of the channel account. */
export function secretPath(name: string): Path {
  if (name === 'authKey' || name === 'network.authKey') return ['network', 'authKey'];
  const full = /^(channel|model)\.secrets\.(.+)$/.exec(name);
  if (full) return [full[1] ?? '', 'secrets', full[2] ?? ''];
  return [/^[A-Z][A-Z0-9_]*$/.test(name) ? 'model' : 'channel', 'secrets', name];
}

function sourceOf(name: string, text: string): unknown {
  const match = /^(env|file):(.+)$/s.exec(text);
  if (match) return {[match[1] ?? '']: match[2]};
  // The text is not repeated: it may be the secret itself.
  throw new Abort(
    `--secret ${name}: must be env:NAME or file:PATH; a secret itself never goes on the command line.`,
    {
      exit: Exit.usage,
    },
  );
}

function split(text: string, flag: string, example: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Abort(`${flag} must look like ${example}.`, {exit: Exit.usage});
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** `6667`, `true`, `["a"]` are what they look like; a snowflake id is too long for a number and stays text. */
function jsonOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}

/** The command line that gives the same answers again; secrets only by where they come from. */
export function againCommand(
  draft: Draft,
  {answers, unattended = false}: {answers?: string; unattended?: boolean} = {},
): {command: string; typed: string[]} {
  const name = getAt(draft, ['name']);
  const words = ['failover-wizard', 'setup'];
  if (typeof name === 'string' && name !== 'default') words.push('--pair', name);
  const typed = [...secretSources(draft), ...notifySources(draft)].filter(
    ([, source]) => getAt(source, ['prompt']) === true,
  );
  if (answers !== undefined) words.push('--answers', answers);
  else words.push(...decisionWords(draft));
  if (unattended) words.push('--no-input', '--yes');
  return {command: words.map(quoted).join(' '), typed: typed.map(([path]) => pathText(path))};
}

function decisionWords(draft: Draft): string[] {
  const words: string[] = [];
  for (const {path, flag} of flagged) {
    const value = getAt(draft, path);
    if (!flag || value === undefined || path[1] === 'settings') continue;
    const text = flag.print ? flag.print(value) : String(value);
    if (text !== '') words.push(flag.flags.split(' ')[0] ?? '', text);
  }
  for (const [key, value] of Object.entries(
    (getAt(draft, ['channel', 'settings']) as Draft | undefined) ?? {},
  )) {
    words.push(
      '--setting',
      `${key}=${typeof value === 'string' && jsonOr(value) === value ? value : JSON.stringify(value)}`,
    );
  }
  for (const [path, source] of secretSources(draft)) {
    const form = ['env', 'file'].find((one) => getAt(source, [one]) !== undefined);
    if (form !== undefined)
      words.push('--secret', `${pathText(path)}=${form}:${String(getAt(source, [form]))}`);
  }
  // With one that was typed the saved pair is what knows them all.
  words.push(...(notifyWords(getAt(draft, ['notify'])) ?? []));
  return words;
}

function secretSources(draft: Draft): [Path, unknown][] {
  const found: [Path, unknown][] = [];
  const authKey = getAt(draft, ['network', 'authKey']);
  if (authKey !== undefined) found.push([['network', 'authKey'], authKey]);
  for (const section of ['channel', 'model']) {
    const secrets = getAt(draft, [section, 'secrets']) as Draft | undefined;
    for (const [name, source] of Object.entries(secrets ?? {}))
      found.push([[section, 'secrets', name], source]);
  }
  return found;
}

const notifySources = (draft: Draft): [Path, unknown][] =>
  notifySecrets(draft).map(({path}) => [path, getAt(draft, path)]);

/** For copying into a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) && !word.startsWith('~')
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
