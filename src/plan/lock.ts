import {hostname, userInfo} from 'node:os';
import {z} from 'zod';
import {Abort} from '../errors.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {stripControl} from '../ssh/strip.js';
import {layout} from '../templates/layout.js';
import {mustScript} from './must.js';

const holder = z.object({
  who: z.string(),
  machine: z.string(),
  pid: z.number().int(),
  when: z.string(),
  why: z.string(),
});
type Holder = z.infer<typeof holder>;

/** A pair is locked on both hosts while changes are applied; the lock is a folder, so taking it is atomic. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock of one host. A lock left by a process of this machine that is gone is broken silently; any
 * other one is named.
 * @throws Abort naming the holder
 */
export async function lock(
  host: Host,
  why: string,
  {breakIt = false}: {breakIt?: boolean} = {},
): Promise<Lock> {
  const mine: Holder = {
    who: userInfo().username,
    machine: hostname(),
    pid: process.pid,
    when: new Date().toISOString(),
    why,
  };
  if (breakIt) await release(host);
  const first = await attempt(host, mine);
  if (first === 'taken') return {release: () => release(host)};
  if (first && isStale(first)) {
    await release(host);
    if ((await attempt(host, mine)) === 'taken') return {release: () => release(host)};
  }
  throw new Abort(`The ${host.name} is locked: ${first ? describe(first) : 'by a lock without a name'}.`, {
    next: [
      'Wait until that run has ended.',
      'If it cannot be running any more: the same command with --break-lock.',
    ],
  });
}

async function attempt(host: Host, mine: Holder): Promise<'taken' | Holder | undefined> {
  const path = layout.lock;
  const ran = await mustScript(
    host,
    {
      label: `take the lock ${path}`,
      text: `set -eu
if mkdir ${q(path)} 2>/dev/null; then
  printf '%s' ${q(mine.who)} > ${q(path)}/who
  printf '%s' ${q(mine.when)} > ${q(path)}/when
  printf '%s' ${q(mine.why)} > ${q(path)}/why
  printf '%s\\n' ${q(JSON.stringify(mine))} > ${q(path)}/holder.json
  echo taken
else
  [ -d ${q(path)} ] || { echo "cannot make ${path}" >&2; exit 1; }
  cat ${q(path)}/holder.json 2>/dev/null || :
fi
`,
    },
    {doing: `take the lock ${path}`, timeoutMs: 20_000},
  );
  if (ran.stdout.trim() === 'taken') return 'taken';
  try {
    return holder.parse(JSON.parse(stripControl(ran.stdout)));
  } catch {
    return undefined;
  }
}

async function release(host: Host): Promise<void> {
  await host.script(
    {label: `release the lock ${layout.lock}`, text: `rm -rf ${q(layout.lock)}\n`},
    {timeoutMs: 20_000},
  );
}

/** Only a holder on this very machine can be known to be gone. */
function isStale(other: Holder): boolean {
  if (other.machine !== hostname() || other.who !== userInfo().username) return false;
  if (other.pid === process.pid) return true;
  try {
    process.kill(other.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function describe({who, machine, when, why}: Holder): string {
  return `${who}@${machine} since ${when} (${why})`;
}
