import type {Finding} from '../../phases/phase.js';
import {ok, type CheckResult, type Level} from '../answer.js';
import {ofPair, type Row} from '../row.js';
import {hostNames} from '../seen.js';

const levels: Readonly<Record<Finding['level'], Level>> = {
  info: 'tip',
  warning: 'warning',
  blocks: 'problem',
};

const known = ofPair('setup', hostNames, 'what setup would find wrong with the hosts', ({comparison}) =>
  comparison?.findings.length === 0 ? ok('Setup finds nothing wrong with either host.') : undefined,
);

/** What setup would say before it changed anything; its findings have names of their own. */
export const findingRow: Row = {
  id: 'setup',
  look: (seen) => [
    ...known.look(seen),
    ...(seen.comparison?.findings ?? []).map(({id, host, level, sentence, fix}): CheckResult => ({
      id: `setup:${id}`,
      host,
      level: levels[level],
      says: sentence,
      ...(fix !== undefined && {do: fix}),
    })),
  ],
};
