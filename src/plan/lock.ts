import {randomUUID} from 'node:crypto';
import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import {Abort} from '../errors.js';
import {folders} from '../pair/paths.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {stripControl} from '../ssh/strip.js';
import {layout} from '../templates/layout.js';
import {mustScript} from './must.js';

const holder = z.object({
  who: z.string(),
  machine: z.string(),
  pid: z.number().int(),
  /** Names this very lock; a file of that name on the machine that took it proves whose it is. */
  nonce: z.uuid(),
  when: z.string(),
  why: z.string(),
});
type Holder = z.infer<typeof holder>;

/** A pair is locked on both hosts while changes are applied; the lock is a folder, so taking it is atomic. */
export interface Lock {
  /** @param through the same host over another connection, where the first may be gone */
  release(through?: Host): Promise<void>;
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
    nonce: randomUUID(),
    when: new Date().toISOString(),
    why,
  };
  if (breakIt) await remove(host);
  note(mine.nonce);
  const held: Lock = {release: (through = host) => release(through, mine.nonce)};
  const first = await attempt(host, mine);
  if (first === 'taken') return held;
  if (first && isStale(first)) {
    await release(host, first.nonce);
    if ((await attempt(host, mine)) === 'taken') return held;
  }
  forget(mine.nonce);
  throw new Abort(`The ${host.name} is locked: ${first ? describe(first) : 'by a lock without a name'}.`, {
    next: [
      'Wait until that run has ended.',
      'If it cannot be running any more: the same command with --break-lock.',
    ],
  });
}

/** Whoever holds the lock of a host at this moment, in words; undefined: nobody, or a run of this machine that is gone. */
export async function lockHolder(host: Host): Promise<string | undefined> {
  const {stdout} = await host.run(['cat', `${layout.lock}/holder.json`], {timeoutMs: 20_000});
  try {
    const found = holder.parse(JSON.parse(stripControl(stdout)));
    return isStale(found) ? undefined : describe(found);
  } catch {
    return undefined;
  }
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

/** Removes the lock if it is still this one: another run may have broken it meanwhile. */
async function release(host: Host, nonce: string): Promise<void> {
  const {code} = await host.script(
    {
      label: `release the lock ${layout.lock}`,
      text: `grep -qF ${q(nonce)} ${q(layout.lock)}/holder.json 2>/dev/null && rm -rf ${q(layout.lock)} || :\n`,
    },
    {timeoutMs: 20_000},
  );
  // One that stays behind is known as this machine's at the next start.
  if (code === 0) forget(nonce);
}

async function remove(host: Host): Promise<void> {
  await host.script(
    {label: `break the lock ${layout.lock}`, text: `rm -rf ${q(layout.lock)}\n`},
    {timeoutMs: 20_000},
  );
}

const noteOf = (nonce: string) => join(folders().state, 'locks', nonce);

function note(nonce: string): void {
  mkdirSync(join(folders().state, 'locks'), {recursive: true, mode: 0o700});
  writeFileSync(noteOf(nonce), `${process.pid}\n`, {mode: 0o600});
}

function forget(nonce: string): void {
  rmSync(noteOf(nonce), {force: true});
}

/** Only a lock that this very machine noted can be known to be left behind: host names and pids repeat elsewhere. */
function isStale({nonce, pid}: Holder): boolean {
  if (!existsSync(noteOf(nonce))) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function describe({who, machine, when, why}: Holder): string {
  return `${who}@${machine} since ${when} (${why})`;
}
