import type {Handled, Role} from './evidence.js';
import {readSmall, replaceFile} from './files.js';

/** `active 17`, `standby 18`. undefined: not such a line. */
export function parseRole(text: string): Role | undefined {
  const match = /^(active|standby) (\d{1,15})\n?$/.exec(text);
  return match ? {want: match[1] as Role['want'], seq: Number(match[2])} : undefined;
}

/** `active 17 0`: what root did about a role, and the exit code. undefined: not such a line. */
export function parseHandled(text: string): Handled | undefined {
  const match = /^(active|standby) (\d{1,15}) (\d{1,3})\n?$/.exec(text);
  return match
    ? {role: match[1] as Handled['role'], seq: Number(match[2]), code: Number(match[3])}
    : undefined;
}

/** undefined: no role was wished since boot. */
export async function readRole(file: string): Promise<Role | undefined> {
  return parseRole((await readSmall(file, 64)) ?? '');
}

/** Always a new file, also with the same text: the rename is what wakes the path unit. @throws when /run is full. */
export const writeRole = (file: string, role: Role) =>
  replaceFile(file, `${role.want} ${role.seq}\n`, {sync: false});

export async function readHandled(file: string): Promise<Handled | undefined> {
  return parseHandled((await readSmall(file, 64)) ?? '');
}
