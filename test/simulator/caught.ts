import {afterAll, expect, test} from 'vitest';
import {faultOf} from './faults/index.js';
import {mutants} from './mutants.js';
import {patience} from './proof.js';
import {run} from './run.js';
import {draw} from './sequence.js';

/** A mistake that is not found by then is not found. */
const mostSequences = 1000;

/** Every second mistake, so that two files share the work. */
export function proveCaught(share: 0 | 1): void {
  const lines: string[] = [];
  const mine = mutants.filter((_mutant, index) => index % 2 === share);

  test.each(mine)(
    '$mistake',
    async ({mistake, breaks, core, rows}) => {
      const pool = rows?.map(faultOf);
      const others: string[] = [];
      for (let seed = 1; seed <= mostSequences; seed++) {
        const {violation} = await run(draw(seed, pool), core);
        if (!violation) continue;
        if (!breaks.includes(violation.rule)) {
          others.push(`${violation.rule} at ${seed}`);
          continue;
        }
        lines.push(`${violation.rule.padEnd(11)} after ${String(seed).padStart(4)}  ${mistake}`);
        return;
      }
      expect.fail(
        `no ${breaks.join(' or ')} in ${mostSequences} sequences (${others.join(', ') || 'nothing'})`,
      );
    },
    patience,
  );

  afterAll(() => console.log(['Injected mistakes, by the rule that found each:', ...lines].join('\n')));
}
