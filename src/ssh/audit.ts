import {appendFileSync, mkdirSync, renameSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Secret} from '../secret.js';
import type {Audit} from './host.js';

/** An audit log that also knows secrets, should one ever turn up in a command. */
export type FileAudit = Audit & {
  /** From now on, these are written as `[redacted]`. */
  conceal: (...secrets: Secret[]) => void;
};

export interface FileAuditOptions {
  /** Bytes at which the file becomes `FILE.1` and a new one begins. Default 5 MiB. */
  rotateAt?: number;
  /** Told once, with one sentence, when the log cannot be written; the work goes on. */
  onTrouble?: (sentence: string) => void;
}

/** Longest command that is kept. */
const longest = 4_096;
/** A shorter secret is more likely a word of a command than a leak. */
const shortest = 4;

/** The text with every secret in it replaced by `[redacted]`. */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length >= shortest) clean = clean.replaceAll(value, String(secret));
  }
  return clean;
}

/**
 * Appends one JSON line per command to a file (0600 in a folder 0700, both made when needed). Written at once
 * and not later: the line is there even when the program is killed the moment after.
 */
export function fileAudit(
  path: string,
  {rotateAt = 5 * 2 ** 20, onTrouble}: FileAuditOptions = {},
): FileAudit {
  const secrets = new Set<Secret>();
  let troubled = false;
  const audit: Audit = (entry) => {
    const command = redact(entry.command, secrets);
    const line = JSON.stringify({
      ...entry,
      command: command.length > longest ? `${command.slice(0, longest)}…` : command,
    });
    try {
      rotate(path, rotateAt);
      appendFileSync(path, `${line}\n`, {mode: 0o600});
    } catch (error) {
      if (!troubled) onTrouble?.(`The audit log ${path} cannot be written: ${String(error)}.`);
      troubled = true;
    }
  };
  try {
    mkdirSync(dirname(path), {recursive: true, mode: 0o700});
  } catch {
    // The first entry tells.
  }
  return Object.assign(audit, {
    conceal: (...more: Secret[]) => more.forEach((secret) => secrets.add(secret)),
  });
}

function rotate(path: string, at: number): void {
  const size = statSync(path, {throwIfNoEntry: false})?.size ?? 0;
  if (size >= at) renameSync(path, `${path}.1`);
}
