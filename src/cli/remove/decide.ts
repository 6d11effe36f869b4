import {Abort, Exit} from '../../errors.js';
import type {Pair} from '../../pair/schema.js';
import {isDisabledOnPrimary} from '../../phases/5-disable.js';
import {ownsUser, type Choices} from '../../remove/input.js';
import type {RemovalReading} from '../../remove/read.js';
import {refuseWork} from '../../remove/refuse.js';
import {hasWork, workLines} from '../../remove/work.js';
import {layout} from '../../templates/layout.js';
import type {Prompter} from '../prompter.js';
import type {RemoveOptions} from './commands.js';

export interface Decided {
  choices: Choices;
  discardWork: boolean;
  /** To be said with the plan. */
  notes: string[];
}

/**
 * What the flags leave open: asked in a terminal; a dry run shows the usual answer; else it is an error.
 * @throws Abort (exit 2) for what has to be said, (1) for work that would be lost
 */
export async function decide(
  reading: RemovalReading,
  {pair, options, ask, prompter}: {pair: Pair; options: RemoveOptions; ask: boolean; prompter: Prompter},
): Promise<Decided> {
  const notes: string[] = [];
  const restoreChannel = await restores(reading, {pair, options, ask, prompter, notes});
  const {standby} = reading;
  const own = standby !== undefined && ownsUser(standby);
  // Only what was shown may go by that answer.
  const lost = standby && !options.discardWork && hasWork(standby.work) ? workLines(standby.work) : [];
  const asksUser =
    own && options.only !== 'primary' && ask && !options.dryRun && options.keepUser === undefined;
  const keepUser = asksUser ? !(await userGoes(lost, prompter)) : options.keepUser === true;
  const choices = {restoreChannel, keepUser, alsoHardening: options.alsoHardening === true};
  const decided = {
    choices,
    discardWork: options.discardWork === true || (asksUser && lost.length > 0),
    notes,
  };
  if (!options.dryRun) refuseWork({...decided, only: options.only}, reading);
  return decided;
}

interface Open {
  pair: Pair;
  options: RemoveOptions;
  ask: boolean;
  prompter: Prompter;
  notes: string[];
}

async function restores(
  {standby, primary}: RemovalReading,
  {pair, options, ask, prompter, notes}: Open,
): Promise<boolean> {
  const {type, account} = pair.channel;
  if (options.restoreChannel && primary && options.only !== 'standby' && !primary.facts.accounts.known) {
    throw new Abort(
      `The ${type} account "${account}" cannot be enabled on the primary: its config cannot be read (${primary.facts.accounts.reason}).`,
      {next: ['Mend what is named, or leave the account as it is: --no-restore-channel']},
    );
  }
  const open = primary && options.only !== 'standby' && isDisabledOnPrimary(primary.facts, pair);
  if (!open) return false;
  const unseen = !standby;
  if (options.restoreChannel !== undefined) {
    if (options.restoreChannel && unseen) notes.push(unseenNote(type, account));
    return options.restoreChannel;
  }
  // A pair that was taken apart before, and the account was left as it is then.
  if (primary.footprint.paths.length === 0 && !standby?.footprint.paths.length) return false;
  if (options.dryRun) {
    notes.push(
      `Whether the ${type} account "${account}" is enabled on the primary again will be asked: --restore-channel or --no-restore-channel.`,
    );
    return !unseen;
  }
  if (!ask) {
    throw new Abort(
      `The primary's ${type} account "${account}" is disabled, and it was not said whether it is to be enabled again.`,
      {next: ['--restore-channel enables it, --no-restore-channel leaves it disabled.'], exit: Exit.usage},
    );
  }
  return prompter.confirm({
    message: `Enable the ${type} account "${account}" on the primary again?`,
    why: unseen
      ? unseenNote(type, account)
      : 'It was disabled there so that only the standby logs it in. The standby’s gateway is removed first.',
    initial: !unseen,
  });
}

const unseenNote = (type: string, account: string) =>
  `The standby was not reached, so nobody can see whether it still logs in the ${type} account "${account}". Only where that server is gone for good may the primary have it.`;

/** Whether the standby's user goes; what would be lost is shown first. */
async function userGoes(lost: readonly string[], prompter: Prompter): Promise<boolean> {
  if (lost.length > 0) {
    prompter.note(
      ['\n  On the standby lies work that is nowhere else:', ...lost.map((line) => `  ${line}`)].join('\n'),
    );
  }
  const answer = await prompter.select({
    message: `The standby's user ${layout.user}, with workspace, config and secrets`,
    why: 'The workspace itself is on its Git remote and on the primary.',
    choices: [
      {value: 'keep', name: 'stays', description: `${layout.home} is left as it is, with its secrets`},
      {
        value: 'remove',
        name: lost.length > 0 ? 'is removed, and that work is lost' : 'is removed',
        description: `userdel, and ${layout.home} goes`,
      },
    ],
    initial: lost.length > 0 ? 'keep' : 'remove',
  });
  return answer === 'remove';
}
