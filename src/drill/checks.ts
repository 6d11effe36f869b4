/** One line of the checklist before a drill. */
export interface PreflightCheck {
  id: string;
  sign: 'ok' | 'warn' | 'stop';
  say: string;
  /** What to do about it, for `stop` and `warn`. */
  next?: string;
  /** `--force` goes past it: what it stops is a drill that may fail, not one that may do harm. */
  forceable?: true;
}

export type Found = PreflightCheck | readonly PreflightCheck[] | undefined;
export const ok = (id: string, say: string): PreflightCheck => ({id, sign: 'ok', say});
export const warn = (id: string, say: string, next?: string): PreflightCheck => ({
  id,
  sign: 'warn',
  say,
  ...(next && {next}),
});
export const stop = (id: string, say: string, next?: string): PreflightCheck => ({
  id,
  sign: 'stop',
  say,
  ...(next && {next}),
});
export const forceable = (check: PreflightCheck): PreflightCheck =>
  check.sign === 'stop' ? {...check, forceable: true} : check;
