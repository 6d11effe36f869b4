import {Abort, Exit} from '../errors.js';
import {NoChannel} from './exec.js';
import type {Outcome} from './exec.js';
import type {HostName} from './host.js';
import {stripControl} from './strip.js';
import {said, sudoRefusal} from './sudo.js';
import type {SudoContext} from './sudo.js';

/** The connection stands, and still the command never began: why, in one sentence. */
export function notStarted(outcome: Outcome, user: string, host: HostName, context: SudoContext): Abort {
  const {who, login} = context;
  const text = said(outcome);
  if (/user .* does not exist|unknown user/i.test(text)) {
    return new Abort(`The user ${user} does not exist on the ${host}.`, {
      detail: text,
      next: [
        `See there: getent passwd ${user}`,
        'Where it was removed: failover-wizard setup makes it again.',
      ],
    });
  }
  if (user !== login && login !== 'root') return sudoRefusal(outcome, context);
  return new Abort(`The login of ${login} on ${who} does not run commands.`, {
    detail:
      text === '' ? `The shell ended with code ${outcome.code}.` : text.split('\n').slice(-5).join('\n'),
    next: [
      `Its shell must be a POSIX one; see there: getent passwd ${login}`,
      'See whether a forced command is set for the key in ~/.ssh/authorized_keys.',
    ],
    exit: Exit.unreachable,
  });
}

/** sshd opens no channel, or does not take the request to run a command. */
export function refusesCommands(cause: unknown, {who}: SudoContext): Abort {
  const what = cause instanceof NoChannel ? 'opens no channel' : 'refuses to run commands';
  return new Abort(`sshd on ${who} ${what}.`, {
    detail: stripControl(String(cause)),
    next: ['See there: sshd -T | grep -iE "maxsessions|forcecommand|permitopen"'],
    exit: Exit.unreachable,
    cause,
  });
}

export function sudoHangs({who}: SudoContext): Abort {
  return new Abort(`sudo on ${who} did not answer within 30 s.`, {
    next: ['Try by hand there: sudo -k true', 'A name server or LDAP that does not answer holds up sudo.'],
    exit: Exit.unreachable,
  });
}
