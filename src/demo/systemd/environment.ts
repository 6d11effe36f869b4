import {mkdirSync, readFileSync, chmodSync, rmSync} from 'node:fs';
import type {Account} from './accounts.js';
import {Refusal} from './machine.js';
import type {Folder, ServiceText} from './service-text.js';
import {environmentFile, type Specifiers} from './words.js';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What a process of a service finds in its environment, later ones win: of the manager, `Environment=`,
 * `EnvironmentFile=`.
 * @param always what a manager of a user gives to everything it begins
 * @throws Refusal when a file that must be there is not
 */
export function environmentOf(
  {env, envFiles, folders, user}: ServiceText,
  {
    root,
    account,
    invocation,
    always,
  }: {root: string; account: Account; invocation: string; always: Record<string, string> | undefined},
): Record<string, string> {
  const made: Record<string, string> = {LANG: 'C.UTF-8', PATH: systemPath, INVOCATION_ID: invocation};
  if (always || user !== undefined) {
    Object.assign(made, {
      HOME: account.home,
      LOGNAME: account.name,
      USER: account.name,
      SHELL: account.shell,
    });
  }
  Object.assign(made, always);
  for (const {variable, path} of folders) {
    made[variable] = made[variable] === undefined ? path : `${made[variable]}:${path}`;
  }
  Object.assign(made, Object.fromEntries(env));
  for (const {path, optional} of envFiles) {
    try {
      Object.assign(made, Object.fromEntries(environmentFile(readFileSync(`${root}${path}`, 'utf8'))));
    } catch {
      if (!optional)
        throw new Refusal(`Failed to load environment files: ${path}: No such file or directory`);
    }
  }
  return made;
}

/** Their owner cannot be set: everything in a sandbox is the operator's. */
export function makeFolders(root: string, folders: readonly Folder[]): void {
  for (const {path, mode} of folders) {
    mkdirSync(`${root}${path}`, {recursive: true});
    chmodSync(`${root}${path}`, mode);
  }
}

export function takeFolders(root: string, folders: readonly Folder[]): void {
  for (const {path, stays} of folders) {
    if (!stays) rmSync(`${root}${path}`, {recursive: true, force: true});
  }
}

/** What specifiers of systemd.unit(5) stand for. */
export function specifiersOf(
  id: string,
  {account, hostname, userRun}: {account: Account; hostname: string; userRun: string | undefined},
): Specifiers {
  const dot = id.lastIndexOf('.');
  const name = dot < 0 ? id : id.slice(0, dot);
  const at = name.indexOf('@');
  const prefix = at < 0 ? name : name.slice(0, at);
  const instance = at < 0 ? '' : name.slice(at + 1);
  const ofUser = userRun !== undefined;
  return {
    n: id,
    N: name,
    p: prefix,
    i: instance,
    I: instance.replaceAll('-', '/'),
    h: account.home,
    u: account.name,
    U: String(account.uid),
    s: account.shell,
    H: hostname,
    l: hostname.split('.')[0]!,
    t: userRun ?? '/run',
    S: ofUser ? `${account.home}/.config` : '/var/lib',
    C: ofUser ? `${account.home}/.cache` : '/var/cache',
    L: ofUser ? `${account.home}/.config/log` : '/var/log',
    E: ofUser ? `${account.home}/.config` : '/etc',
    T: '/tmp',
    V: '/var/tmp',
  };
}
