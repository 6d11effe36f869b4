import type {Row} from '../row.js';
import {drillRows} from './drills.js';
import {findingRow} from './findings.js';
import {machineRows} from './machine.js';
import {monitorRows} from './monitor.js';
import {softwareRows} from './software.js';
import {splitRows} from './split.js';
import {workspaceRows} from './workspace.js';

/** Everything that is checked, in the order in which it is told. A new check is a row in one of these. */
export const rows: readonly Row[] = [
  ...splitRows,
  ...monitorRows,
  ...softwareRows,
  ...workspaceRows,
  ...machineRows,
  ...drillRows,
  findingRow,
];
