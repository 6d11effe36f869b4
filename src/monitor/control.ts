import {mkdir, unlink} from 'node:fs/promises';
import path from 'node:path';
import {oneLine, readSmall, replaceFile} from './files.js';

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
  await mkdir(path.dirname(file), {recursive: true});
  await replaceFile(file, `${Math.ceil(wallMs / 1000 + minutes * 60)} ${oneLine(why)}\n`, {sync: false});
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
