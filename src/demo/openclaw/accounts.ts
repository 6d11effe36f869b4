import {isDeepStrictEqual} from 'node:util';
import {channelOff} from '../../channels/program/enabled.js';
import {accountNames} from '../../channels/program/names.js';
import {isTree, treeAt, valueAt, type Tree} from '../../channels/program/plain-object.js';
import {resolveFile, resolveSecret, resolveText} from '../../channels/program/resolve.js';
import {notChannels} from '../../channels/program/table.js';
import type {Loaded} from './config.js';

/** One channel account of the config. */
export interface Account {
  channel: string;
  id: string;
  enabled: boolean;
  /** How it logs in; undefined: the stand-in does not speak its channel, or it says too little. */
  irc: IrcSettings | undefined;
}

export interface IrcSettings {
  host: string;
  port: number;
  tls: boolean;
  nick: string;
  username: string;
  realname: string;
  password: string | undefined;
  nickservPassword: string | undefined;
  /** Joined after the login. */
  channels: string[];
  dmPolicy: string;
  allowFrom: string[];
  /** An entry of `allowFrom` may be a nick alone. */
  byNick: boolean;
  groupPolicy: string;
  groupAllowFrom: string[];
}

/** Every account that a gateway with this config has. */
export function accountsOf({config, around}: Pick<Loaded, 'config' | 'around'>): Account[] {
  const channels = treeAt(config, 'channels');
  const names = Object.keys(channels).filter((name) => !notChannels.has(name));
  return names.flatMap((channel) => {
    const section = treeAt(channels, channel);
    return accountNames(channel, around).flatMap(({name, named}): Account[] => {
      const merged = mergeAccount(section, named ? name : undefined);
      const irc = channel === 'irc' ? ircSettings(merged, name === 'default', around) : undefined;
      if (!named && channel === 'irc' && !irc) return [];
      const enabled =
        channelOff(config, channel) === undefined && section.enabled !== false && merged.enabled !== false;
      return [{channel, id: name, enabled, irc}];
    });
  });
}

export const sameAccount = (one: Account, other: Account): boolean => isDeepStrictEqual(one, other);

/** The account's own fields win whole, but for those of NickServ. */
function mergeAccount(section: Tree, name: string | undefined): Tree {
  const {accounts: _accounts, defaultAccount: _default, ...base} = section;
  if (name === undefined) return base;
  const own = treeAt(treeAt(section, 'accounts'), name);
  const nickserv =
    isTree(base.nickserv) && isTree(own.nickserv) ? {nickserv: {...base.nickserv, ...own.nickserv}} : {};
  return {...base, ...own, ...nickserv};
}

function ircSettings(merged: Tree, isDefault: boolean, around: Loaded['around']): IrcSettings | undefined {
  const text = (field: string, env?: string) => {
    const found = resolveText(valueAt(merged, field), around.env);
    if (found && 'value' in found) return found.value;
    return (isDefault && env && around.env[env]?.trim()) || undefined;
  };
  const secret = (field: string, file: string, env: string) => {
    const found = resolveSecret(valueAt(merged, field), around) ?? resolveFile(valueAt(merged, file), around);
    if (found && 'value' in found) return found.value;
    return (isDefault && around.env[env]?.trim()) || undefined;
  };
  const list = (field: string) => {
    const value = merged[field];
    return Array.isArray(value) ? value.map(String) : [];
  };
  const host = text('host', 'IRC_HOST');
  const nick = text('nick', 'IRC_NICK');
  if (!host || !nick) return undefined;
  const tls = !/^(?:false|0|no|off)$/i.test(text('tls', 'IRC_TLS') ?? 'true');
  return {
    host,
    port: Number(text('port', 'IRC_PORT')) || (tls ? 6697 : 6667),
    tls,
    nick,
    username: text('username') ?? 'openclaw',
    realname: text('realname') ?? 'OpenClaw',
    password: secret('password', 'passwordFile', 'IRC_PASSWORD'),
    nickservPassword: secret('nickserv.password', 'nickserv.passwordFile', 'IRC_NICKSERV_PASSWORD'),
    channels: list('channels'),
    dmPolicy: text('dmPolicy') ?? 'pairing',
    allowFrom: list('allowFrom'),
    byNick: merged.dangerouslyAllowNameMatching === true,
    groupPolicy: text('groupPolicy') ?? 'allowlist',
    groupAllowFrom: list('groupAllowFrom'),
  };
}

/** Whether somebody (`nick!user@host`) may talk to the bot: privately, or in a channel. */
export function mayTalk(from: string, place: 'private' | 'channel', settings: IrcSettings): boolean {
  const policy = place === 'private' ? settings.dmPolicy : settings.groupPolicy;
  if (policy === 'disabled') return false;
  if (policy === 'open' && place === 'channel') return true;
  const own = place === 'channel' && settings.groupAllowFrom.length > 0;
  return (own ? settings.groupAllowFrom : settings.allowFrom).some((entry) =>
    isMeant(entry, from, settings.byNick),
  );
}

/**
 * An entry is `*`, `nick!user@host`, `nick@host` or `nick!user`, with `irc:` and `user:` allowed before it; a nick alone,
 * which anybody may take, only where the config says so (OpenClaw's extensions/irc/src/normalize.ts).
 */
function isMeant(entry: string, from: string, byNick: boolean): boolean {
  const who = entry
    .trim()
    .toLowerCase()
    .replace(/^(?:irc:)?(?:user:)?/, '')
    .trim();
  const [, nick, user, host] = /^([^!@]*)!([^@]*)@(.*)$/.exec(from.toLowerCase()) ?? [];
  if (nick === undefined || who === '*') return who === '*';
  const names = [`${nick}!${user}`, `${nick}@${host}`, `${nick}!${user}@${host}`, ...(byNick ? [nick] : [])];
  return names.includes(who);
}
