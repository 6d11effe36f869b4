import {readdirSync, readFileSync} from 'node:fs';
import {uptime} from 'node:os';

/** One process of this machine, of its /proc/PID/stat. */
interface Seen {
  parent: number;
  group: number;
  session: number;
  /** When it began, in ticks since the boot of this machine. */
  ticks: number;
}

/** Linux says times of processes in these, whatever its own clock does. */
const ticksPerS = 100;

/**
 * The processes of one run of a unit. A control group needs privileges, so they are told by what they cannot easily
 * shake off: the session of a process that the unit began, the mark in their environment (`INVOCATION_ID`), and being
 * a child of one of them.
 */
export class Group {
  readonly #leaders = new Set<number>();
  /** Whoever is older is none of them. */
  readonly #sinceTicks: number;

  /**
   * @param mark the run's INVOCATION_ID
   * @param sinceS when the run began, as /proc/uptime counts
   */
  constructor(
    readonly mark: string,
    sinceS = uptime(),
  ) {
    // And what was rounded.
    this.#sinceTicks = Math.floor(sinceS * ticksPerS) - 2;
  }

  /** A process that the unit began; it leads a session of its own. */
  add(pid: number): void {
    this.#leaders.add(pid);
  }

  /** Its number may be given to a stranger once nobody of its session is left. */
  ended(pid: number): void {
    for (const {session, group} of processes().values()) if (session === pid || group === pid) return;
    this.#leaders.delete(pid);
  }

  /** Those that are alive. */
  members(): number[] {
    const all = processes();
    const found = new Set<number>();
    for (const [pid, {session, group, ticks}] of all) {
      if (this.#leaders.has(pid) || this.#leaders.has(session) || this.#leaders.has(group)) found.add(pid);
      else if (ticks >= this.#sinceTicks && this.#isMarked(pid)) found.add(pid);
    }
    for (let grew = true; grew;) {
      grew = false;
      for (const [pid, {parent}] of all) {
        if (!found.has(parent) || found.has(pid)) continue;
        found.add(pid);
        grew = true;
      }
    }
    found.delete(process.pid);
    return [...found];
  }

  #isMarked(pid: number): boolean {
    try {
      return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0INVOCATION_ID=${this.mark}\0`);
    } catch {
      return false;
    }
  }
}

/** Every process of this machine that is not only a corpse. */
function processes(): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat) seen.set(Number(name), stat);
  }
  return seen;
}

function statOf(pid: number): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, parent, group, session] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    return {
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      ticks: Number(fields[19]),
    };
  } catch {
    return undefined;
  }
}

/** The process and those above it, up to the first of this machine. */
export function ancestors(pid: number): number[] {
  const found: number[] = [];
  for (let at = pid; at > 1 && found.length < 64; at = statOf(at)?.parent ?? 0) found.push(at);
  return found;
}

/** The leader of its session, 0 where it is gone. */
export const sessionOf = (pid: number): number => statOf(pid)?.session ?? 0;

export const isAlive = (pid: number): boolean => statOf(pid) !== undefined;

/** Whoever is gone already is well. */
export function signalTo(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
}
