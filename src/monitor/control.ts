import {randomUUID} from 'node:crypto';
import {chmod, mkdir, rename, unlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {oneLine, readSmall} from './files.js';

/** A pause as root wrote it. */
export interface PauseRequest {
  /** Wall clock of this host, epoch ms. */
  untilMs: number;
  why: string;
  /** The text itself: a pause is taken in once, so that a stepped clock does not lengthen or end it. */
  id: string;
}

/** ms; a pause that is forgotten must not leave the pair unprotected for long. */
export const longestPauseMs = 4 * 60 * 60 * 1000;

/** `EPOCH_SECONDS why`; undefined: not such a line. */
export function parsePause(text: string | undefined): PauseRequest | undefined {
  const match = /^(\d{1,12})(?: ([^\n]*))?\n?$/.exec(text ?? '');
  return match
    ? {untilMs: Number(match[1]) * 1000, why: oneLine(match[2] || 'no reason given'), id: oneLine(match[0])}
    : undefined;
}

export const readPause = async (file: string) => parsePause(await readSmall(file, 1024));

/**
 * Pauses the failover; root's side of `pause`.
 * @throws RangeError when the time is not from 1 to 240 min.
 */
export async function writePause(file: string, minutes: number, why: string, wallMs: number): Promise<void> {
  if (!Number.isFinite(minutes) || minutes < 1 || minutes * 60_000 > longestPauseMs)
    throw new RangeError(`A pause lasts from 1 to ${longestPauseMs / 60_000} minutes.`);
  await request(file, `${Math.ceil(wallMs / 1000 + minutes * 60)} ${oneLine(why)}\n`);
}

/**
 * Puts root's word into the monitor's folder. The monitor owns it, so the file is made beside the folder, where
 * only root can write, and renamed into it: a rename follows no link.
 */
export async function request(file: string, text = ''): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, {recursive: true});
  const temporary = path.join(path.dirname(folder), `failover-request-${randomUUID()}`);
  await writeFile(temporary, text, {flag: 'wx'});
  try {
    // Whatever root's umask is, the monitor must be able to read it.
    await chmod(temporary, 0o644);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Ends a pause, or takes an operator's request; true when the file was there. */
export async function takeFile(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch {
    return false;
  }
}
