import {userInfo} from 'node:os';
import {Abort, Exit} from '../errors.js';

/** What an operator writes to name a host: `user@host`, `host:port`, `[2001:db8::1]:22`, or an OpenSSH alias. */
export interface Target {
  text: string;
  user?: string;
  host: string;
  port?: number;
}

const shape = /^(?:([^@\s]+)@)?(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^@\s:/[\]]+))(?::(\d{1,5}))?$/;

/** @throws Abort (usage) when the text cannot name a host, or looks like an option of ssh. */
export function parseTarget(text: string): Target {
  const match = shape.exec(text);
  const host = match?.[2] ?? match?.[3];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  const user = match?.[1];
  const bad =
    host === undefined || host.startsWith('-') || user?.startsWith('-') || port === 0 || (port ?? 0) > 65_535;
  if (bad) {
    throw new Abort(`"${text}" does not name a host.`, {
      next: ['Write it as user@host or user@host:port; IPv6 goes in brackets: user@[2001:db8::1]:22.'],
      exit: Exit.usage,
    });
  }
  return {text, ...(user === undefined ? {} : {user}), host, ...(port === undefined ? {} : {port})};
}

/** The name a host has in known_hosts: lower case, `[name]:port` where the port is not 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** `user@host`, with the port where it is not 22 and brackets around IPv6. */
export function describeEndpoint(at: {user: string; host: string; port: number}): string {
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return `${at.user}@${host}${at.port === 22 ? '' : `:${at.port}`}`;
}

/** The operator's own login name; `root` where the system cannot say. */
export function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'root';
  }
}
