import {Abort, Exit} from '../errors.js';
import type {LoginRecord} from './login.js';
import {stripControl} from './strip.js';

/** Where a connection was going when it failed. */
export interface Going {
  /** `the primary (root@203.0.113.10)`, `the jump host ops@bastion`. */
  who: string;
  host: string;
  port: number;
  /** ms; for the sentence about time. */
  timeoutMs: number;
  /** The jump host before it. */
  via: string | undefined;
  login: LoginRecord;
  /** The server took the connection, so that something listens there. */
  reached?: boolean;
}

/** An error as ssh2 and the sockets under it throw it. */
interface Raw {
  code?: string | number;
  level?: string;
  message?: string;
  errors?: Raw[];
}

/** Thrown inside this folder when the time for connecting is over. */
export const timeIsOver = 'FAILOVER_CONNECT_TIMEOUT';

const sockets: Record<string, (going: Going) => [sentence: string, ...next: string[]]> = {
  ECONNREFUSED: ({who, host, port}) => [
    `${who} refuses connections on port ${port}.`,
    `Is sshd running there, and on that port? From the server's console: systemctl status ssh`,
    `A firewall may refuse too: nc -vz ${host} ${port}`,
  ],
  EHOSTUNREACH: ({who, host}) => [
    `There is no way to ${who} from here.`,
    `Check that the server is on and its address ${host} is right; check the VPN, if the address is private.`,
  ],
  ENETUNREACH: ({who, host}) => [
    `There is no network to ${who} from here.`,
    `Check this computer's network; for an IPv6 address (${host}), whether it has IPv6 at all.`,
  ],
  ENOTFOUND: ({who, host}) => [
    `The name ${host} of ${who} is unknown.`,
    `Check the spelling; a Host of your OpenSSH configuration works too: ssh -G ${host}`,
  ],
  EAI_AGAIN: ({who, host}) => [
    `The name ${host} of ${who} cannot be looked up now.`,
    "Check this computer's network and its name server.",
  ],
  ETIMEDOUT: ({who, host, port}) => [
    `${who} does not answer on port ${port}.`,
    'Check that the server is on, the address is right, and no firewall drops the port.',
    `Try: nc -vz ${host} ${port}`,
  ],
  ECONNRESET: ({who, port}) => [
    `${who} cut the connection on port ${port}.`,
    'The server may limit connections or have banned this address (fail2ban, MaxStartups); wait a few minutes.',
    'Look on the server: journalctl -u ssh -n 50',
  ],
};

const forward = ({who, via = ''}: Going): [string, ...string[]] => [
  `The jump host (${via}) does not let connections through to ${who}.`,
  `See on the jump host: sshd -T | grep -iE 'allowtcpforwarding|permitopen'`,
  'Check that the jump host itself reaches the address.',
];
sockets['FORWARD_PROHIBITED'] = forward;
sockets['FORWARD_FAILED'] = forward;

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const unreachable = (sentence: string, next: string[], detail: string | undefined, cause: unknown): Abort =>
  new Abort(upper(sentence), {
    next,
    exit: Exit.unreachable,
    cause,
    ...(detail === undefined ? {} : {detail}),
  });

/** One sentence for whatever went wrong between here and a shell on the host. Always exit code 4. */
export function connectFailure(error: unknown, going: Going): Abort {
  if (error instanceof Abort) return error;
  const raw = error as Raw;
  const {who, timeoutMs, login} = going;
  const message = stripControl(String(raw.message ?? error));
  const code = String(raw.errors?.find((one) => one.code !== undefined)?.code ?? raw.code ?? '');
  const detail = message === '' ? undefined : message;

  if (code === timeIsOver || (raw.level === 'client-timeout' && /handshake/.test(message))) {
    const next = ['Check that the server is on and not overloaded, and that this is its SSH port.'];
    return unreachable(
      going.reached === false
        ? `${who} does not answer on port ${going.port} within ${timeoutMs / 1000} s.`
        : `${who} did not finish the login within ${timeoutMs / 1000} s.`,
      next,
      undefined,
      error,
    );
  }
  if (raw.level === 'client-timeout') {
    return unreachable(
      `${who} stopped answering.`,
      ['Check the network, then run the same command again.'],
      detail,
      error,
    );
  }
  if (/all configured authentication methods failed/i.test(message)) return refused(going, error);
  if (/too many authentication failures/i.test(message)) {
    const next = [
      'Name the right key with identityFile, so that it is offered first.',
      'Or: ssh-add -D, then ssh-add that key.',
    ];
    return unreachable(`${who} broke off the login after too many keys.`, next, offers(login), error);
  }
  const socket = sockets[code === 'EPIPE' ? 'ECONNRESET' : code];
  if (socket) {
    const [sentence, ...next] = socket(going);
    return unreachable(sentence, next, detail, error);
  }
  if (
    raw.level === 'handshake' ||
    /handshake|protocol|kex|cipher|host key/i.test(`${raw.level ?? ''} ${message}`)
  ) {
    const lost = /lost before handshake|ended|closed/i.test(message);
    const sentence = lost
      ? `${who} closed the connection before the handshake was done.`
      : `No encryption could be agreed with ${who}.`;
    const next = lost
      ? ['Check that port is SSH; the server may also have banned this address (fail2ban, MaxStartups).']
      : [
          'The server may be too old or restricted; compare with: ssh -v',
          'Update its OpenSSH, or loosen its crypto policy.',
        ];
    return unreachable(sentence, next, detail, error);
  }
  return unreachable(
    `The connection to ${who} failed.`,
    ['Try by hand, and read what it says: ssh -v'],
    detail,
    error,
  );
}

function offers({offered, accepts, notes}: LoginRecord): string {
  return [
    `offered: ${offered.length === 0 ? 'nothing' : offered.join(', ')}`,
    `the server accepts: ${accepts.length === 0 ? 'unknown' : accepts.join(', ')}`,
    ...notes,
  ].join('\n');
}

function refused({who, login}: Going, cause: unknown): Abort {
  const keys = login.offered.some((offer) => offer.startsWith('key '));
  const next = [
    ...(login.passwordSent
      ? [
          'Check the password, and that this user may log in with one (PermitRootLogin, PasswordAuthentication).',
        ]
      : []),
    keys
      ? "None of these keys is in the user's ~/.ssh/authorized_keys: put one there, or name another with identityFile."
      : 'Name a key with identityFile, or load one into the agent: ssh-add',
    'Try by hand, and read what it says: ssh -v',
  ];
  const sentence =
    login.offered.length === 0 ? `There is nothing to log in to ${who} with.` : `${who} refused the login.`;
  return unreachable(sentence, next, offers(login), cause);
}

/** Whether trying again later can help: the way to the host is broken, not the login or the key. */
export function isTransient(error: unknown): boolean {
  return error instanceof Abort && error.exit === Exit.unreachable && isTransientCause(error.cause);
}

/** The same for an error as ssh2 or a socket throws it. */
export function isTransientCause(cause: unknown): boolean {
  if (cause === undefined || cause === null || cause instanceof Abort) return false;
  const {level, message = ''} = cause as Raw;
  return !/authentication|no matching/i.test(`${level ?? ''} ${message}`);
}
