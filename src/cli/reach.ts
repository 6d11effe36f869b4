import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit} from '../errors.js';
import {folders, pairFiles} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import type {HostName} from '../ssh/host.js';
import type {ConnectPrompts} from '../ssh/prompts.js';
import {keptSource, type Dialled, type First, type HostSource} from '../ssh/source.js';
import type {SshHost} from '../ssh/ssh-host.js';
import {connectPrompts} from './connect-prompts.js';
import {terminalPrompter} from './prompter.js';
import {lastQuestions} from './last-questions.js';
import {tryHosts} from './session.js';
import type {Mode} from './terminal.js';

export interface Reach {
  sources: Record<HostName, HostSource<SshHost>>;
  close(): Promise<void>;
}

export interface ReachOptions {
  /** Neither host may be there: both are tried again. */
  patient?: boolean;
  /** Does not wait for a host that is much slower than the other: its attempt goes on, without questions. */
  soon?: boolean;
}

/** ms for each server on the way. That a network is back is noticed by a new attempt sooner than by an old one. */
const dialMs = 10_000;
/** ms that one host may be slower than the other before the look begins without it. */
const slowerMs = 1500;

const names = ['primary', 'standby'] as const;

/**
 * Connects to a pair for looking at it: one host may be down, which is what one wants to see then. A missing one is
 * tried again whenever it is to be read, without questions.
 * @throws Abort (exit 4) when neither host can be reached, unless `patient`
 */
export async function reachPair(
  pair: Pair,
  mode: Mode,
  {patient = false, soon = false}: ReachOptions = {},
): Promise<Reach> {
  const questions = lastQuestions(mode.ask ? connectPrompts(terminalPrompter()) : {});
  const tries = names.map((name) => begun(pair, name, questions.prompts));
  await settled(tries, soon, questions.asking);
  questions.close();
  const [primary, standby] = tries;
  const bug = tries.map(({error}) => error).find((error) => error !== undefined && !(error instanceof Abort));
  const none = tries.every(({error}) => error !== undefined);
  if (bug !== undefined || (none && !patient)) {
    for (const {ending} of tries) ending.abort();
    await Promise.allSettled(tries.map(({done}) => done?.close()));
    throw bug ?? primary!.error;
  }
  return reachOf(sourceOf(pair, primary!), sourceOf(pair, standby!));
}

/** The same over hosts that are connected already. Closing it closes them. */
export function reachHosts(pair: Pair, hosts: Readonly<Record<HostName, SshHost>>): Reach {
  const source = (name: HostName) => {
    const host = hosts[name];
    return keptSource(dialling(pair, name), {dialled: {host, close: () => host.close()}});
  };
  return reachOf(source('primary'), source('standby'));
}

type Kept = ReturnType<typeof keptSource<SshHost>>;

function reachOf(primary: Kept, standby: Kept): Reach {
  return {
    sources: {primary, standby},
    close: async () => {
      await Promise.all([primary.close(), standby.close()]);
    },
  };
}

/** A first attempt, and what has come of it so far. */
interface Begun {
  name: HostName;
  dialling: Promise<Dialled<SshHost>>;
  ending: AbortController;
  done?: Dialled<SshHost>;
  error?: unknown;
}

function begun(pair: Pair, name: HostName, prompts: ConnectPrompts): Begun {
  const ending = new AbortController();
  const dialling = dialHost(pair, name, {prompts, signal: ending.signal});
  const made: Begun = {name, dialling, ending};
  dialling.then(
    (done) => (made.done = done),
    (error: unknown) => (made.error = error),
  );
  return made;
}

/** Waits for both; with `soon`, for the slower one only a little, unless somebody is being asked something. */
async function settled(tries: readonly Begun[], soon: boolean, asking: () => boolean): Promise<void> {
  const ends = tries.map(({dialling}) => dialling.catch(() => undefined));
  const all = Promise.all(ends);
  if (!soon) return void (await all);
  const first = tries.map(async ({dialling}) => dialling);
  const one = Promise.any(first).catch(() => undefined);
  await Promise.race([all, one.then(() => sleep(slowerMs, undefined, {ref: false}))]);
  // Whoever is being asked is let finish; what comes after that is asked no more.
  while (asking()) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.race([all, sleep(200)]);
  }
}

function sourceOf(pair: Pair, {name, dialling: first, ending, done, error}: Begun): Kept {
  const known: First<SshHost> = done
    ? {dialled: done}
    : error === undefined
      ? {dialling: first, ending}
      : {error};
  return keptSource(dialling(pair, name), known);
}

/** One more connection to a host, without a word and without questions: a screen is drawn meanwhile. */
const dialling = (pair: Pair, name: HostName) => (signal: AbortSignal) =>
  dialHost(pair, name, {prompts: {}, signal, quiet: true});

async function dialHost(
  pair: Pair,
  name: HostName,
  {prompts, signal, quiet = false}: {prompts: ConnectPrompts; signal: AbortSignal; quiet?: boolean},
): Promise<Dialled<SshHost>> {
  const files = pairFiles(pair.name, folders());
  const attempt = await tryHosts(pair, files, prompts, [name], {quiet, connectTimeoutMs: dialMs, signal});
  const host = attempt.hosts[name];
  if (host) return {host, close: attempt.close};
  await attempt.close();
  throw (
    attempt.errors[name] ??
    new Abort(`The ${name} was not reached.`, {
      next: ['See by hand whether it answers: ssh -v'],
      exit: Exit.unreachable,
    })
  );
}
