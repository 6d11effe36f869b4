// Rows and measurements that take minutes, all at the same time on pairs of their own: about 70 minutes.

import {acted, chosen, type Act} from './faults/lanes.js';
import {keepsBudget} from './faults/measures.js';
import {min, type Row} from './faults/row.js';
import {longRows} from './faults/rows/long.js';
import {describeLanes} from './faults/suite.js';

const named = (...names: string[]): Act[] => names.map((name) => acted(rowOf(name)));
const nameOf = ({id, variant = ''}: Row) => `${id}${variant}`;

const waiting = new Map(longRows.map((row) => [nameOf(row), row]));
function rowOf(name: string): Row {
  const row = waiting.get(name);
  if (!row) throw new Error(`there is no row ${name} left to play`);
  waiting.delete(name);
  return row;
}

const lanes = chosen([
  [keepsBudget(min(60))],
  named('7'),
  named('30h'),
  named('37.10', '13', '64'),
  named('37.30', '14', '69'),
  named('37.120'),
  named('18', '19'),
  named('15'),
]);
if (waiting.size > 0) throw new Error(`rows without a lane: ${[...waiting.keys()].join(', ')}`);

describeLanes(lanes);
