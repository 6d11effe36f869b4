/** Exit codes of every command; scripts rely on them, so a number never changes its meaning. */
export const Exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  degraded: 3,
  unreachable: 4,
  split: 5,
  timeout: 124,
  interrupted: 130,
  /** Whoever read the output went away before the end, as after SIGPIPE. */
  unread: 141,
  terminated: 143,
} as const;
export type ExitCode = (typeof Exit)[keyof typeof Exit];

export interface AbortDetails {
  /** More lines of fact: what was seen, the end of a command's stderr. */
  detail?: string;
  /** What the operator can try, most likely first; each a sentence or a command. */
  next?: readonly string[];
  exit?: ExitCode;
  cause?: unknown;
}

/** An expected failure: told in one sentence, with what to try. Anything else that is thrown is a bug of ours. */
export class Abort extends Error {
  readonly detail: string | undefined;
  readonly next: readonly string[];
  readonly exit: ExitCode;

  constructor(sentence: string, {detail, next = [], exit = Exit.failed, cause}: AbortDetails = {}) {
    super(sentence, {cause});
    this.name = 'Abort';
    this.detail = detail;
    this.next = next;
    this.exit = exit;
  }
}

/** The connection to a host broke while something ran on it; the hosts say how far it got, so re-running is safe. */
export class ConnectionLost extends Abort {
  constructor(host: string, during: string, cause?: unknown) {
    super(`The connection to the ${host} was lost during: ${during}.`, {
      next: ['Run the same command again; it continues from what the hosts say.'],
      exit: Exit.unreachable,
      cause,
    });
    this.name = 'ConnectionLost';
  }
}

/** The words of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
