import {statSync} from 'node:fs';
import {accountsOf} from '../../channels/program/accounts.js';
import type {Files} from '../../channels/program/files.js';
import {gatewayOf, parseInput, type InputLines} from '../../channels/program/input.js';
import {treeAt, valueAt} from '../../channels/program/plain-object.js';
import {lookAround} from '../../channels/program/read.js';
import {plainSecrets} from '../../channels/program/redact.js';
import {resolveSecret, resolveText, type Around} from '../../channels/program/resolve.js';
import {onlyOf} from './listeners.js';

/** How the gateway of this host is spoken to, as its config and its environment say. */
export interface Way {
  /** Where it may listen, likeliest first. */
  addresses: string[];
  port: number;
  token: string;
  /** Every secret of the config: none of them may be in what is told. */
  secrets: string[];
}

/** Only the default; `--port`, the environment and the config come first, in this order. */
const usualPort = 18_789;

/**
 * @returns a reason, one clause, where the gateway cannot be asked
 * @throws ConfigProblem when the config cannot be read
 */
export function wayTo(input: InputLines, files: Files): Way | {reason: string} {
  const {argv = '', ...given} = parseInput(input);
  const gateway = gatewayOf({argv, ...given}, files);
  const around = lookAround(gateway, files);
  const token = tokenOf(around);
  if (token === undefined) return {reason: 'the gateway has no token that could be read'};
  if ('unresolved' in token) return {reason: `the token of the gateway cannot be read: ${token.unresolved}`};
  const known = input.find(([name]) => name === 'addresses')?.[1] ?? '';
  return {
    addresses: addressesOf(around, Buffer.from(known, 'base64').toString('utf8').split('\n')),
    port: portOf(argv, around),
    token: token.value,
    secrets: [...accountsOf(around, 'none').secrets, ...plainSecrets(around.config), token.value],
  };
}

/** The gateway takes its secret as a token, whatever it calls it; its environment counts where the config has none. */
function tokenOf(around: Around) {
  const auth = treeAt(treeAt(around.config, 'gateway'), 'auth');
  const {mode} = auth;
  if (mode === 'none') return {value: ''};
  const field = mode === 'password' || mode === 'trusted-proxy' ? 'password' : 'token';
  const configured = resolveSecret(auth[field], around);
  if (configured) return configured;
  const value = around.env[`OPENCLAW_GATEWAY_${field.toUpperCase()}`]?.trim();
  return value ? {value} : undefined;
}

function portOf(argv: string, {config, env}: Around): number {
  const written = resolveText(valueAt(config, 'gateway.port'), env);
  const found = [
    /(?:^|\n)--port(?:=|\n)(\d+)/.exec(argv)?.[1],
    env['OPENCLAW_GATEWAY_PORT'],
    written && 'value' in written ? written.value : undefined,
  ].map(Number);
  return found.find((port) => port > 0 && port < 65_536) ?? usualPort;
}

/**
 * Where it was seen listening comes first, and of that loopback, where it takes its own helpers most readily; bound to
 * one address it may be there alone.
 */
function addressesOf({config, env}: Around, known: readonly string[]): string[] {
  const custom =
    valueAt(config, 'gateway.bind') === 'custom'
      ? resolveText(valueAt(config, 'gateway.customBindHost'), env)
      : undefined;
  const bound = custom && 'value' in custom ? [custom.value] : [];
  const seen = known.map((address) => (isWildcard(address) ? loopback : address));
  const all = [...seen.filter(isLoopback), ...seen, ...bound, loopback];
  const usable = all.filter(
    (address) => !isWildcard(address) && /^[\d.]+$|^[\da-f:]+:[\da-f:]*$/i.test(address),
  );
  return [...new Set(usable)];
}

const loopback = '127.0.0.1';
const isLoopback = (address: string) => address === loopback || address === '::1';
const isWildcard = (address: string) => address === '0.0.0.0' || address === '::';

/** Whether nobody but this user, which is the gateway's, would be told the token at this address. */
export function isOwn(address: string, port: number, files: Files): boolean {
  const read = (path: string) => {
    try {
      return files.read(path);
    } catch {
      // A host without IPv6 has no table of it.
      return '';
    }
  };
  const listening = {tcp: read('/proc/net/tcp'), tcp6: read('/proc/net/tcp6')};
  return onlyOf(process.getuid?.() ?? -1, address, port, listening);
}

/** A word that changes with the config, so that one that was edited is read again. */
export function stampOf(input: InputLines, files: Files): string {
  try {
    const {mtimeMs, size, ino} = statSync(gatewayOf(parseInput(input), files).configPath);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'none';
  }
}
