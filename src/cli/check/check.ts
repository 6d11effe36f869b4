import type {ExitCode} from '../../errors.js';
import {folders} from '../../pair/paths.js';
import {chosenPairs} from '../gather.js';
import type {CommonOptions} from '../options.js';
import {modeOf} from '../terminal.js';

/**
 * `failover-wizard check`: both hosts of each pair beside what the pair wants, what setup wrote, and what is wise. Reads
 * only.
 * @throws Abort (exit 2) when there is no pair
 */
export async function check(options: CommonOptions): Promise<ExitCode> {
  const found = await chosenPairs(options, folders());
  const {checkPairs} = await import('./check-pairs.js');
  return checkPairs(found, modeOf(options));
}
