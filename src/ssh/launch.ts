import {randomBytes} from 'node:crypto';
import type {Secret} from '../secret.js';
import {quote} from './quote.js';

/** How a login becomes another user. */
export type Power =
  /** The login is root. */
  | {kind: 'root'}
  /** sudo asks nothing. */
  | {kind: 'sudo'}
  /** sudo wants the login's password. */
  | {kind: 'sudo-password'; password: Secret};

export interface LaunchOptions {
  argv: readonly string[];
  login: string;
  user: string;
  power: Power;
}

/** A command as the login's shell gets it, and how its beginning is recognised. */
export interface Launched {
  command: string;
  /** Written to stdin before anything else; holds the sudo password where one is needed. */
  preface: string;
  /**
   * Random word. The program's own output begins behind the line `MARK` on stdout and `MARK PID` on
   * stderr; what comes before is noise of login scripts, or sudo saying why it does not start anything.
   */
  mark: string;
}

/** Names a Unix user may have; what is written unquoted into a shell text must look like this. */
export const userName = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;

/** Directories of programs, in an order that does not depend on how the login came about (sudo, runuser, sshd). */
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** In the environment of every command of ours, so that what a cut connection left behind can be found. */
export const runMark = 'FAILOVER_WIZARD_RUN';
/** English messages that can be recognised, and UTF-8. */
const environment = `LC_ALL=C.UTF-8 LANG=C.UTF-8 ${runMark}=1 ${path}; export LC_ALL LANG ${runMark} PATH`;

/**
 * sudo drops what PAM reads from /etc/environment (proxies, NODE_EXTRA_CA_CERTS), which a login as root has.
 * Read here in the same way, so that both kinds of login reach the same registries.
 */
const systemEnvironment = [
  'if [ -r /etc/environment ]; then while IFS= read -r l || [ -n "$l" ]; do l=${l#export }; n=${l%%=*}; v=${l#*=}',
  'case $n in ""|[0-9]*|*[!A-Za-z0-9_]*|"$l"|PATH|HOME|IFS|LC_*|LANG*) continue;; esac',
  `case $v in \\"*\\"|\\'*\\') v=\${v#?}; v=\${v%?};; esac`,
  'export "$n=$v"; done < /etc/environment; unset l n v; fi',
].join('; ');

/**
 * What `sudo` and `runuser` leave of the login's own environment would lead tools astray: HOME decides where
 * openclaw, git and npm look, XDG_RUNTIME_DIR and the bus which user manager systemctl speaks to. Everything
 * else stays. Not a login shell, because its scripts print and may hang.
 */
function becoming(user: string, bySudo: boolean): string {
  return [
    'unset SUDO_USER SUDO_UID SUDO_GID SUDO_COMMAND MAIL XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS',
    ...(bySudo ? [systemEnvironment] : []),
    `HOME=~${user} USER=${user} LOGNAME=${user} SHELL=/bin/sh; export HOME USER LOGNAME SHELL`,
    'r=/run/user/$(id -u)',
    'if [ -d "$r" ]; then XDG_RUNTIME_DIR=$r; export XDG_RUNTIME_DIR; fi',
    'if [ -S "$r/bus" ]; then DBUS_SESSION_BUS_ADDRESS=unix:path=$r/bus; export DBUS_SESSION_BUS_ADDRESS; fi',
    'unset r',
  ].join('; ');
}

/**
 * Builds the one shell command that runs an argv as a user. Pure apart from the random mark.
 * - The login itself: its environment with PATH and locale fixed.
 * - root by sudo, another user by `runuser` from root: so sudo needs to allow root only.
 * The working directory is the user's home.
 */
export function launch({argv, login, user, power}: LaunchOptions): Launched {
  if (!userName.test(user)) throw new TypeError(`"${user}" cannot be the name of a user.`);
  const mark = `fw${randomBytes(12).toString('hex')}`;
  const begin = `${announce(mark)}; exec "$@"`;
  const home = 'cd "$HOME" 2>/dev/null || cd /';
  if (user === login) {
    return {
      command: line(['sh', '-c', `${environment}; ${home}; ${begin}`, 'sh', ...argv]),
      preface: '',
      mark,
    };
  }
  const asUser = [
    'sh',
    '-c',
    `${becoming(user, power.kind !== 'root')}; ${environment}; ${home}; ${begin}`,
    'sh',
  ];
  const switched = user === 'root' ? asUser : ['env', path, 'runuser', '-u', user, '--', ...asUser];
  if (power.kind === 'root') return {command: line([...switched, ...argv]), preface: '', mark};

  // sudo speaks English; its messages are the only way to know why it refuses.
  const sudo = ['env', 'LC_ALL=C', 'sudo'];
  if (power.kind === 'sudo')
    return {command: line([...sudo, '-n', '--', ...switched, ...argv]), preface: '', mark};
  // sudo may or may not read the password (it may still know it). Whatever it leaves is eaten up to the mark,
  // so that no command ever finds the password on its stdin.
  const eat = `l=; until [ "$l" = ${spelled(mark)} ]; do IFS= read -r l || exit 97; done; unset l; ${environment}; exec "$@"`;
  return {
    command: line([...sudo, '-S', '-p', prompt, '--', 'sh', '-c', eat, 'sh', ...switched, ...argv]),
    preface: `${power.password.reveal()}\n${mark}\n`,
    mark,
  };
}

/**
 * A mark as shell text that does not contain it: sudo and shells quote the command in their complaints, and
 * such a complaint must not be taken for the beginning of the command.
 */
const spelled = (mark: string): string => `${mark.slice(0, 8)}""${mark.slice(8)}`;

/** Shell text that prints the mark on stdout, and the mark with the process id on stderr. */
export function announce(mark: string): string {
  return `printf '%s\\n' ${spelled(mark)}; printf '%s %s\\n' ${spelled(mark)} "$$" >&2`;
}

/** The login's shell gives way to the command, so that a signal that ends it is told as one. */
const line = (argv: readonly string[]): string => `exec ${quote(argv)}`;

/** sudo's prompt is not shown to anybody; a fixed word makes it recognisable in what sudo prints. */
export const prompt = '[failover-wizard-sudo]';
