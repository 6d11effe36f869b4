import {Abort, Exit} from '../errors.js';
import type {Secret} from '../secret.js';
import type {Outcome} from './exec.js';
import {announce, prompt} from './launch.js';
import type {Power} from './launch.js';
import type {ConnectPrompts, Remembered} from './prompts.js';
import {quote} from './quote.js';
import {stripControl} from './strip.js';

export interface SudoContext {
  /** `the standby (ops@203.0.113.20)` */
  who: string;
  /** Under which the password is asked and remembered. */
  target: string;
  login: string;
}

/** Runs one shell command as the login, with bytes for its stdin. */
export type RunRaw = (command: string, input: string, mark: string) => Promise<Outcome>;

const mark = 'failover-wizard-root';
/** The same shape as real commands (`sh -c …`), so that a sudoers file that allows only some programs is noticed. */
const probe = quote(['sh', '-c', announce(mark), 'sh']);

/**
 * Finds out how the login becomes root: without a password, or with one that is asked for, tried, and kept in
 * memory. Cached sudo credentials are ignored (`-k`), because they would run out in the middle of the work.
 * @throws Abort (exit 4) with one sentence for each way in which sudo refuses.
 */
export async function gainRoot(
  run: RunRaw,
  context: SudoContext,
  prompts: ConnectPrompts,
  memory: Remembered,
): Promise<Power> {
  const free = await run(`env LC_ALL=C sudo -k -n -- ${probe}`, '', mark);
  if (free.started) return {kind: 'sudo'};
  if (!wantsPassword(free)) throw sudoRefusal(free, context);

  const key = `sudo password of ${context.target}`;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const ask = prompts.sudoPassword;
    const password = await memory.secret(key, ask && (() => ask(context.target)));
    if (!password) throw noPassword(context, ask !== undefined);
    const outcome = await tryPassword(run, password);
    if (outcome.started) return {kind: 'sudo-password', password};
    memory.forget(key);
    if (!isWrongPassword(outcome)) throw sudoRefusal(outcome, context);
  }
  throw new Abort(`sudo on ${context.who} refused the password three times.`, {
    next: [
      `It is the login password of ${context.login} on that server, unless its sudoers file says otherwise.`,
    ],
    exit: Exit.unreachable,
  });
}

/** One line and no more: a wrong password costs one try, not three, before an account is locked. */
function tryPassword(run: RunRaw, password: Secret): Promise<Outcome> {
  return run(`env LC_ALL=C sudo -k -S -p '${prompt}' -- ${probe}`, `${password.reveal()}\n`, mark);
}

/** What was printed before a command began, or instead of it, without the prompt. */
export const said = (outcome: Outcome): string => stripControl(outcome.before).replaceAll(prompt, '').trim();
const wantsPassword = (outcome: Outcome): boolean =>
  /password is required|authentication is required|askpass/i.test(said(outcome));
const isWrongPassword = (outcome: Outcome): boolean =>
  /sorry, try again|incorrect (?:password|authentication)|no password was provided|authentication failed|maximum \d+ incorrect|incorrect password attempt/i.test(
    said(outcome),
  );

/** Why sudo did not start a command, in one sentence. */
export function sudoRefusal(outcome: Outcome, {who, login}: SudoContext): Abort {
  const text = said(outcome);
  const rows: [RegExp, string, string][] = [
    [
      /not in the sudoers file|may not run sudo|i'm afraid i can't do that/i,
      `${login} may not use sudo on ${who}.`,
      `As root there: usermod -aG sudo ${login} (then log in anew), or connect as root.`,
    ],
    [
      /not allowed to (?:execute|run)|may not run/i,
      `sudo on ${who} does not let ${login} run a shell as root.`,
      `Its sudoers file must allow ${login} ALL commands while the pair is set up, or connect as root.`,
    ],
    [
      /must have a tty|tty present|requiretty/i,
      `sudo on ${who} wants a terminal (requiretty).`,
      `As root there, with visudo: Defaults:${login} !requiretty`,
    ],
    [
      /account is currently not available/i,
      `The login of ${login} on ${who} does not run commands.`,
      `As root there: usermod -s /bin/bash ${login}`,
    ],
    [
      /no such file or directory|not found/i,
      `There is no sudo on ${who}.`,
      'Connect as root, or install it there: apt-get install sudo',
    ],
    [
      /account (?:validation|is locked|expired)|password (?:has )?expired|account or password is expired/i,
      `The account of ${login} on ${who} is locked or expired for sudo.`,
      `As root there: chage -l ${login}; faillock --user ${login}`,
    ],
  ];
  const row = rows.find(([pattern]) => pattern.test(text));
  const refusedNow = wantsPassword(outcome) || isWrongPassword(outcome);
  const [sentence, next] = row
    ? [row[1], row[2]]
    : refusedNow
      ? [
          `sudo on ${who} no longer takes the password.`,
          'Was it changed meanwhile? Run the same command again.',
        ]
      : [`sudo on ${who} did not start the command.`, 'Try by hand on that server: sudo -k true'];
  return new Abort(sentence, {
    next: [next],
    exit: Exit.unreachable,
    ...(text === '' ? {} : {detail: text.split('\n').slice(-5).join('\n')}),
  });
}

function noPassword({who, login}: SudoContext, asked: boolean): Abort {
  const sentence = asked
    ? `No sudo password was given for ${who}.`
    : `sudo on ${who} wants the password of ${login}, and nobody can be asked for it.`;
  return new Abort(sentence, {
    next: [
      'Run it in a terminal, without --no-input.',
      `Or let it run without, with visudo there: ${login} ALL=(ALL:ALL) NOPASSWD: ALL`,
      'Or connect as root.',
    ],
    exit: Exit.unreachable,
  });
}
