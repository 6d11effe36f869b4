import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {accountOf} from './accounts.js';
import {Refusal, type Machine, type Output} from './machine.js';
import {Options, type Known} from './options.js';

const known: Known = {
  flags: 'value no-pager no-legend no-ask-password all full',
  values: 'property value-of',
  short: 'p=property P=value-of a=all l=full',
};

const folder = '/var/lib/systemd/linger';
export const lingers = ({root}: Machine, user: string): boolean => existsSync(`${root}${folder}/${user}`);

interface Users {
  machine: Machine;
  /** Who asks. */
  user: string;
  out: Output;
  isUp: (user: string) => boolean;
  begin: (user: string) => Promise<void>;
  /** That it does not linger any more. */
  leave: (user: string) => Promise<void>;
}

/** Whether users' own managers run without a login. */
export async function loginctl(argv: readonly string[], users: Users): Promise<number> {
  const options = new Options(argv, known, 'loginctl');
  const [verb = 'list-sessions', ...names] = options.words;
  const {machine, user, out} = users;
  const wanted = names.length === 0 ? [user] : names;
  if (verb === 'enable-linger' || verb === 'disable-linger') {
    for (const name of wanted) {
      if (!accountOf(machine, name)) throw new Refusal(`Failed to look up user ${name}: No such process`);
      if (user !== 'root' && user !== name)
        throw new Refusal(`Could not ${verb.replace('-', ' ')}: Interactive authentication required.`);
      mkdirSync(machine.root + folder, {recursive: true});
      if (verb === 'enable-linger') writeFileSync(`${machine.root}${folder}/${name}`, '');
      else rmSync(`${machine.root}${folder}/${name}`, {force: true});
      // oxlint-disable-next-line no-await-in-loop
      await (verb === 'enable-linger' ? users.begin(name) : users.leave(name));
    }
    return 0;
  }
  if (verb === 'show-user') {
    const only = [...options.all('property'), ...options.all('value-of')].flatMap((one) => one.split(','));
    const bare = options.has('value') || options.has('value-of');
    for (const name of wanted) {
      const account = accountOf(machine, name);
      if (!account) throw new Refusal(`Failed to look up user ${name}: No such process`);
      if (!users.isUp(name))
        throw new Refusal(`Failed to get user: User ID ${account.uid} is not logged in or lingering`);
      const told = {
        UID: String(account.uid),
        Name: name,
        RuntimePath: `/run/user/${account.uid}`,
        Service: `user@${account.uid}.service`,
        State: lingers(machine, name) ? 'lingering' : 'online',
        Linger: lingers(machine, name) ? 'yes' : 'no',
      };
      for (const [key, value] of Object.entries(told)) {
        if (only.length === 0 || only.includes(key)) out.stdout(`${bare ? value : `${key}=${value}`}\n`);
      }
    }
    return 0;
  }
  if (verb === 'list-sessions') {
    out.stdout('No sessions.\n');
    return 0;
  }
  throw new Refusal(`Unknown command verb ${verb}.`);
}
