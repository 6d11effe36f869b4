import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {Abort, messageOf} from '../../errors.js';
import {folders, pairFiles, type Folders} from '../../pair/paths.js';
import {fromAll} from '../drill/schedule.js';
import {formsOf} from '../drill/schedule/choice.js';
import {ownVersion} from '../version.js';

/** What this machine has of a pair. */
export interface Here {
  /** What goes: paths, and the schedule of drills in words. */
  goes: string[];
  /** What stays, with where it is. */
  stays: string[];
}

interface Wish {
  /** Reports of drills go too. */
  forgetDrills: boolean;
}

/** Looks, and changes nothing. */
export async function lookHere(
  pair: string,
  {forgetDrills}: Wish,
  where: Folders = folders(),
): Promise<Here> {
  const {folder, state, drills} = pairFiles(pair, where);
  const {found} = await fromAll(formsOf({pair, version: ownVersion()}), 'find');
  const keeps = !forgetDrills && existsSync(drills);
  const inState = stateEntries(state, keeps);
  return {
    goes: [
      ...found,
      ...(existsSync(folder) ? [folder] : []),
      ...(keeps ? inState : existsSync(state) ? [state] : []),
    ],
    stays: keeps ? [`this machine: reports of drills in ${drills}; --forget-drills removes them`] : [],
  };
}

const stateEntries = (state: string, keeps: boolean): string[] =>
  existsSync(state)
    ? readdirSync(state)
        .filter((name) => !keeps || name !== 'drills')
        .map((name) => join(state, name))
    : [];

/**
 * Removes it, the schedule first: it would begin drills of a pair that is none any more.
 * @throws Abort naming what could not be removed
 */
export async function removeHere(pair: string, wish: Wish, where: Folders = folders()): Promise<string[]> {
  const {errors} = await fromAll(formsOf({pair, version: ownVersion()}), 'remove');
  const {goes} = await lookHere(pair, wish, where);
  for (const path of goes.filter((one) => one.startsWith('/'))) {
    try {
      rmSync(path, {recursive: true, force: true});
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return goes;
  throw new Abort(
    `Both hosts are done, but not everything on this machine could be removed: ${messageOf(errors[0])}`,
    {
      next: ['Run the same command again, or remove it by hand.'],
    },
  );
}

/** Whether a pair was here before: it is forgotten, and its reports of drills are kept. */
export const wasHere = (pair: string, where: Folders = folders()): boolean =>
  existsSync(pairFiles(pair, where).state) && !existsSync(pairFiles(pair, where).pair);
