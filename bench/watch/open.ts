import {runInPty} from '../../test/harness/pty.js';
import {launcher, type Operator} from '../../test/lab/operator.js';

export type Opened = ReturnType<typeof runInPty>;

/** The live view as its operator opens it: the built program in a terminal of 80x24. */
export function open(operator: Operator, {columns = 80, rows = 24} = {}): Opened {
  return runInPty(launcher, ['watch', '--answers', operator.answersFile], {
    columns,
    rows,
    env: operator.env,
  });
}

/** ms that anything may take to appear. */
export const limitMs = 60_000;

export async function leave(view: Opened): Promise<void> {
  view.type('q');
  await view.exited;
}
