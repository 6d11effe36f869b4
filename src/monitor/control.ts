import {randomUUID} from 'node:crypto';
import {chmod, rename, unlink, writeFile} from 'node:fs/promises';
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

/** Reason of the pause that setup makes while it changes the primary; by it setup knows its own again. */
export const setupsReason = 'failover-wizard changes the gateway of the primary';

/**
 * Pauses the failover; root's side of `pause`. A pause that is there is replaced.
 * @param ms how long; the caller has judged it (hand/length.ts)
 */
export async function writePause(file: string, ms: number, why: string, wallMs: number): Promise<void> {
  await request(file, `${Math.ceil((wallMs + ms) / 1000)} ${oneLine(why)}\n`);
}

/**
 * The pause of a setup: at least `ms` from now. One that the operator made stays theirs; it is made longer where it
 * would end too early, and `releasePause` never ends it.
 */
export async function holdPause(file: string, ms: number, wallMs: number): Promise<void> {
  const there = await readPause(file);
  const theirs = there && there.why !== setupsReason && there.untilMs > wallMs ? there : undefined;
  if (theirs && theirs.untilMs > wallMs + ms) return;
  await writePause(file, ms, theirs?.why ?? setupsReason, wallMs);
}

/** Ends setup's own pause. */
export async function releasePause(file: string): Promise<void> {
  if ((await readPause(file))?.why === setupsReason) await takeFile(file);
}

/**
 * Puts root's word into the monitor's folder. The monitor owns it, so the file is made beside the folder, where
 * only root can write, and renamed into it: a rename follows no link.
 */
export async function request(file: string, text = ''): Promise<void> {
  const folder = path.dirname(file);
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

/** Ends a pause, or takes a request away; true when the file was there. */
export async function takeFile(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch {
    return false;
  }
}
