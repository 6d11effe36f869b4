import type {Secret} from '../secret.js';

export type HostName = 'primary' | 'standby';

export interface RunOptions {
  /** Bytes for the command's stdin. Secrets travel here, never in argv or environment. */
  stdin?: string | Uint8Array | Secret;
  /** Run as this user of the host (default: root, through sudo where the login is not root). */
  user?: string;
  /** ms; the command is ended and `Ran.timedOut` set. Default 60 000. */
  timeoutMs?: number;
  /** Called for each line of stdout and stderr as it comes, control characters already stripped. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  signal?: AbortSignal;
  /** One line for the audit log and the screen instead of the argv (for scripts). */
  label?: string;
}

export interface Ran {
  /** Exit code; -1 when ended by a signal or a timeout. */
  code: number;
  signal?: string;
  timedOut: boolean;
  stdout: string;
  stderr: string;
  /** ms */
  tookMs: number;
}

/** Text for `sh -s` on the host. `text` may contain secrets; it is never logged, `label` is. */
export interface Script {
  label: string;
  text: string;
  /**
   * s after which the host itself ends it with all of its children, whoever still listens; only where it is followed.
   * Absent: no limit.
   */
  limitS?: number;
}

export interface RemoteFile {
  path: string;
  content: string | Uint8Array | Secret;
  owner: string;
  group: string;
  /** e.g. 0o644 */
  mode: number;
}

/** One machine, however it is reached. Paths are absolute; content is bytes. */
export interface Host {
  readonly name: HostName;
  /** How the operator named it: `root@203.0.113.10`. */
  readonly target: string;
  /**
   * Runs argv without a shell. Never throws on a non-zero exit: the code is part of the answer.
   * @throws ConnectionLost when the connection breaks while it runs.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Feeds a script to `sh -s` on stdin. Same errors as `run`. */
  script(script: Script, options?: RunOptions): Promise<Ran>;
  /** The bytes of a file, or undefined when it does not exist. */
  read(path: string, options?: {user?: string; maxBytes?: number}): Promise<Uint8Array | undefined>;
  /** Temporary file in the same folder with owner and mode set, fsync, rename. @throws Abort (disk full, read-only, no folder). */
  write(file: RemoteFile): Promise<void>;
  /**
   * Lines of a long-running command, or of a script fed to `sh -s`, until the signal aborts it or it ends. A script
   * that is followed only looks: it does not carry the mark by which a later setup finds and awaits what was left.
   * @throws Abort when it ends with a code other than 0, ConnectionLost when the connection breaks
   */
  follow(what: readonly string[] | Script, signal: AbortSignal): AsyncIterable<string>;
  close(): Promise<void>;
}

/** One remote command as the audit log keeps it; argv and label hold no secrets by construction. */
export interface AuditEntry {
  /** ISO time of the start. */
  time: string;
  host: HostName;
  target: string;
  command: string;
  user: string;
  /** Exit code; -1 for signal, timeout or lost connection. */
  code: number;
  tookMs: number;
}
export type Audit = (entry: AuditEntry) => void;
