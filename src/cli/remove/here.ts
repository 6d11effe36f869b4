import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {Abort, messageOf} from '../../errors.js';
import {folders, pairFiles, type Folders} from '../../pair/paths.js';
import {fromAll} from '../drill/schedule.js';
import {formsOf} from '../drill/schedule/choice.js';
import {ownVersion} from '../version.js';

/** What this machine has of a pair. */
export interface Here {
  /** What starts or recalls drills, as its form names it. */
  schedule: string[];
  /** Files and folders that go. */
  paths: string[];
  /** What stays, with where it is; sentences. */
  stays: string[];
}

export const namesOf = ({schedule, paths}: Here): string[] => [...schedule, ...paths];

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
  const beside = keeps
    ? readdirSync(state)
        .map((name) => join(state, name))
        .filter((path) => path !== drills)
    : [state];
  return {
    schedule: found,
    paths: [folder, ...beside].filter((path) => existsSync(path)),
    stays: keeps ? [`this machine: reports of drills in ${drills}; --forget-drills removes them`] : [],
  };
}

/**
 * Removes it, the schedule first: it would begin drills of a pair that is none any more.
 * @returns what there was
 * @throws Abort naming what could not be removed
 */
export async function removeHere(pair: string, wish: Wish, where: Folders = folders()): Promise<Here> {
  const here = await lookHere(pair, wish, where);
  const {errors} = await fromAll(formsOf({pair, version: ownVersion()}), 'remove');
  for (const path of here.paths) {
    try {
      rmSync(path, {recursive: true, force: true});
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return here;
  throw new Abort(`Not everything on this machine could be removed: ${messageOf(errors[0])}`, {
    next: ['The hosts are done. Run the same command again, or remove it by hand.'],
  });
}

/** Whether a pair was here before: it is forgotten, and its reports of drills are kept. */
export const wasHere = (pair: string, where: Folders = folders()): boolean =>
  existsSync(pairFiles(pair, where).state) && !existsSync(pairFiles(pair, where).pair);
