import type {Resolved} from './resolve.js';

/** Who an account logs in as: a canonical text (only its fingerprint leaves the host) and a label to show. */
export interface Who {
  canonical: string;
  label: string;
}

export interface ResolvedAccount {
  channel: string;
  credentials: {field: string; resolved: NonNullable<Resolved>}[];
  settings: Record<string, Resolved>;
}

/** Ports on which one IRC network is usually reached, plain and with TLS: the same nick collides on all of them. */
const ircPorts = new Set([
  '6660',
  '6661',
  '6662',
  '6663',
  '6664',
  '6665',
  '6666',
  '6667',
  '6668',
  '6669',
  '6697',
  '7000',
]);

/** Channels whose credentials alone do not say who it is. */
const bySetting: Record<string, (account: ResolvedAccount) => Who | undefined> = {
  discord: (account) => withCredential(account, 'token', discordId, 'bot'),
  telegram: (account) => withCredential(account, 'botToken', (token) => /^(\d+):/.exec(token)?.[1], 'bot'),
  slack: (account) =>
    withCredential(account, 'botToken', (token) => /^xoxb-(\d+-\d+)-/.exec(token)?.[1], 'bot'),
  irc,
  matrix,
  signal(account) {
    const number = text(account, 'account')?.replaceAll(/[^\d+]/g, '');
    return number ? {canonical: `signal:${number}`, label: number} : undefined;
  },
  msteams: (account) => withSetting(account, 'appId', 'app'),
  feishu: (account) => withSetting(account, 'appId', 'app'),
  qqbot: (account) => withSetting(account, 'appId', 'app'),
  mattermost(account) {
    const token = credential(account, 'botToken');
    const url = text(account, 'baseUrl')?.replace(/\/+$/, '').toLowerCase();
    return token && url ? {canonical: `mattermost:${url}:${token}`, label: `a bot of ${url}`} : undefined;
  },
};

/** The identity of an account; undefined when it cannot be known from what was resolved. */
export function whoIs(account: ResolvedAccount): Who | undefined {
  const known = bySetting[account.channel]?.(account);
  if (known) return known;
  if (['irc', 'matrix', 'signal', 'whatsapp', 'mattermost'].includes(account.channel)) return undefined;
  const first = account.credentials.find(({resolved}) => 'value' in resolved);
  if (!first || !('value' in first.resolved)) return undefined;
  return {
    canonical: `${account.channel}:${first.field}:${first.resolved.value}`,
    label: `the login of its ${first.field}`,
  };
}

function irc(account: ResolvedAccount): Who | undefined {
  const host = text(account, 'host')?.toLowerCase().replace(/\.$/, '');
  const nick = text(account, 'nick');
  if (!host || !nick) return undefined;
  const tls = text(account, 'tls') ?? 'true';
  const port = text(account, 'port') ?? (['false', '0', 'no', 'off'].includes(tls) ? '6667' : '6697');
  // RFC 2812 2.2: {}|^ are the lower case of []\~.
  const folded = nick
    .toLowerCase()
    .replaceAll('[', '{')
    .replaceAll(']', '}')
    .replaceAll('\\', '|')
    .replaceAll('~', '^');
  const server = ircPorts.has(port) ? host : `${host}:${port}`;
  return {canonical: `irc:${server}/${folded}`, label: `${nick}@${host}:${port}`};
}

/** A full user id names its server already, so two spellings of a homeserver do not hide one account. */
function matrix(account: ResolvedAccount): Who | undefined {
  const userId = text(account, 'userId')?.toLowerCase();
  const server = text(account, 'homeserver')?.replace(/\/+$/, '').toLowerCase();
  if (userId?.includes(':')) return {canonical: `matrix:${userId}`, label: userId};
  if (userId && server) return {canonical: `matrix:${userId}@${server}`, label: `${userId} at ${server}`};
  const token = credential(account, 'accessToken');
  return token
    ? {canonical: `matrix:token:${token}`, label: server ? `an account at ${server}` : 'an account'}
    : undefined;
}

/** The first part of a bot token is the bot's id in base64. */
function discordId(token: string): string | undefined {
  const id = Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1');
  return /^\d{15,22}$/.test(id) ? id : undefined;
}

function withCredential(
  account: ResolvedAccount,
  field: string,
  idOf: (value: string) => string | undefined,
  what: string,
): Who | undefined {
  const value = credential(account, field);
  const id = value === undefined ? undefined : idOf(value);
  return id ? {canonical: `${account.channel}:${what}:${id}`, label: `${what} ${id}`} : undefined;
}

function withSetting(account: ResolvedAccount, field: string, what: string): Who | undefined {
  const id = text(account, field);
  return id
    ? {canonical: `${account.channel}:${what}:${id.toLowerCase()}`, label: `${what} ${id}`}
    : undefined;
}

function credential(account: ResolvedAccount, field: string): string | undefined {
  const found = account.credentials.find((entry) => entry.field === field)?.resolved;
  return found && 'value' in found ? found.value : undefined;
}

function text(account: ResolvedAccount, field: string): string | undefined {
  const found = account.settings[field];
  return found && 'value' in found ? found.value : undefined;
}
