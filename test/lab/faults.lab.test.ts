// The rows of the fault matrix that need a real kernel, systemd or gateway; see docs/faults.md.

import {chosen} from './faults/lanes.js';
import {keepsBudget, killedAtEveryStep} from './faults/measures.js';
import {min, type Row} from './faults/row.js';
import {labRows} from './faults/rows/all.js';
import {describeLanes} from './faults/suite.js';
import {actOf, operatorCutOff} from './faults/views.js';

const isReal = ({primary, standby}: Row) => primary === 'real' || standby === 'real';
const stubbed = labRows.filter((row) => !isReal(row));
/** Two gateways that start at the same time are slow on two cores, so all real ones are in one lane, and first there. */
const lanes = chosen([
  [...labRows.filter(isReal).map(actOf), keepsBudget(min(3)), killedAtEveryStep],
  [...stubbed.filter((_, index) => index % 2 === 0).map(actOf), operatorCutOff],
  stubbed.filter((_, index) => index % 2 === 1).map(actOf),
]);

describeLanes(lanes);
