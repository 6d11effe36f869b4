import type {ChildProcess} from 'node:child_process';

/**
 * The host that the stand-in of systemd runs on. Paths in argv, env and cwd are the host's own (absolute, e.g.
 * /usr/local/lib/…); the machine maps them into its sandbox.
 */
export interface Machine {
  /** The sandbox folder: /etc/x of the host is `${root}/etc/x`. */
  readonly root: string;
  /** Starts a program as a user of this host, detached in a process group of its own, stdin from /dev/null, stdout and stderr piped. */
  spawn(
    argv: readonly string[],
    options: {user: string; env: Readonly<Record<string, string>>; cwd?: string},
  ): ChildProcess;
  /** uid of a user of this host; undefined: no such user. */
  uidOf(user: string): number | undefined;
  /**
   * Told when a main process of a unit began or is gone, for /proc and /sys/fs/cgroup of the host.
   * @param user whose own manager runs it; undefined: the host's
   */
  began(unit: string, pid: number, user?: string): void;
  gone(unit: string, pid: number, user?: string): void;
  /** What a program said, in words of the host; absent: only the sandbox folder is taken out of paths. */
  hostWords?(line: string): string;
  /** `systemctl reboot` and `systemctl poweroff`; absent: this host refuses. */
  reboot?(): void;
  poweroff?(): void;
}

export type Program = 'systemctl' | 'journalctl' | 'systemd-run' | 'systemd-notify' | 'loginctl';
export const programs: readonly Program[] = [
  'systemctl',
  'journalctl',
  'systemd-run',
  'systemd-notify',
  'loginctl',
];

/** A command that somebody on the host runs. */
export interface Call {
  program: Program;
  argv: string[];
  /** A user of this host. */
  user: string;
  env: Record<string, string>;
  /** Of the program that asks. */
  pid: number;
}

export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** What a command says last, and its exit code. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}
