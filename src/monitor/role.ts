import type {Handled, Role} from './evidence.js';
import {oneLine, readSmall, replaceFile} from './files.js';

/** `active 17`, `standby 18`, `active 19 kill`. undefined: not such a line. */
export function parseRole(text: string): Role | undefined {
  const match = /^(active|standby) (\d{1,15})( kill)?\n?$/.exec(text);
  return match
    ? {want: match[1] as Role['want'], seq: Number(match[2]), ...(match[3] && {kill: true})}
    : undefined;
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
  replaceFile(file, `${role.want} ${role.seq}${role.kill ? ' kill' : ''}\n`, {sync: false});

/** `why` has a line only where root had something to say; it begins with the sequence that it belongs to. */
export async function readHandled(file: string, whyFile: string): Promise<Handled | undefined> {
  const handled = parseHandled((await readSmall(file, 64)) ?? '');
  const [, seq, why] = /^(\d{1,15}) (.+)$/m.exec((await readSmall(whyFile, 512)) ?? '') ?? [];
  return handled && why && Number(seq) === handled.seq ? {...handled, why: oneLine(why)} : handled;
}
