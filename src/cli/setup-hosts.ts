import {Exit, type ExitCode} from '../errors.js';
import {refuse} from '../pair/answers.js';
import {checkPair} from '../pair/check.js';
import {withValue, type Draft} from '../pair/path.js';
import {pairFiles, type Folders} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import {resolveSecrets, secretsWanted} from '../pair/secrets.js';
import {savePair} from '../pair/store.js';
import {pinStore} from '../ssh/pins.js';
import {readPair, type Reading} from '../plan/read.js';
import {runSetup, type SetupInput} from '../plan/setup.js';
import type {Secret} from '../secret.js';
import {offerAgain} from './again.js';
import {connectPrompts} from './connect-prompts.js';
import {complete, problemsOfRun} from './gather.js';
import {operatorKey} from './operator-key.js';
import type {SetupOptions} from './options.js';
import {loadPrograms, type Programs} from '../templates/programs.js';
import type {Prompter} from './prompter.js';
import {askTheRest} from './questions/flow.js';
import type {Asking} from './questions/question.js';
import {pinSource} from './source-key.js';
import {flagOf} from './questions/table.js';
import {reachedOf} from './reached.js';
import {runEngine} from './run-engine.js';
import {openSession, type Session} from './session.js';
import {spoken, tell, type Mode} from './terminal.js';

interface Circumstances {
  options: SetupOptions;
  mode: Mode;
  where: Folders;
  prompter: Prompter;
  /** What the answers came from, for sentences. */
  source: string;
  version: string;
}

/** Connect, read, ask the rest, save, run the phases, say how to do it again, watch. */
export async function setupHosts(asking: Asking, about: Circumstances): Promise<ExitCode> {
  const {options, mode, where, prompter, version} = about;
  const programs = loadPrograms();
  const files = pairFiles(String(asking.draft['name']), where);
  const session = await openSession(asking.draft, files, mode.ask ? connectPrompts(prompter) : {});
  try {
    const {pair, secrets, reading} = await decide(asking, about, session, programs);
    const key = await operatorKey(pair, session.hosts.standby.publicKey);
    const pins = pinStore(files.knownHosts);
    const [primary, standby] = await Promise.all([
      reachedOf(session.hosts.primary, pins),
      reachedOf(session.hosts.standby, pins),
    ]);
    const input: SetupInput = {
      hosts: session.hosts,
      pair,
      secrets,
      programs,
      version,
      dryRun: options.dryRun === true,
      breakLock: options.breakLock === true,
      reached: {primary, standby},
      ...(key !== undefined && {operatorKey: key}),
      ...(reading && {reading}),
    };
    if (!input.dryRun) await savePair(pair, where);
    const {summary, next} = await runEngine(input, mode, (port) => runSetup(input, port));
    if (!input.dryRun && mode.output !== 'json') {
      await offerAgain(pair, {options, asked: asking.asked.length > 0 && mode.ask, prompter});
    }
    if (next === 'watch') {
      const {watchHosts} = await import('./watch/run.js');
      return await watchHosts(pair, session.hosts, spoken(mode));
    }
    if (summary.split.state === 'conflict') return Exit.split;
    return summary.complete || input.dryRun ? Exit.ok : Exit.degraded;
  } finally {
    await session.close();
  }
}

interface Decided {
  pair: Pair;
  secrets: Record<string, Secret>;
  /** Absent when decisions were made since: it was asked for a pair that was not whole, and is old by then. */
  reading?: Reading;
}

/** Reads both hosts, asks what is open, and gives the whole pair with its secrets in memory. */
async function decide(
  asking: Asking,
  {mode, prompter, source}: Circumstances,
  session: Session,
  programs: Programs,
): Promise<Decided> {
  tell('Reading both hosts …', 'dim');
  const whole = checkPair(asking.draft).ok;
  const early = await valuesOf(asking, session, source);
  const reading = await readPair(session.hosts, provisional(asking.draft), early, programs.accounts);
  asking.facts = reading;
  refuse(await askTheRest(asking, mode, prompter), source, flagOf);
  await pinSource(complete(asking.draft, source), asking, session.hosts.standby, {ask: mode.ask, prompter});
  const pair = complete(asking.draft, source);
  const secrets = await valuesOf(asking, session, source);
  return {pair, secrets, ...(whole && asking.asked.length === 0 && {reading})};
}

/** The values of all secrets known so far; from now on none of them can appear in the audit log. */
async function valuesOf(asking: Asking, {audit}: Session, source: string): Promise<Record<string, Secret>> {
  const {secrets, problems} = await resolveSecrets(secretsWanted(asking.draft));
  refuse(problemsOfRun(problems, asking.saved), source);
  const all = {...secrets, ...asking.secrets};
  audit.conceal(...Object.values(all));
  return all;
}

/** A whole pair for the first reading: what is not decided yet matters little to what is read. */
function provisional(draft: Draft): Pair {
  let filled = draft;
  const checked = checkPair(draft);
  if (checked.ok) return checked.pair;
  for (const {path} of checked.problems) {
    if (path[0] === 'secretsSync') filled = withValue(filled, ['secretsSync'], null);
    else filled = withValue(filled, path, path[0] === 'channel' ? 'undecided' : 'undecided/undecided');
  }
  return complete(filled, 'the answers');
}
