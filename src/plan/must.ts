import {Abort, Exit} from '../errors.js';
import type {Host, Ran, RunOptions, Script} from '../ssh/host.js';

/** The last lines of a command's output, for an error's detail. */
export function tail(text: string, lines = 6): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

export interface MustOptions extends RunOptions {
  /** What was attempted, as the object of "could not": `install fail2ban`. */
  doing: string;
  next?: readonly string[];
}

/**
 * Runs a script that has to succeed.
 * @throws Abort naming the host, what was attempted and the end of stderr; exit 124 on a timeout.
 */
export async function mustScript(host: Host, script: Script, options: MustOptions): Promise<Ran> {
  return judged(host, await host.script(script, {label: script.label, ...options}), options);
}

/** The same for one argv. */
export async function mustRun(host: Host, argv: readonly string[], options: MustOptions): Promise<Ran> {
  return judged(host, await host.run(argv, options), options);
}

/**
 * What came of something that had to succeed.
 * @throws Abort as `mustScript` does
 */
export function judged(host: Host, ran: Ran, {doing, next}: MustOptions): Ran {
  if (ran.code === 0 && !ran.timedOut) return ran;
  const output = tail(ran.stderr) || tail(ran.stdout);
  if (ran.timedOut) {
    throw new Abort(`Timed out after ${Math.round(ran.tookMs / 1000)} s on the ${host.name}: ${doing}.`, {
      detail: output,
      next: next ?? ['Look at the host (load, disk, network), then run the same command again.'],
      exit: Exit.timeout,
    });
  }
  const known = knownCause(`${ran.stderr}\n${ran.stdout}`);
  throw new Abort(
    `Could not ${doing} on the ${host.name}${known ? `: ${known.sentence}` : ` (exit ${ran.code})`}.`,
    {
      detail: output,
      next: known ? [known.next] : (next ?? ['Mend what the output names, then run the same command again.']),
    },
  );
}

interface Cause {
  match: RegExp;
  sentence: string;
  next: string;
}

/** What hosts say in many places and operators can act on at once. */
const causes: readonly Cause[] = [
  {
    match: /No space left on device|ENOSPC|not enough free space/i,
    sentence: 'its disk is full',
    next: 'Free some space on it (df -h), then run the same command again; nothing half-written is in use.',
  },
  {
    match: /Read-only file system|EROFS/i,
    sentence: 'its file system is read-only',
    next: 'Look for disk errors (dmesg | tail), remount it, then run the same command again.',
  },
  {
    match: /Could not get lock|Unable to acquire the dpkg frontend lock|is another process using it/i,
    sentence: "another program holds apt's lock",
    next: 'Wait until it is done (often unattended-upgrades), then run the same command again.',
  },
  {
    match: /Temporary failure (in name resolution|resolving)|Could not resolve host|EAI_AGAIN|ENOTFOUND/i,
    sentence: 'it cannot resolve names',
    next: 'Look at /etc/resolv.conf on it, then run the same command again.',
  },
  {
    match:
      /Could not connect to|Connection timed out|ETIMEDOUT|ECONNREFUSED|Failed to connect|Connection refused/i,
    sentence: 'a server it needs does not answer',
    next: 'Check its way out to the Internet and its mirrors, then run the same command again.',
  },
];

function knownCause(output: string): Cause | undefined {
  return causes.find(({match}) => match.test(output));
}
