import type {Page} from '../page.js';
import {drillPages} from './drill.js';
import {handPages} from './hand.js';
import {machinePages} from './machine.js';
import {setupPages} from './setup.js';
import {upgradePages} from './upgrade.js';
import {watchPages} from './watch.js';

/**
 * By the words behind the program's name. A new command needs a row here: put it into the file of the commands that it
 * belongs to, or into one of its own.
 */
export const pages: Readonly<Record<string, Page>> = {
  ...setupPages,
  ...watchPages,
  ...handPages,
  ...drillPages,
  ...upgradePages,
  ...machinePages,
};
