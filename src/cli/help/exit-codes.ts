import type {Exit} from '../../errors.js';

export type ExitName = keyof typeof Exit;

/** What each exit code means, for help, man page and docs; a command may say it in words of its own (`Page.exits`). */
export const exitWords = {
  ok: 'done, or nothing to do',
  failed: 'something failed; the sentence on stderr says what, and what to try',
  usage: 'the command line, the answers or the saved pair are wrong; nothing was touched',
  degraded: 'it works, and something about it is wrong',
  unreachable: 'a host cannot be reached',
  split: 'a channel account is on both hosts (split conflict)',
  timeout: 'a host did not finish something in time',
  interrupted: 'ended with Ctrl+C',
  unread: 'whoever read the output went away before its end',
  terminated: 'ended by a signal, or the terminal is gone',
} as const satisfies Record<ExitName, string>;

/** Those that every command can end with; a page adds its own. */
export const everyExit: readonly ExitName[] = ['ok', 'failed', 'usage', 'interrupted'];
