// Every row, by the suite that plays it.

import type {Row} from '../row.js';
import {groundRows} from './ground.js';
import {longRows} from './long.js';
import {killedAtStep, monitorRows} from './monitor.js';
import {networkRows} from './network.js';
import {serviceRows} from './service.js';
import {takeoverRows} from './takeover.js';
import {warmRows} from './warm.js';

export const labRows: readonly Row[] = [
  ...serviceRows,
  ...networkRows,
  ...monitorRows,
  ...groundRows,
  ...takeoverRows,
];

/** For docs/faults.md: row 41 is one row there; the warm rows have a pair of their own. */
export const suites = {
  lab: [
    ...labRows,
    {
      ...killedAtStep(1).row,
      variant: '',
      title: 'monitor killed before each durable step of a takeover in turn',
    },
  ],
  long: [...longRows, ...warmRows],
} satisfies Record<string, readonly Row[]>;
