import {constants} from 'node:os';

/** How a process ended. */
export type Exit = {code: number} | {signal: NodeJS.Signals};

/** Exit codes of systemd itself, where a program could not be begun at all. */
export const notBegun = {chdir: 200, exec: 203, user: 217} as const;

const names: Readonly<Record<number, string>> = {
  0: 'SUCCESS',
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
  64: 'USAGE',
  65: 'DATAERR',
  66: 'NOINPUT',
  67: 'NOUSER',
  68: 'NOHOST',
  69: 'UNAVAILABLE',
  70: 'SOFTWARE',
  71: 'OSERR',
  72: 'OSFILE',
  73: 'CANTCREAT',
  74: 'IOERR',
  75: 'TEMPFAIL',
  76: 'PROTOCOL',
  77: 'NOPERM',
  78: 'CONFIG',
  200: 'CHDIR',
  203: 'EXEC',
  217: 'USER',
};

export const numberOf = (signal: NodeJS.Signals): number => constants.signals[signal] ?? 0;

/** `exited`, status=1/FAILURE. */
export const exitText = (exit: Exit): string =>
  'code' in exit
    ? `code=exited, status=${exit.code}/${names[exit.code] ?? 'n/a'}`
    : `code=killed, status=${numberOf(exit.signal)}/${exit.signal.slice(3)}`;

/** The number that `ExecMainStatus` shows. */
export const statusOf = (exit: Exit): number => ('code' in exit ? exit.code : numberOf(exit.signal));

/** `TERM`, `SIGTERM` or `15`; undefined: there is none of that name. */
export function signalOf(text: string): NodeJS.Signals | undefined {
  const all = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const wanted = text.toUpperCase();
  return all.find(
    ([name, number]) => name === wanted || name === `SIG${wanted}` || String(number) === text,
  )?.[0];
}

/** `SuccessExitStatus=0 143 SIGHUP` and its like. */
export class StatusSet {
  readonly #codes = new Set<number>();
  readonly #signals = new Set<string>();

  constructor(words: readonly string[]) {
    for (const word of words) {
      const code = /^\d+$/.test(word)
        ? Number(word)
        : Number(Object.entries(names).find(([, name]) => name === word)?.[0] ?? Number.NaN);
      if (Number.isNaN(code)) this.#signals.add(signalOf(word) ?? word);
      else this.#codes.add(code);
    }
  }

  has(exit: Exit): boolean {
    return 'code' in exit ? this.#codes.has(exit.code) : this.#signals.has(exit.signal);
  }
}

const kindly = new Set(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']);

/** Whether that is a good end. A oneshot that is ended by a signal has not done its work. */
export function isClean(exit: Exit, also: StatusSet, oneshot: boolean): boolean {
  if (also.has(exit)) return true;
  return 'code' in exit ? exit.code === 0 : !oneshot && kindly.has(exit.signal);
}
