// The monthly failover test with the settings of a real pair, and the timer on the primary for every moment at which
// nobody may be there any more. About 20 minutes.

import {asSetup} from './drill/bench.js';
import {interrupted, killed, undoesItself} from './drill/cut-off.js';
import {neverReadyStandby, primaryStaysDown} from './drill/failing.js';
import {drillOf} from './drill/faults.js';
import {describeDrills} from './drill/suite.js';
import {chosen} from './faults/lanes.js';

/** s; the least that the checklist allows with these settings. */
const revertAfterS = 165;

describeDrills(
  chosen([
    [
      drillOf('stop', asSetup),
      drillOf('kill', asSetup),
      drillOf('hang', asSetup),
      drillOf('partition', asSetup),
      drillOf('reboot', asSetup),
    ],
    [
      undoesItself('arming', revertAfterS),
      undoesItself('fault', revertAfterS),
      undoesItself('verdict', revertAfterS),
      undoesItself('connected', revertAfterS),
      undoesItself('undone', revertAfterS),
    ],
    [
      neverReadyStandby(),
      primaryStaysDown,
      interrupted,
      killed('fault', '--finish'),
      killed('connected', '--revert'),
      killed('undone', '--revert'),
      killed('demoting', '--finish'),
    ],
  ]),
  asSetup,
);
