import type {HostName} from '../ssh/host.js';

/**
 * `tip`: could be better; `warning`: will become a problem, or makes a takeover worse; `problem`: the pair does not do
 * what it is for; `unknown`: it could not be looked at.
 */
export type Level = 'ok' | 'tip' | 'warning' | 'problem' | 'unknown';

/** How one check came out. */
export interface Answer {
  level: Level;
  /** One sentence. */
  says: string;
  /** What to do about it, for whatever is not ok. */
  do?: string;
}

/** The same, with what was looked at. */
export interface CheckResult extends Answer {
  /** Stable; one for each row of the table. */
  id: string;
  host?: HostName;
}

export const ok = (says: string): Answer => ({level: 'ok', says});
export const tip = (says: string, what: string): Answer => ({level: 'tip', says, do: what});
export const warning = (says: string, what: string): Answer => ({level: 'warning', says, do: what});
export const problem = (says: string, what: string): Answer => ({level: 'problem', says, do: what});
export const unknown = (says: string): Answer => ({level: 'unknown', says});
