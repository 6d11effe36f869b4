import {readFileSync} from 'node:fs';
import type {Machine} from './machine.js';

/** A user of the host. */
export interface Account {
  name: string;
  uid: number;
  home: string;
  shell: string;
}

/** As /etc/passwd of the host has it; undefined: there is no such user. */
export function accountOf(machine: Machine, name: string): Account | undefined {
  const uid = machine.uidOf(name);
  if (uid === undefined) return undefined;
  const [, , , , , home, shell] = passwd(machine).find(([first]) => first === name) ?? [];
  return {name, uid, home: home || (uid === 0 ? '/root' : `/home/${name}`), shell: shell || '/bin/sh'};
}

/** The name of a uid of the host. */
export const nameOf = (machine: Machine, uid: number): string | undefined =>
  uid === 0 ? 'root' : passwd(machine).find(([, , one]) => one === String(uid))?.[0];

function passwd({root}: Machine): string[][] {
  try {
    return readFileSync(`${root}/etc/passwd`, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
