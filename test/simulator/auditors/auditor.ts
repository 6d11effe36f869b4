import type {History} from '../history.js';

/** One rule of docs/monitor.md, watched over a world's history. Each answer is a sentence that says what is wrong. */
export interface Auditor {
  /** After every step: what just became wrong. */
  look?: () => string | undefined;
  /** When the story is over. */
  end?: () => string | undefined;
}

export type Rule =
  | 'I1'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  /** What runs on the standby was started in answer to the monitor's newest wish. */
  | 'by-wish'
  /** "Active" means that the bot is there, not that systemd started it. */
  | 'bot-there'
  /** OpenClaw starts no channel after three unclean starts within five minutes: the monitor never gets there. */
  | 'crash-limit'
  /** The monitor itself never ends with an error. */
  | 'lives';

export type MakeAuditor = (history: History) => Auditor;

/** Remembers since when something has been so, in true ms; undefined: it is not. */
export function lasting(): (isSo: boolean, nowMs: number) => number {
  let sinceMs: number | undefined;
  return (isSo, nowMs) => {
    if (!isSo) sinceMs = undefined;
    else sinceMs ??= nowMs;
    return sinceMs === undefined ? 0 : nowMs - sinceMs;
  };
}

export const s = (ms: number) => `${Math.round(ms / 100) / 10} s`;
