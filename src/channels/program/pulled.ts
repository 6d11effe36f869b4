import {isDeepStrictEqual} from 'node:util';
import type {AccountFact} from '../types.js';
import {parseDotenv, quoteDotenv, type Environment} from './environment.js';
import {channelRules} from './table.js';

/** One file of a pulled set. */
export interface PulledFile {
  name: string;
  text: string;
}

/** What a gateway here logs in with a given environment from pulled files, and every channel secret of it. */
export type AccountsWith = (pulled: Environment) => {accounts: AccountFact[]; secrets: string[]};

/** The whole set in one env file, or why none of it may be used: a sentence with names and never a value. */
export type Judged = {text: string} | {refused: string};

/** Most names in a set: it holds secrets, not settings. */
const maxNames = 500;

/**
 * Judges a pulled set before it may replace the one in force. Channel credentials are no business of it, whoever
 * owns them: neither by their name, nor by their look, nor as a value that this standby logs in with; and whatever
 * it holds must leave alone who the gateway logs in as.
 */
export function judgePulled(files: readonly PulledFile[], accountsWith: AccountsWith): Judged {
  const found = new Map<string, {value: string; file: string}>();
  for (const {name: file, text} of files) {
    const wrong = wrongLine(text);
    if (wrong !== undefined)
      return {refused: `line ${wrong} of ${file} is no assignment of one value to one name`};
    const entries = Object.entries(parseDotenv(text));
    if (entries.length === 0) return {refused: `${file} holds no secret`};
    for (const [name, value] of entries) {
      const twin = found.get(name);
      if (twin && twin.value !== value)
        return {refused: `${name} is in ${twin.file} and ${file} with different values`};
      const why = wrongName(name) ?? wrongValue(value);
      if (why !== undefined) return {refused: `${name} in ${file} ${why}`};
      found.set(name, {value, file});
    }
  }
  if (found.size > maxNames) return {refused: `it holds more than ${maxNames} names`};
  const pulled: Environment = Object.fromEntries([...found].map(([name, {value}]) => [name, value]));
  const without = accountsWith({});
  const own = new Set(without.secrets);
  for (const [name, {value, file}] of found) {
    if (own.has(value) || own.has(value.trim()))
      return {refused: `${name} in ${file} has the value of a channel credential of this standby`};
  }
  const changed = changedAccount(without.accounts, accountsWith(pulled).accounts);
  if (changed !== undefined)
    return {
      refused: `with it the gateway would log in another ${changed}, and channel credentials are not pulled`,
    };
  return together(pulled);
}

/** Number of the first line that dotenv and a person could read differently; undefined: there is none. */
function wrongLine(text: string): number | undefined {
  const index = text.split(/\r?\n/).findIndex((line) => !isPlain(line));
  return index < 0 ? undefined : index + 1;
}

/** A comment, nothing, or one assignment whose quotes close in the same line; a # inside needs quotes. */
function isPlain(line: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000A-\u001F\u007F\uFFFD]/.test(line)) return false;
  if (/^\s*(?:#.*)?$/.test(line)) return true;
  const value = /^\s*(?:export\s+)?[A-Za-z_]\w*=\s*(.*)$/.exec(line)?.[1];
  if (value === undefined) return false;
  const quote = /^['"`]/.exec(value)?.[0];
  const whole = quote === undefined ? /^[^#]*(?:(?<=^|\s)#.*)?$/ : closed(quote);
  return whole.test(value);
}

const closed = (quote: string) => new RegExp(`^${quote}[^${quote}]*${quote}\\s*(?:#.*)?$`);

/** Variables that say how programs run and where they look, ours and OpenClaw's among them. */
const steering =
  /^(?:PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|TMPDIR|ENV|IFS|BASH_.*|(?:LD|DYLD|OPENCLAW|FAILOVER|XDG|SYSTEMD|NPM_CONFIG)_.*|NODE_(?!AUTH_TOKEN$).*|(?:HTTPS?|ALL|NO|FTP)_PROXY|PYTHON(?:PATH|HOME|STARTUP)|PERL(?:5?LIB|5OPT)|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|GIT_(?:CONFIG|SSH|EXEC_PATH|ASKPASS|EXTERNAL_DIFF|EDITOR|PAGER|DIR).*|SSH_(?:ASKPASS|AUTH_SOCK).*|SSL_CERT_.*)$/i;

/** Names that OpenClaw's channels read by themselves. */
const channelNames: ReadonlyMap<string, string> = new Map(
  channelRules.flatMap(({channel, credentials, settings}) =>
    [...credentials.flatMap(({env, envFile}) => [env, envFile]), ...Object.values(settings)].flatMap(
      (name) => (name === undefined ? [] : [[name, channel] as const]),
    ),
  ),
);

function wrongName(name: string): string | undefined {
  const upper = name.toUpperCase();
  const channel =
    channelNames.get(upper) ??
    channelRules.find((rule) => upper.startsWith(`${rule.channel.replaceAll('-', '_').toUpperCase()}_`))
      ?.channel;
  if (channel !== undefined)
    return `belongs to the channel ${channel}, and channel credentials are not pulled`;
  return steering.test(name) ? 'steers how programs run, so it is not taken from elsewhere' : undefined;
}

/** Tokens that say by themselves which chat service they log in to. */
const looks: readonly [channel: string, look: RegExp][] = [
  ['slack', /^(?:xox[a-z]|xapp)-[\w-]{10,}$/],
  ['telegram', /^\d{6,}:[\w-]{30,}$/],
  // The first part is the bot's id, digits in base64.
  ['discord', /^(?:Bot\s+)?[MNO][\w-]{22,27}\.[\w-]{6,7}\.[\w-]{27,}$/i],
  ['matrix', /^(?:syt_|mat_)[\w-]{16,}/],
  ['nostr', /^nsec1[a-z0-9]{50,}$/],
];

function wrongValue(value: string): string | undefined {
  const channel = looks.find(([, look]) => look.test(value.trim()))?.[0];
  return channel && `looks like a credential of ${channel}, and channel credentials are not pulled`;
}

/** The first account that only one of the two readings has, or has differently. */
function changedAccount(before: readonly AccountFact[], after: readonly AccountFact[]): string | undefined {
  const nameOf = ({channel, account}: AccountFact) => `${channel} account ${account}`;
  const names = new Set([...before, ...after].map(nameOf));
  const named = (list: readonly AccountFact[], name: string) => list.filter((one) => nameOf(one) === name);
  return [...names].find((name) => !isDeepStrictEqual(named(before, name), named(after, name)));
}

/** One env file of it all, in a form that every reader of such files takes the same way. */
function together(pulled: Environment): Judged {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(pulled)) {
    const quoted = quoteDotenv(value);
    const line = `${name}=${quoted}`;
    if (quoted === undefined || parseDotenv(`${line}\n`)[name] !== value)
      return {refused: `the value of ${name} cannot be written into an env file`};
    lines.push(line);
  }
  return {text: `${lines.join('\n')}\n`};
}
