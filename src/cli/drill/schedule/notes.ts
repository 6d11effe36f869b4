import {access, constants} from 'node:fs/promises';
import {userInfo} from 'node:os';
import {delimiter, join} from 'node:path';
import type {Pair} from '../../../pair/schema.js';
import type {FormName} from './form.js';

/** What the operator has to know about what was written. */
export async function notesOf(
  form: FormName,
  {pair, run}: {pair: Pair; run: boolean},
  env: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const there = async (path: string) =>
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
  const onPath = async (program: string) =>
    (
      await Promise.all((env['PATH'] ?? '').split(delimiter).map((folder) => there(join(folder, program))))
    ).some(Boolean);
  const notes: string[] = [];
  if (form === 'timer' && !(await onPath('notify-send')))
    notes.push(
      'There is no notify-send on this machine: the reminder is only in the journal (journalctl --user). For a note on the desktop install libnotify-bin; for a mail use --with cron.',
    );
  if (form === 'cron' && !(await onPath('sendmail')) && !(await there('/usr/sbin/sendmail')))
    notes.push(
      'Cron sends its reminder as a mail, and there is no sendmail on this machine: without one, all that is left is a note on the desktop while you are logged in.',
    );
  if (!run) return notes;
  notes.push(keysNote(pair));
  if (form === 'timer' && !(await lingers()))
    notes.push(
      'A timer of yours runs while you are logged in. For a window when you are not: loginctl enable-linger',
    );
  if (form === 'launchd') notes.push('An agent of launchd runs while you are logged in.');
  return notes;
}

/** Nobody is there to type a passphrase, and no agent has the keys. Pure. */
export function keysNote(pair: Pick<Pair, 'primary' | 'standby'>): string {
  const none = (['primary', 'standby'] as const).filter((host) => pair[host].identityFile === undefined);
  const agent =
    'No SSH agent is there when a drill begins by itself: keys that are only in an agent cannot be used, nor those with a passphrase.';
  return none.length === 0
    ? agent
    : `${agent} The pair names no key for the ${none.join(' and the ')}: one without a passphrase has to be where OpenSSH looks by itself, or named by ${none.map((host) => `${host}.identityFile`).join(' and ')}.`;
}

/** Whether the user's systemd goes on without a login. */
async function lingers(): Promise<boolean> {
  try {
    await access(join('/var/lib/systemd/linger', userInfo().username));
    return true;
  } catch {
    return false;
  }
}
