import {existsSync} from 'node:fs';
import {Abort, Exit, type ExitCode} from '../../errors.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {pairSchema, type Pair} from '../../pair/schema.js';
import {pairNames} from '../../pair/store.js';
import {planRemoval} from '../../remove/plan.js';
import {readRemoval, type RemovalReading} from '../../remove/read.js';
import {refusal, refuseWork, verdictOf} from '../../remove/refuse.js';
import {planView, removalInput, type Removal} from '../../remove/removal.js';
import {runRemoval} from '../../remove/run.js';
import {hasWork} from '../../remove/work.js';
import {until} from '../../plan/until.js';
import {interrupts} from '../../screens/plain/interrupts.js';
import type {HostName} from '../../ssh/host.js';
import {loadPrograms} from '../../templates/programs.js';
import {claimInterrupts, leave} from '../exit.js';
import {existingPair} from '../gather.js';
import {terminalPrompter, type Prompter} from '../prompter.js';
import type {Attempt} from '../session.js';
import {modeOf, tell, type Mode} from '../terminal.js';
import type {RemoveOptions} from './commands.js';
import {decide} from './decide.js';
import {lookHere, namesOf, removeHere, wasHere} from './here.js';
import {teller, type Teller} from './port.js';
import {reachFor} from './reach.js';

/**
 * `failover-wizard remove`: reads both hosts, shows what goes and what stays, and takes the pair apart.
 * @throws Abort (exit 1) where it is not safe, (2) usage, (4) a host that is needed cannot be reached
 */
export async function remove(options: RemoveOptions): Promise<ExitCode> {
  const mode = modeOf(options);
  const forgotten = await forgottenPair(options);
  if (forgotten !== undefined) {
    await endHere(forgotten, options, teller(mode, {}));
    return Exit.ok;
  }
  const pair = await existingPair(options, folders());
  mayBegin(pair, options, mode);
  const prompter = terminalPrompter();
  const attempt = await reachFor(pair, options.only, {ask: mode.ask, prompter});
  const tellAll = teller(mode, {primary: pair.primary.ssh, standby: pair.standby.ssh});
  try {
    return await story({pair, options, mode, prompter, attempt, tell: tellAll});
  } finally {
    await attempt.close();
  }
}

/** The pair that is meant, when this machine has forgotten it and has only its reports of drills. */
async function forgottenPair({answers, pair}: RemoveOptions): Promise<string | undefined> {
  if (answers !== undefined) return undefined;
  const name = pair ?? ((await pairNames(folders())).length === 0 ? 'default' : undefined);
  return name !== undefined && pairSchema.shape.name.safeParse(name).success && wasHere(name)
    ? name
    : undefined;
}

/** What cannot be undone needs the name of the pair, from whoever can be asked or as a flag. */
function mayBegin(pair: Pair, {confirm, dryRun, only, forgetPair}: RemoveOptions, {ask}: Mode): void {
  const refuse = (sentence: string, next: string[] = []) => {
    throw new Abort(sentence, {next, exit: Exit.usage});
  };
  if (confirm !== undefined && confirm !== pair.name)
    refuse(`--confirm names the pair "${confirm}", but this is "${pair.name}": nothing was removed.`);
  if (forgetPair && only === undefined)
    refuse('--forget-pair is for --only: when both hosts are done, the pair is forgotten anyway.');
  if (ask || confirm !== undefined || dryRun) return;
  refuse(
    'Removing a pair cannot be undone, and nobody can be asked here: name the pair with --confirm PAIR.',
    ['What would go: the same with --dry-run'],
  );
}

interface Story {
  pair: Pair;
  options: RemoveOptions;
  mode: Mode;
  prompter: Prompter;
  attempt: Attempt;
  tell: Teller;
}

async function story(about: Story): Promise<ExitCode> {
  const {pair, options, mode, prompter, attempt} = about;
  const {accounts} = loadPrograms();
  const {hosts} = attempt;
  tell('Looking at what is on the hosts …', 'dim');
  const read = () => readRemoval(hosts, pair, accounts);
  let reading = await read();
  const {drillRunning} = pairFiles(pair.name, folders());
  const asked = {
    pair,
    only: options.only,
    allowSilence: options.allowSilence === true,
    drillHere: existsSync(drillRunning),
  };
  const empty = nothingThere(about, reading);
  let verdict = empty ? {may: true as const, notes: []} : verdictOf(asked, reading);
  if (
    !verdict.may &&
    verdict.giveBack &&
    mode.ask &&
    !options.dryRun &&
    (await givesBack(about, verdict.sentence))
  ) {
    await pushed(async () => (reading = await read()));
    verdict = verdictOf(asked, reading);
  }
  if (!verdict.may && !options.dryRun) throw refusal(verdict);
  const decided = await decide(reading, {pair, options, ask: mode.ask, prompter});
  const removal: Removal = {
    ...asked,
    hosts,
    ...decided,
    breakLock: options.breakLock === true,
    accountsProgram: accounts,
  };
  const leftOut = (['primary', 'standby'] as const).filter(
    (name) => !hosts[name] || (options.only !== undefined && options.only !== name),
  );
  const view = planView(removal, reading, {
    here: forgets(about, leftOut) ? namesOf(await lookHere(pair.name, wishOf(options))) : [],
    notes: [...(verdict.may ? verdict.notes : []), ...decided.notes],
    leftOut,
  });
  if (view.steps.length > 0 || view.here.length > 0) about.tell({type: 'plan', ...view});
  if (options.dryRun) {
    if (!verdict.may) throw refusal(verdict);
    refuseWork(removal, reading);
    if (view.steps.length === 0 && view.here.length === 0) ended(about, {...view, removed: 0, tookMs: 0});
    return Exit.ok;
  }
  const startedMs = performance.now();
  let removed = 0;
  if (view.steps.length > 0 || view.here.length > 0) await confirmed(about);
  if (view.steps.length > 0) removed = await atWork(about, removal);
  // What was told of the hosts goes to the audit log, which may go now.
  await attempt.close();
  const gone = forgets(about, leftOut) ? await removeHere(pair.name, wishOf(options)) : undefined;
  const here = gone ? namesOf(gone) : [];
  const kept = gone
    ? gone.stays
    : [
        `this machine: the pair "${pair.name}", because the ${leftOut.join(' and the ')} is not done; --forget-pair forgets it`,
      ];
  ended(about, {
    removed,
    here,
    tookMs: performance.now() - startedMs,
    stays: [...view.stays, ...kept],
    byHand: view.byHand,
  });
  return Exit.ok;
}

const wishOf = ({forgetDrills}: RemoveOptions) => ({forgetDrills: forgetDrills === true});

/** The pair is forgotten when both hosts are done, or the operator says that the other one is gone for good. */
const forgets = ({options}: Story, leftOut: readonly HostName[]): boolean =>
  leftOut.length === 0 || options.forgetPair === true;

function nothingThere({pair, options}: Story, reading: RemovalReading): boolean {
  const choices = {restoreChannel: false, keepUser: false, alsoHardening: false};
  return planRemoval(removalInput({pair, only: options.only, choices}, reading)).length === 0;
}

/** The standby is in force and the primary is well: giving back first loses nothing. */
async function givesBack({prompter, options}: Story, sentence: string): Promise<boolean> {
  tell(sentence, 'yellow');
  const yes = await prompter.confirm({
    message: 'Give back now, and go on when the standby sleeps?',
    why: 'The same as failover-wizard demote.',
    initial: true,
  });
  if (!yes) return false;
  const {demote} = await import('../hand/hand.js');
  const {answers, pair} = options;
  return (
    (await demote({...(answers !== undefined && {answers}), ...(pair !== undefined && {pair})})) === Exit.ok
  );
}

/** Whatever was handed back is pushed a moment later; until then it is work that is nowhere else. */
async function pushed(read: () => Promise<RemovalReading>): Promise<void> {
  tell('Looking once more, when what was handed back is pushed …', 'dim');
  const none = async () => {
    const {standby} = await read();
    return standby === undefined || !hasWork(standby.work);
  };
  await until(none, {everyMs: 3_000, limitMs: 30_000});
}

async function confirmed({pair, options, prompter}: Story): Promise<void> {
  if (options.confirm !== undefined) return;
  await prompter.input({
    message: `Type ${pair.name} to remove all of this`,
    wrong: (text) => (text.trim() === pair.name ? undefined : `this is not ${pair.name}; Ctrl+C leaves`),
  });
}

/** The first Ctrl+C ends after the step in hand. The second leaves at once, but an edit of a config is put back first. */
async function atWork({tell: say}: Story, removal: Removal): Promise<number> {
  let edits = false;
  const release = claimInterrupts();
  const {stop, force, close} = interrupts(() => say({type: 'stopping'}));
  force.addEventListener('abort', () => {
    if (!edits) void leave({code: Exit.interrupted});
  });
  try {
    return await runRemoval(removal, {
      stop,
      force,
      emit(event) {
        if (event.type === 'change')
          edits = event.status === 'running' && event.id.includes(':config-patch:');
        say(event);
      },
    });
  } finally {
    close();
    release();
  }
}

function ended(
  {tell: say}: Pick<Story, 'tell'>,
  end: {removed: number; here: string[]; tookMs: number; stays: string[]; byHand: string[]},
): void {
  const {removed, here, stays, byHand, tookMs} = end;
  say({type: 'done', removed, here, stays, byHand, tookMs});
}

/** A pair that this machine has forgotten already: only its own remains are looked for. */
async function endHere(pair: string, options: RemoveOptions, say: Teller): Promise<void> {
  const wish = wishOf(options);
  const gone = options.dryRun ? await lookHere(pair, wish) : await removeHere(pair, wish);
  ended(
    {tell: say},
    {
      removed: 0,
      here: options.dryRun ? [] : namesOf(gone),
      tookMs: 0,
      stays: gone.stays,
      byHand: [
        'The hosts were not looked at: this machine does not know them any more. To look: --answers FILE',
      ],
    },
  );
}
