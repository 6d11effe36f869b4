import type {Problem} from '../../pair/check.js';
import {getAt} from '../../pair/path.js';
import type {Prompter} from '../prompter.js';
import type {Mode} from '../terminal.js';
import {targets} from './hosts.js';
import {settle, type Asking} from './question.js';
import {review} from './review.js';
import {forgetLostSecrets} from './secrets.js';
import {afterFacts} from './table.js';

type Manner = Pick<Mode, 'ask' | 'yes'>;

/** Before any connection: how to reach the two servers. Gives what stayed open. */
export async function askTargets(asking: Asking, mode: Manner, prompter: Prompter): Promise<Problem[]> {
  const open: Problem[] = [];
  for (const question of targets) {
    const problem = await settle(question, asking, mode, prompter);
    if (problem) open.push(problem);
  }
  const [primary, standby] = targets.map(({path}) => getAt(asking.draft, path));
  if (primary !== undefined && primary === standby)
    open.push({
      path: ['standby', 'ssh'],
      what: 'is the primary; the standby is another server',
      missing: false,
    });
  return open;
}

/**
 * With both hosts' facts in hand: everything else, then the review. Answers are added to `asking.draft`, typed
 * secrets to `asking.secrets`. Gives the required keys that stayed open, which only happens where nobody can be
 * asked.
 */
export async function askTheRest(asking: Asking, mode: Manner, prompter: Prompter): Promise<Problem[]> {
  const lost = forgetLostSecrets(asking);
  const open = await settleAll(asking, mode, prompter);
  if (open.length > 0 || !mode.ask || asking.asked.length === 0 || mode.yes) {
    return open.map((problem) => lost.find(({path}) => same(path, problem.path)) ?? problem);
  }
  await review(asking, prompter, async () => {
    await settleAll(asking, mode, prompter);
  });
  return [];
}

async function settleAll(asking: Asking, mode: Manner, prompter: Prompter): Promise<Problem[]> {
  const open: Problem[] = [];
  for (const group of afterFacts) {
    for (const question of group(asking)) {
      const problem = await settle(question, asking, mode, prompter);
      if (problem) open.push(problem);
    }
  }
  return open;
}

const same = (a: readonly unknown[], b: readonly unknown[]) => a.join('\0') === b.join('\0');
